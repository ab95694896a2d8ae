"""The screens of a world served by `posko app` itself, in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from apps.operator import demo_clock
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.world import World

SECONDS = 60


@contextmanager
def site_of(world: World, log: Path, at: str | None = None) -> Iterator[str]:
    """Serve the world as an installation is served, until the block ends; yield the address. The process writes to `log`.

    `at` is the time of western Indonesia that its clock plays, as `posko app --at`; None: the server's own.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    told = {
        "POSKO_VAR_DIR": str(world.settings.var),
        "POSKO_PRIVATE_SERVER": world.settings.private_server,
        "POSKO_PRIVATE_BUFFER_POOL_MB": str(world.settings.private_buffer_pool_mb),
        "POSKO_PRIVATE_REDO_LOG_MB": str(world.settings.private_redo_log_mb),
    }
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "apps.cli.main", "app", "--port", str(port), *(["--at", at] if at else [])],
            cwd=PROJECT_ROOT,
            env={**os.environ, **told},
            stdout=written,
            stderr=written,
        )
    try:
        _wait(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
        # What was played here is nobody else's time.
        (world.settings.var / demo_clock.NOTE).unlink(missing_ok=True)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{address}/sehat", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the screens do not answer")
