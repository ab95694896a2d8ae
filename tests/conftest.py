"""Fixtures: two real private servers for the whole session, built by the real migrations, emptied before each use."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from posko.db.engine import SOURCE_DATABASE, Server, posko_server, source_server
from posko.db.migrate import migrate
from posko.db.server import private_server
from posko.settings import Settings
from tests.support.place import roomy_folder
from tests.support.schedule import LONGEST, WholeStories


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeStories:
    """Let each worker have whole files: xdist's own groups are lost on pytest 9.2, where a test's name cannot be changed."""
    return WholeStories(config, log)


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Put back `__main__`: Streamlit's AppTest leaves its page there, and a worker process spawned later would run that page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings of a throw-away installation: nothing of the developer's own var/ is touched."""
    folder = Path(tempfile.mkdtemp(prefix="posko-test-", dir=roomy_folder()))
    folder.chmod(0o755)
    made = Settings(
        _env_file=None,
        var_dir=folder / "var",
        private_server=os.environ.get("POSKO_TEST_SERVER", "mariadb"),
        private_buffer_pool_mb=128,
        private_redo_log_mb=64,
        receive_chunk_rows=1000,
        lease_seconds=5,
    )
    yield made
    for name in ("posko", "bnp2tki"):
        private_server(made, name).destroy()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def posko(settings: Settings) -> Server:
    """POSKO's own server, migrated."""
    server = posko_server(settings)
    migrate(server)
    return server


@dataclass(frozen=True)
class SourceServer:
    """The simulated source server; `connect()` opens its database."""

    server: Server

    def connect(self, **options: Any) -> Any:
        options.setdefault("local_infile", True)
        return self.server.connect(self.server.admin, **options)


@pytest.fixture(scope="session")
def _source(settings: Settings) -> SourceServer:
    return SourceServer(source_server(settings))


def empty_source(source: SourceServer) -> None:
    """Drop and create the source database."""
    with source.server.connect(source.server.admin, "mysql") as raw, raw.cursor() as cursor:
        cursor.execute(f"drop database if exists {SOURCE_DATABASE}")
        cursor.execute(f"create database {SOURCE_DATABASE} character set utf8mb4 collate utf8mb4_bin")


def empty_posko(posko: Server) -> None:
    """Empty every table of POSKO but the schema version, and forget what dbt built."""
    with posko.connect(posko.admin, "posko") as raw, raw.cursor() as cursor:
        cursor.execute("set foreign_key_checks = 0")
        cursor.execute(
            "select concat(table_schema, '.', table_name), coalesce(auto_increment, 1) from information_schema.tables"
            " where table_type = 'BASE TABLE' and table_name <> 'schema_version'"
            " and table_schema in ('posko', 'posko_staging', 'posko_audit', 'posko_biometric')"
        )
        tables = cursor.fetchall()
        # Truncation costs milliseconds a table even when there is nothing in it; a look costs none.
        cursor.execute(" union all ".join(f"(select '{table}' from {table} limit 1)" for table, _ in tables))
        filled = {table for (table,) in cursor.fetchall()}
        # What was written and taken back leaves no row, yet has used up its number: the next test counts from one again.
        for table in filled | {table for table, next_number in tables if next_number > 1}:
            cursor.execute(f"truncate table {table}")
        cursor.execute("drop database if exists posko_model")
        cursor.execute("create database posko_model character set utf8mb4 collate utf8mb4_bin")


@pytest.fixture
def source(_source: SourceServer) -> SourceServer:
    """The source server with an empty source database."""
    empty_source(_source)
    return _source


@pytest.fixture(name="source_server")
def _source_server(source: SourceServer) -> SourceServer:
    """Same as `source`, under the name of the server."""
    return source


@pytest.fixture
def clean_posko(posko: Server) -> Server:
    """POSKO's server with every table empty."""
    empty_posko(posko)
    return posko


@pytest.fixture
def app_db(clean_posko: Server) -> Iterator[sa.Connection]:
    """Connection of the operational account on empty tables."""
    engine = clean_posko.engine("posko_app", "posko")
    with engine.connect() as db:
        yield db
    engine.dispose()
