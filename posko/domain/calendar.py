"""Which day it is at a TUK: the log counts in UTC, an exam day begins at midnight of western Indonesia (WIB)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

WIB = timedelta(hours=7)


def local_day(at: datetime) -> date:
    """Return the Indonesian day of a UTC time without zone; one day for all TUK, so that lists agree."""
    return (at + WIB).date()
