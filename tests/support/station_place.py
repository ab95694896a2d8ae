"""A TUK's station as processes of their own: its server, its agent, its folder, and how to wait for them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from biometrics.station.keys import StationKeys
from biometrics.station.link import Link
from biometrics.station.tls import client_context
from posko.services import captures
from posko.settings import PROJECT_ROOT
from tests.support.line import CutLine
from tests.support.station import FINGER

TKI = [str(number) for number in range(100, 112)]
SERIAL = ("--reader", "synthetic", "--serial", "READER-1")


@dataclass
class Place:
    """A server, a line, and the computer of one TUK."""

    world: object
    environment: dict[str, str]
    line: CutLine
    folder: object
    keys: StationKeys
    session_id: int
    open: ExitStack
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments, **more):
        """Start one of our programs."""
        process = subprocess.Popen(
            [sys.executable, "-m", "apps.cli.main", "station", *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **more,
        )
        self.open.callback(finish, process)
        self.started.append(process)
        return process

    def reader(self):
        """Return the options of the reader on which the finger that `lay` put lies."""
        return (*SERIAL, "--whose-file", str(self.folder / "finger"))

    def lay(self, whose):
        (self.folder / "finger").write_text(f"{whose} {FINGER}")

    def link(self):
        """Return a line of this process under the station's key."""
        context = client_context(self.world.settings)
        return Link(self.environment["POSKO_STATION_URL"], context, self.keys.signer)

    def rows(self):
        return self.world.ask(
            "select id_as_typed, outcome, late_seconds is not null from posko.attendance order by attendance_id"
        )


def finish(process):
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait(until, seconds=40.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = until()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def started_with(settings, folder):
    """Return what our programs are started with: this test's installation, and the station of a folder."""
    return os.environ | {
        "POSKO_VAR_DIR": str(settings.var_dir),
        "POSKO_PRIVATE_SERVER": settings.private_server,
        "POSKO_PRIVATE_BUFFER_POOL_MB": str(settings.private_buffer_pool_mb),
        "POSKO_PRIVATE_REDO_LOG_MB": str(settings.private_redo_log_mb),
        "POSKO_STATION_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def is_done(world, request_id):
    with world.office.engine.connect() as db:
        return captures.read(db, request_id)["state"] == "DONE"
