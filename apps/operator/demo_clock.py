"""The clock of the demo's screens: it goes on where the last played exam day ended, or at a time that was asked for.

The demo plays exam days in the days to come, so its rows are younger than the server's time; a screen that took that time would act
before what has happened. Every event then says which time was played.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from posko.services.office import server_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import sqlalchemy as sa

NOTE = "demo-played.json"


def played_until(var: Path) -> dt.datetime | None:
    """Return up to which time the demo has played (UTC, no zone); None: it has played no day."""
    note = var / NOTE
    if not note.exists():
        return None
    return dt.datetime.fromisoformat(json.loads(note.read_text("utf-8"))["played_until"])


def keep(var: Path, until: dt.datetime) -> None:
    """Write down up to which time was played, so that the demo goes on from there."""
    last = played_until(var)
    if last is None or until > last:
        (var / NOTE).write_text(json.dumps({"played_until": until.replace(microsecond=0).isoformat()}), "utf-8")


def clock_from(start: dt.datetime | None, now: dt.datetime) -> Callable[[sa.Connection], dt.datetime]:
    """Return a clock that stands at `start` now and then goes as the server's does; the server's own where start is past."""
    if start is None or start <= now:
        return server_time
    ahead = start - now

    def clock(db: sa.Connection) -> dt.datetime:
        return server_time(db) + ahead

    return clock
