"""A throw-away installation to measure on: two private servers of its own, gone when the bench ends.

Nothing of the user's own `var/`, servers or `.env` is touched. What a bench times are fresh processes of the
real `posko` command.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ingest.simulator import DEFAULT_FAULT_SHARE
from posko.db.accounts import SCHEMAS
from posko.db.engine import Server, posko_server, source_server
from posko.db.migrate import migrate
from posko.db.server import private_server
from posko.domain.errors import BadInput, DataRefused
from posko.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("posko", "bnp2tki")
POOL_MB, SMALLEST_POOL_MB = 2048, 128
YEAR_POOL_MB = 4096
"""What a year of 300,000 TKI takes with its log; deploy/compose.yaml gives a server as much."""
MEMORY_SHARE = 5
"""One server's buffer pool takes at most this part of the memory that is free; two servers and a client need room."""
SETTLE_SECONDS = 90
SETTLED = 100
FLUSH_EAGERLY = {"innodb_io_capacity_max": 20_000, "innodb_io_capacity": 20_000, "innodb_max_dirty_pages_pct": 0}
"""Server variables that make a server write its changed pages now; in the order in which they may be set."""
_LEFT_TO_DO = """
    show global status where variable_name in ('Innodb_buffer_pool_pages_dirty', 'Innodb_history_list_length')"""
"""Pages to write and transactions to purge; MySQL tells only of the pages."""
SEED = 1


@dataclass(frozen=True)
class Finished:
    """One process of `posko` that ended well: seconds of the whole process, its own CPU and memory, its JSON document."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    document: dict[str, Any]


@dataclass
class Installation:
    """Two private servers below a folder of their own, and the settings that lead there."""

    settings: Settings

    @cached_property
    def target(self) -> Server:
        """POSKO's own server, started."""
        return posko_server(self.settings)

    @cached_property
    def source(self) -> Server:
        """The source server, started."""
        return source_server(self.settings)

    def posko(self, *arguments: str) -> Finished:
        """Run `posko ARGUMENTS` as a fresh process and wait for it.

        Raises:
            DataRefused: it ended with another code than 0; the sentence is its own.
        """
        usage = self.settings.var / "bench-usage.json"
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "apps.bench.child", str(usage), *arguments],
            env=self._environment(), cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds = time.monotonic() - began
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise DataRefused(f"posko {' '.join(arguments)}: {said[-1] if said else 'berhenti tanpa pesan'}")
        used = json.loads(usage.read_text("utf-8"))
        document = json.loads(done.stdout) if "--json" in arguments else {}
        return Finished(seconds, float(used["cpu_seconds"]), float(used["peak_mb"]), document)

    def start(self, *arguments: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start `posko ARGUMENTS` as a process that goes on; what it says goes to `output`, and the caller ends it."""
        usage = self.settings.var / f"bench-usage-{uuid.uuid4().hex}.json"
        return subprocess.Popen(
            [sys.executable, "-m", "apps.bench.child", str(usage), *arguments],
            env=self._environment(), cwd=PROJECT_ROOT, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("POSKO_")}
        own = {f"POSKO_{name.upper()}": str(value) for name, value in self.settings if value is not None}
        return {**kept, **own}

    def simulate(self, tki: int, *, fault_share: float = DEFAULT_FAULT_SHARE) -> float:
        """Make the source anew; return the seconds of the simulator."""
        made = self.posko(
            "simulate", "--tki", str(tki), "--seed", str(SEED), "--fault-share", str(fault_share), "--json"
        )
        return float(made.document["seconds"])

    def reset_target(self) -> None:
        """Empty POSKO's own server, as it is before its first receive."""
        with closing(self.target.connect(self.target.admin)) as connection, connection.cursor() as cursor:
            for schema in SCHEMAS:
                cursor.execute(f"drop database if exists {schema}")
        migrate(self.target)

    def settle(self) -> None:
        """Wait until both servers have written what earlier work left, so that no measurement pays for another."""
        for server in (self.source, self.target):
            with (
                closing(server.connect(server.admin, "information_schema")) as connection,
                connection.cursor() as cursor,
            ):
                usual = _read_globals(cursor)
                _set_globals(cursor, FLUSH_EAGERLY)
                try:
                    _wait_for_rest(cursor)
                finally:
                    _set_globals(cursor, dict(reversed(usual.items())))

    def remove(self) -> None:
        """Stop both servers and delete everything."""
        for name in NAMES:
            private_server(self.settings, name).destroy()
        shutil.rmtree(self.settings.var, ignore_errors=True)


def _read_globals(cursor: Any) -> dict[str, Any]:
    cursor.execute(f"select {', '.join(f'@@global.{name}' for name in FLUSH_EAGERLY)}")
    return dict(zip(FLUSH_EAGERLY, cursor.fetchone(), strict=True))


def _set_globals(cursor: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        cursor.execute(f"set global {name} = %s", (value,))


def _wait_for_rest(cursor: Any) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        cursor.execute(_LEFT_TO_DO)
        if all(int(left) <= SETTLED for _, left in cursor.fetchall()):
            return
        time.sleep(0.2)


@contextmanager
def throw_away(settings: Settings, *, pool_most: int = POOL_MB) -> Iterator[Installation]:
    """Make an installation with the user's own tuning and servers of its own; remove it at the end, come what may.

    Args:
        settings: the user's own.
        pool_most: MiB of each server's buffer pool, where the memory has room for it.

    Raises:
        BadInput: the environment is production.
    """
    _refuse_production(settings)
    folder = Path(tempfile.mkdtemp(prefix="posko-bench-", dir="/var/tmp"))
    with _leaving_well():
        installation = Installation(_settings_in(settings, folder, pool_most))
        try:
            yield installation
        finally:
            installation.remove()


@contextmanager
def kept(settings: Settings, folder: Path) -> Iterator[Installation]:
    """Open the installation in a folder, made there the first time, and stop its servers at the end; its data stay.

    Raises:
        BadInput: the environment is production.
    """
    _refuse_production(settings)
    folder.mkdir(parents=True, exist_ok=True)
    with _leaving_well():
        installation = Installation(_settings_in(settings, folder))
        try:
            yield installation
        finally:
            for name in NAMES:
                private_server(installation.settings, name).stop()


def _refuse_production(settings: Settings) -> None:
    if settings.environment == "production":
        raise BadInput("Pengukuran memakai seluruh mesin, jadi tidak boleh dijalankan di lingkungan production.")


def _settings_in(settings: Settings, folder: Path, pool_most: int = POOL_MB) -> Settings:
    """Return the settings of an installation below a folder, with the user's own tuning."""
    folder.chmod(0o755)
    pool = pool_mb(pool_most)
    return settings.model_copy(
        update={
            "var_dir": folder,
            "secrets_dir": None,
            "database_url": None,
            "source_url": None,
            "database_password_file": None,
            "source_password_file": None,
            "return_url": None,
            "return_password_file": None,
            "mysql_root_dir": settings.path(settings.mysql_root_dir),
            "private_buffer_pool_mb": pool,
            "private_redo_log_mb": min(pool, POOL_MB) // 4,
        }
    )


@contextmanager
def _leaving_well() -> Iterator[None]:
    """Let a bench that is told to end go through every `finally`."""
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, _frame: object) -> None:
    """Leave through every `finally`: a bench that is told to end leaves no server behind."""
    sys.exit(128 + number)


def pool_mb(most: int = POOL_MB) -> int:
    """Return the buffer pool for each of two servers: 2 GB or what was asked for, or what fits into the free memory."""
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return max(SMALLEST_POOL_MB, min(most, int(line.split()[1]) // 1024 // MEMORY_SHARE))
    return SMALLEST_POOL_MB
