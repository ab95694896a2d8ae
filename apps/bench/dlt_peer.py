"""The peer of `posko bench receive --dlt`: dlt's own copy of the same table, in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.errors import ConfigurationError
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from apps.bench.installation import Installation
    from posko.db.engine import Server

REQUIREMENTS = PROJECT_ROOT / "requirements" / "bench.txt"
ENVIRONMENT = PROJECT_ROOT / ".venv-bench"
USUAL, FASTEST = "sqlalchemy", "pyarrow"
"""Backends of dlt's `sql_database`: what it takes when nothing is said, and the fastest for this table."""


def measure(installation: Installation, backend: str = USUAL) -> dict[str, Any]:
    """Let dlt replace a table of POSKO's server with `tki_tlrt`; return its seconds, CPU, memory, rows and version.

    Changes the source: rows that dlt cannot read are cured first, and counted as `cured_rows`.

    Args:
        installation: whose servers are used.
        backend: how dlt reads the table.

    Raises:
        ConfigurationError: its environment cannot be made, or dlt stopped.
    """
    python = ensure_environment()
    cured = _cure_zero_dates(installation.source)
    installation.settle()
    with tempfile.TemporaryDirectory(prefix="posko-dlt-", dir=installation.settings.var) as folder:
        work = {
            "source": _url(installation.source),
            "target": _url(installation.target),
            "table": "tki_tlrt",
            "folder": folder,
            "backend": backend,
        }
        done = subprocess.run(
            [str(python), str(Path(__file__).with_name("dlt_copy.py"))],
            input=json.dumps(work), capture_output=True, text=True, check=False, cwd=folder, env=_environment(folder),
        )  # fmt: skip
    if done.returncode != 0:
        raise ConfigurationError(f"dlt berhenti: {' '.join(done.stderr.split())[-400:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**result, "cured_rows": cured}


def _cure_zero_dates(source: Server) -> int:
    """Give the rows with the zero date another; dlt stops at the first of them."""
    with closing(source.connect(source.admin, autocommit=True)) as connection, connection.cursor() as cursor:
        cursor.execute("set session sql_mode = 'NO_ENGINE_SUBSTITUTION'")
        cursor.execute("update tki_tlrt set updated_at = '2012-06-20' where updated_at = 0")
        return int(cursor.rowcount)


def ensure_environment() -> Path:
    """Return the Python of `.venv-bench`; made anew when `requirements/bench.txt` has changed."""
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / ".posko-bench.txt"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    (ENVIRONMENT / ".gitignore").write_text("*\n", "utf-8")
    _run([str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(REQUIREMENTS)])
    stamp.write_text(wanted, "utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ConfigurationError(f"Lingkungan .venv-bench tidak dapat dibuat: {done.stderr.strip()[-400:]}")


def _environment(folder: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSKO_")}
    return {
        **kept,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        "DLT_DATA_DIR": folder,
        "DLT_PROJECT_DIR": folder,
        "RUNTIME__LOG_LEVEL": "CRITICAL",
    }


def _url(server: Server) -> str:
    """Return the address as SQLAlchemy reads it, password included: it goes through a pipe, never onto a command line."""
    query = {"charset": "utf8mb4"} | ({"unix_socket": server.unix_socket} if server.unix_socket else {})
    url = sa.URL.create(
        "mysql+pymysql", server.admin, server.password, server.host or "localhost", server.port, server.database, query
    )
    return url.render_as_string(hide_password=False)
