"""What a person does with a command goes into the audit log: acts, reads and refusals (R-021, R-180)."""

from __future__ import annotations

import getpass
import os
import socket
from functools import cache
from typing import TYPE_CHECKING, Any

from apps.cli import context
from posko.db.audit import AuditWriter
from posko.domain.audit import Actor, Event, Outcome, Place

if TYPE_CHECKING:
    import sqlalchemy as sa


@cache
def _writer() -> AuditWriter:
    return AuditWriter.of(context.settings())


def log_act(
    db: sa.Connection, action: str, entity: str, entity_key: str, payload: dict[str, Any], *, outcome: Outcome = "ok"
) -> None:
    """Write one act of the person at this terminal in the transaction of the act; a command does one, so the writer closes."""
    actor = Actor("person", f"os:{_who()}"[:64], role="operator")
    _writer().write(db, Event(action, actor, entity, entity_key, outcome, payload, place_here()))
    _writer().close(db, actor)


def operator() -> str:
    """Return who sits at this terminal, as the operating system names her."""
    return f"os:{_who()}"[:40]


def place_here() -> Place:
    """Return this machine as a place."""
    return Place(device=socket.gethostname()[:80])


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())
