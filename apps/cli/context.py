"""What every command needs: the settings, and connections of the right account, opened on first use."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from posko.db.engine import Server, posko_server, source_server
from posko.db.migrate import migrate, state_of
from posko.db.snapshot import snapshot
from posko.domain.errors import ConfigurationError
from posko.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa
    from pymysql.connections import Connection as PyMySQL


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return load_settings()


@cache
def posko_as_it_is() -> Server:
    """Return POSKO's own server, started if it is a private one, whatever its schema."""
    return posko_server(settings())


@cache
def posko() -> Server:
    """Return POSKO's own server with the newest schema; an empty or a private one is brought to it without asking.

    Raises:
        ConfigurationError: a server that was given by address holds an older schema.
    """
    server = posko_as_it_is()
    state = state_of(server)
    if state == "behind" and settings().database_url is not None:
        raise ConfigurationError("Skema basis data belum terbaru. Cadangkan, jalankan posko migrate, lalu ulangi.")
    if state != "newest":
        migrate(server)
    return server


@cache
def source() -> Server:
    """Return the source server, started if it is a private one."""
    return source_server(settings())


def source_connection() -> PyMySQL[Any]:
    """Open the source database for reading or, in the demo, for the simulator."""
    return source().connect(source().admin, local_infile=True)


@cache
def app_engine() -> sa.Engine:
    """Return the engine of the operational account (posko_app)."""
    return posko().engine("posko_app", "posko")


def app_connection() -> sa.Connection:
    """Open a connection of the operational account; the caller commits and closes."""
    return app_engine().connect()


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """Open one moment of all four schemas for the account that only reads (posko_export)."""
    engine = posko().engine("posko_export", "posko")
    try:
        with snapshot(engine) as db:
            yield db
    finally:
        engine.dispose()
