"""When everything of the year happened, to the second: arrivals, tests, decisions, meetings, the way back (§12.5-14.5).

People are late, rooms fill slowly, tests last as long as there are candidates; nothing is as regular as a machine. Times are UTC,
microseconds since 1970; days are counted in western Indonesia.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from apps.fraud.year_plan import PLANNED, PRESENT, UNITS, Course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
EPOCH = dt.date(1970, 1, 1).toordinal()
REGISTERED, ALLOCATED, SUBSTITUTED, DISTRIBUTED, ACKNOWLEDGED = 12, 9, 7, 5, 4
"""Days before the test."""
SUBSTITUTES, TROUBLED, EXCEPTIONS, LATE, REPRINTED = 0.02, 0.045, 0.003, 0.01, 0.005
EXCHANGED = 0.02
"""Share that is allocated elsewhere than proposed, with a reason."""


@dataclass(frozen=True)
class Timed:
    """Columns of sessions and of sittings by name; a time of -1 has not come yet."""

    sessions: dict[str, Any]
    sittings: dict[str, Any]


def timed(course: Course, *, seed: int, today: int, working: Sequence[int]) -> Timed:
    """Return when everything of the course happened before `today` (ordinal day), as it stands on the morning of that day."""
    rng = np.random.default_rng([seed, 2])
    session, outcome = np.array(course.session), np.array(course.outcome)
    day = np.array(course.day)
    present = np.bincount(session, outcome == PRESENT, len(day)).astype(np.int64)
    sittings = _arrivals(rng, session, outcome, len(day))
    midnight = (day - EPOCH) * DAY - 7 * HOUR
    sessions: dict[str, Any] = {"day": day, "present": present}
    sessions["opened"] = midnight + 7 * HOUR + _between(rng, len(day), 15 * MINUTE, 45 * MINUTE)
    sittings["arrived"] += sessions["opened"][session] + 20 * MINUTE
    last = np.full(len(day), -1)
    np.maximum.at(last, session, np.where(outcome == PRESENT, sittings["arrived"], -1))
    sessions["running"] = np.maximum(last, sessions["opened"]) + _between(rng, len(day), 2 * MINUTE, 8 * MINUTE)
    sessions["ended"] = sessions["running"] + present * _between(rng, len(day), 931 * SECOND, 1_300 * SECOND)
    sittings["left"] = sessions["ended"][session] - _between(rng, len(session), 20 * SECOND, 25 * MINUTE)
    sessions["released"] = sessions["ended"] + _between(rng, len(day), 2 * MINUTE, 10 * MINUTE)
    sessions["scored"] = sessions["released"] + _between(rng, len(day), 8 * MINUTE, 45 * MINUTE)
    sessions["received"] = sessions["scored"] + _between(rng, len(day), 10 * MINUTE, 60 * MINUTE)
    later = _next_of(working, day + 1)
    sessions["decided"] = (later - EPOCH) * DAY + HOUR + HOUR // 2 + _between(rng, len(day), 0, 7 * HOUR)
    _after_decision(rng, sessions, later)
    for name, before, hour in (
        ("allocated", ALLOCATED, 3), ("substituted", SUBSTITUTED, 4), ("distributed", DISTRIBUTED, 8), ("acknowledged", ACKNOWLEDGED, 2),
    ):  # fmt: skip
        sessions[name] = midnight + (7 + hour) * HOUR - before * DAY + _between(rng, len(day), 0, HOUR)
    sessions["is_substituted"] = (rng.random(len(day)) < SUBSTITUTES).astype(int)
    return Timed(_until(sessions, today), {**sittings, **_fingers(rng, outcome)})


def _arrivals(rng: np.random.Generator, session: Ints, outcome: Ints, count: int) -> dict[str, Any]:
    """Return microseconds after the door opened: each some seconds to minutes after the one before, whoever waits in front of it."""
    gaps = 11 * SECOND + (rng.gamma(1.6, 45, len(session)) * SECOND).astype(np.int64)
    total = np.cumsum(gaps)
    first = np.searchsorted(session, np.arange(count))
    return {"arrived": total - (total - gaps)[first][session], "outcome": outcome}


def _fingers(rng: np.random.Generator, outcome: Ints) -> dict[str, Any]:
    """Return how the fingers were read: scores of NBIS, quality, misses before the match, exceptions, late uploads."""
    count = len(outcome)
    trouble = rng.random(count)
    misses = (trouble < TROUBLED).astype(int) + (trouble < TROUBLED / 8)
    is_exception = (outcome == PRESENT) & (rng.random(count) < EXCEPTIONS)
    return {
        "score": np.clip(rng.normal(105, 32, count), 42, 300).astype(int),
        "exit_score": np.clip(rng.normal(105, 32, count), 42, 300).astype(int),
        "quality": np.clip(rng.normal(68, 12, count), 25, 100).astype(int),
        "misses": np.where(outcome == PRESENT, np.where(is_exception, 0, misses), 0),
        "is_exception": is_exception.astype(int),
        "late_seconds": np.where(rng.random(count) < LATE, rng.integers(60, 6 * 3600, count), -1),
        "is_exchanged": (rng.random(count) < EXCHANGED).astype(int),
        "print_after": _between(rng, count, 20 * HOUR, 70 * HOUR),
        "is_reprinted": (rng.random(count) < REPRINTED).astype(int),
    }


def _after_decision(rng: np.random.Generator, sessions: dict[str, Any], decided_on: Ints) -> None:
    """Add the meeting of the week, what was published after it, sent back, and confirmed by BNP2TKI."""
    # Ordinal days: Friday is 5 modulo 7. Decided on a Friday waits for the next one.
    friday = decided_on + 1 + (5 - (decided_on + 1) % 7) % 7
    start = (friday - EPOCH) * DAY
    sessions["meeting_day"] = friday
    sessions["met"] = start + 3 * HOUR
    sessions["minuted"] = start + 8 * HOUR
    sessions["published"] = start + 8 * HOUR + 20 * MINUTE
    sessions["returned"] = start + 9 * HOUR
    sessions["confirmed"] = start + 9 * HOUR + DAY + _between(rng, len(friday), 0, 60 * HOUR)


def _until(sessions: dict[str, Any], today: int) -> dict[str, Any]:
    """Blank what lies after the morning of `today`, and all of a test at which nobody sat."""
    now = (today - EPOCH) * DAY
    is_past = sessions["day"] < today
    held = {
        "running",
        "released",
        "scored",
        "received",
        "decided",
        "met",
        "minuted",
        "published",
        "returned",
        "confirmed",
    }
    for name in (*held, "opened", "ended"):
        is_there = is_past & (sessions[name] < now)
        if name in held:
            is_there &= sessions["present"] > 0
        sessions[name] = np.where(is_there, sessions[name] | 1, -1)
    return sessions


def _between(rng: np.random.Generator, count: int, low: int, high: int) -> Ints:
    return rng.integers(low, high, count)


def _next_of(working: Sequence[int], days: Ints) -> Ints:
    ordered = np.array(working)
    found: Ints = ordered[np.minimum(np.searchsorted(ordered, days), len(ordered) - 1)]
    return found


def is_competent(units: Ints) -> NDArray[np.bool_]:
    """Return who has `K` in every unit."""
    made: NDArray[np.bool_] = units == (1 << UNITS) - 1
    return made


def stood(sessions: dict[str, Any], session: Ints, outcome: Ints) -> list[str]:
    """Return the state of each sitting's journey today, were it her last."""
    names = (
        ("confirmed", "CLOSED"),
        ("returned", "SENT_TO_BNP2TKI"),
        ("published", "PUBLISHED"),
        ("decided", "RESULT_SENT"),
    )
    state = np.full(len(session), "ASSESSED", dtype=object)
    for name, status in reversed(names):
        state[sessions[name][session] >= 0] = status
    state[outcome == PLANNED] = "ACKNOWLEDGED"
    state[outcome == 1] = "ABSENT"
    state[outcome == 2] = "TURNED_AWAY_NO_MATCH"
    return [str(one) for one in state]
