"""dbt as one process a run, in its own environment (docs/adr/0002), under its own database account."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pymysql

from posko.db.engine import is_mariadb
from posko.domain.errors import ConfigurationError, DataRefused, PoskoError
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from posko.db.engine import Server
    from posko.settings import Settings

ACCOUNT = "posko_dbt"
PROJECT = PROJECT_ROOT / "dbt_project"
NIGHTLY = ("--selector", "nightly")
"""Only what a delta can change; most nodes of a run by delta would have nothing to do."""
NIGHTLY_EVALUATION = ("--selector", "nightly_evaluation")
EVALUATION = ("--selector", "evaluation")
"""Only the tables of the evaluation, which follow the acts of people (docs/adr/0012)."""
START = "import gc; gc.set_threshold(200_000); from dbt.cli.main import cli; cli()"
"""What the command `dbt` does. dbt makes its objects once and keeps them: looking for garbage there costs a tenth."""
DEADLOCK = "Deadlock found"
"""What the server says of a deadlock: two nodes that build side by side met in its dictionary, and it took one back."""
NEEDS_EVERYTHING = "posko_needs_everything"
"""What the nodes of such a run say when dbt finds at its start that more than a delta is to be done."""


@dataclass(frozen=True)
class DbtOutcome:
    """What one dbt process did: seconds a node, and what failed."""

    seconds: float
    nodes: dict[str, float]
    failures: list[str]


def dbt_program() -> Path:
    """Return the dbt command of its own environment.

    Raises:
        ConfigurationError: the environment is not there.
    """
    program = PROJECT_ROOT / ".venv-dbt" / "bin" / "dbt"
    if not program.exists():
        raise ConfigurationError("Lingkungan dbt (.venv-dbt) belum dibuat. Jalankan ./run setup.")
    return program


def dbt_environment(settings: Settings, server: Server, *, alone: bool = False) -> dict[str, str]:
    """Return the environment of a dbt process: where the server is, its own account, no telemetry; `alone` means one thread."""
    with server.connect(ACCOUNT) as connection, connection.cursor() as cursor:
        cursor.execute("select version()")
        (version,) = cursor.fetchone()
    target = settings.var / "dbt"
    adapter = "mariadb" if is_mariadb(version) else "mysql"
    where = (
        {"POSKO_DBT_SOCKET": server.unix_socket}
        if server.unix_socket
        else {"POSKO_DBT_SERVER": str(server.host), "POSKO_DBT_PORT": str(server.port or 3306)}
    )
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("POSKO_")},
        **where,
        "POSKO_DBT_ADAPTER": adapter,
        "POSKO_DBT_USERNAME": ACCOUNT,
        "POSKO_DBT_PASSWORD": server.account_password(ACCOUNT),
        # MySQL writes every view that reads a replaced view anew in its dictionary: two threads at the views of the rules deadlock there.
        "POSKO_DBT_THREADS": "1" if alone or adapter == "mysql" else str(settings.dbt_threads),
        "POSKO_DBT_MACROS": _macros(),
        "DBT_TARGET_PATH": str(target / "target"),
        "DBT_LOG_PATH": str(settings.var / "log"),
        # dbt writes thousands of lines a run at its usual level, debug; what failed stands in the outcome.
        "DBT_LOG_LEVEL_FILE": "info",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_PARTIAL_PARSE": "true",
        "DBT_USE_COLORS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _macros() -> str:
    """Return SHA-256 of all macros, in hex: dbt sees that a model's own file changed, but not that a macro in it did."""
    files = sorted((PROJECT / "macros").glob("*.sql"))
    return sha256("|".join(file.read_text("utf-8") for file in files).encode()).hexdigest()


def run_dbt(settings: Settings, server: Server, *arguments: str, evaluation: bool = False) -> DbtOutcome:
    """Run one dbt command; a build takes only what a delta can change where that is enough.

    Args:
        settings: of the installation.
        server: POSKO's own.
        arguments: of dbt.
        evaluation: bring the tables of the evaluation up to date too; a build of everything does in any case.

    Raises:
        DataRefused: a model or a test failed; the sentence names it and its message.
        ConfigurationError: dbt could not start.
    """
    return _by_delta(settings, server, NIGHTLY_EVALUATION if evaluation else NIGHTLY, *arguments)


def refresh_evaluation(settings: Settings, server: Server) -> DbtOutcome:
    """Bring only the tables of the evaluation up to date; build everything where they were never made, or made otherwise.

    Raises:
        DataRefused, ConfigurationError: as `run_dbt`.
    """
    return _by_delta(settings, server, EVALUATION, "build")


def read_project(settings: Settings, server: Server) -> None:
    """Let dbt read its project ahead of a first run, which then finds it read; a run can do without, so nothing is raised."""
    with suppress(PoskoError, subprocess.SubprocessError, OSError):
        _start(dbt_environment(settings, server), server, "parse")


def _by_delta(settings: Settings, server: Server, selection: tuple[str, str], *arguments: str) -> DbtOutcome:
    outcome = None
    if arguments == ("build",) and _was_finished(server):
        outcome = _run(settings, server, *arguments, *selection)
        if any(NEEDS_EVERYTHING in failure for failure in outcome.failures):
            outcome = None
    outcome = outcome or _run(settings, server, *arguments)
    if any(DEADLOCK in failure for failure in outcome.failures):
        # Nothing of it stays, and a build may be repeated; one thread meets no other.
        outcome = _run(settings, server, *arguments, alone=True)
    if outcome.failures:
        raise DataRefused("Tahap transform gagal: " + "; ".join(outcome.failures[:5]))
    return outcome


def _was_finished(server: Server) -> bool:
    """Whether the run before finished: else a delta is never enough. dbt itself decides; this spares a vain start."""
    with server.connect(ACCOUNT) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("select 1 from posko_model.transform_state where finished_at is not null and is_running = 0")
        except pymysql.err.ProgrammingError:  # no such table before the first run
            return False
        return cursor.fetchone() is not None


def _run(settings: Settings, server: Server, *arguments: str, alone: bool = False) -> DbtOutcome:
    environment = dbt_environment(settings, server, alone=alone)
    results = Path(environment["DBT_TARGET_PATH"]) / "run_results.json"
    done = _start(environment, server, *arguments)
    if not results.exists() or done.returncode not in {0, 1}:
        raise ConfigurationError(f"dbt tidak dapat berjalan: {(done.stdout + done.stderr).strip()[-800:]}")
    outcome = _read(results)
    if done.returncode != 0 and not outcome.failures:
        raise DataRefused(f"dbt berhenti dengan kesalahan: {(done.stdout + done.stderr).strip()[-800:]}")
    return outcome


def _start(environment: dict[str, str], server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(dbt_program().with_name("python")),
            "-P",
            "-c",
            START,
            "--quiet",
            "--no-version-check",
            *arguments,
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target",
            "socket" if server.unix_socket else "tcp",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_ROOT,
    )


def _read(results: Path) -> DbtOutcome:
    loaded: dict[str, Any] = json.loads(results.read_text("utf-8"))
    nodes = {node["unique_id"]: float(node["execution_time"]) for node in loaded["results"]}
    failures = [
        f"{node['unique_id'].split('.')[2]}: {' '.join(str(node['message']).split())[:300]}"
        for node in loaded["results"]
        if node["status"] in {"error", "fail", "runtime error"}
    ]
    return DbtOutcome(float(loaded["elapsed_time"]), nodes, failures)
