"""Reading one moment of the database while others go on writing (F08, F35)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection that sees one moment and cannot write, so that acts committed meanwhile do not look like mistakes."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as db:
        db.exec_driver_sql("start transaction with consistent snapshot, read only")
        yield db
