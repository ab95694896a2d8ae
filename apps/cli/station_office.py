"""What the office's commands on stations share: the system's desk, for whoever sits at the server's terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from apps.cli import context
from apps.cli.acts import operator, place_here
from posko.domain.audit import Actor
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posko.services.office import Desk


@contextmanager
def desk_at_terminal() -> Iterator[Desk]:
    """Give the system's desk, and end this process's part of the log behind it."""
    office = Office.of(context.settings(), context.app_engine())
    try:
        yield office.desk(None, place=place_here())
    finally:
        with office.engine.begin() as db:
            office.audit.close(db, Actor("person", operator(), "operator"))
