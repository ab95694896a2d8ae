"""Bring a server to the newest schema: schemas, numbered migrations, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from posko.db.accounts import create_accounts, create_schemas

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.db.engine import Server

VERSION_TABLE = "schema_version"


def migrate(server: Server) -> list[str]:
    """Apply the migrations that the server lacks and return their numbers; a second call returns none.

    Raises:
        ConfigurationError: the administrator's account lacks a right.
        ConnectionFailed: the server does not answer.
    """
    engine = server.engine(server.admin)
    with engine.connect() as db:
        create_schemas(db)
        before = set(applied(db))
        config = _config()
        config.attributes["connection"] = db
        command.upgrade(config, "head")
        create_accounts(db, server)
        db.commit()
        after = applied(db)
    engine.dispose()
    return [revision for revision in after if revision not in before]


def applied(db: sa.Connection) -> list[str]:
    """Return the numbers of the migrations that this server has, oldest first."""
    context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE, "version_table_schema": "posko"})
    heads = context.get_current_heads()
    script = ScriptDirectory.from_config(_config())
    if not heads:
        return []
    return [revision.revision for revision in script.iterate_revisions(heads, "base")][::-1]


def state_of(server: Server) -> str:
    """Return `newest`, `behind`, or `empty` for a server that has never heard of POSKO."""
    engine = server.engine(server.admin)
    try:
        with engine.connect() as db:
            done = applied(db)
    finally:
        engine.dispose()
    if not done:
        return "empty"
    return "newest" if newest() in done else "behind"


def newest() -> str | None:
    """Return the number of the newest migration that this code has."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "posko.db:migrations")
    return config
