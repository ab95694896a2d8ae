"""Scorecards for the evaluation meeting: made from the rows, frozen with its minutes, made again to prove them (§14.2; R-162, 8.3 no. 12).

What the meeting has before it is as it stood when the meeting opened, so the figures do not move while people speak of them, and whoever
makes them again from the same rows, at any time, gets the same text and the same SHA-256.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.scorecard import ALL, KINDS, SILENT_KINDS, WHOLE, Span, Sums, cards
from posko.services import scorecard_sql as sql
from posko.services.parameter_values import number_on
from posko.services.rows import many, one

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from posko.services.rows import Row

DAYS, LEAST = "scorecard_days", "comparison_least_tki"
"""Parameters: so many days end with the day of a meeting; of fewer results nobody is compared."""
KEY, DIGEST = "scorecards", "scorecards_sha256"
"""Names in the evidence of a meeting."""
_SILENT = f"select distinct session.lsp_code, session.tuk_code, null as met_no, session.exam_on {sql.SILENT}"
_HELD = f"select distinct session.lsp_code, session.tuk_code, session.met_no, item.journey_id {sql.HELD}"
_CASES = (
    f"select distinct {sql.ABOUT_ALL}, deviation.case_id,"
    f" {', '.join(f'coalesce({asked}, 0) as {name}' for name, asked in sql.OF_CASE.items())} {sql.CASES}"
)
_MARKS = """
    select (select coalesce(max(decision_id), 0) from posko.decision) as decision,
        (select coalesce(max(deviation_id), 0) from posko.deviation) as deviation,
        (select coalesce(max(note_id), 0) from posko.case_note) as note,
        (select coalesce(max(change_id), 0) from posko.finding_change) as `change`"""


def span_of(db: sa.Connection, meeting: Row, *, lsp_code: str | None = None) -> Span:
    """Return what the cards of a meeting count: the days that it named, else those of the parameter, as it stood when it opened."""
    until = meeting["held_on"]
    since = meeting["cards_since"] or until - timedelta(days=number_on(db, DAYS, until) - 1)
    known = json.loads(meeting["cards_marks"] or "{}")
    return Span(min(since, until), until, meeting["opened_at"], number_on(db, LEAST, until), lsp_code, known)


def marks(db: sa.Connection) -> str:
    """Return the last rows that are there now, as a meeting keeps them when it opens."""
    found = one(db, _MARKS) or {}
    return canonical({name: int(number) for name, number in found.items()})


def make(db: sa.Connection, span: Span) -> dict[str, Any]:
    """Return what `span` says, and under each kind a card for each body with a figure; under `all` the one of everything."""
    found: dict[str, defaultdict[str, Sums]] = {kind: defaultdict(Sums) for kind in (WHOLE, *KINDS)}
    values = span.values()
    for row in many(db, sql.SESSIONS, **values):
        for kind, sums in _of(found, row):
            sums.take_session(kind, row)
    for row in many(db, sql.RULES, **values):
        for _, sums in _of(found, row):
            sums.take_deviations(row)
    _count(found, "silent_days", "exam_on", many(db, _SILENT, **values))
    _count(found, "held", "journey_id", many(db, _HELD, **values))
    in_cases = many(db, _CASES, **values)
    for name in sql.OF_CASE:
        _count(found, name, "case_id", [row for row in in_cases if row[name]])
    return {**span.told(), **{kind: cards(kind, found[kind], span.least) for kind in found}}


def digest(made: Row) -> str:
    """Return SHA-256 over cards, as hexadecimal."""
    return sha256(canonical(made).encode()).hexdigest()


def frozen(meeting: Row, *, lsp_code: str | None = None) -> dict[str, Any] | None:
    """Return the cards that were frozen with the minutes, an LSP's own if it is named; None: there are none."""
    evidence = json.loads(meeting["evidence"]) if meeting["evidence"] else {}
    told = evidence if lsp_code is None else evidence.get("own", {}).get(lsp_code, {})
    cards_of: dict[str, Any] | None = told.get(KEY)
    return cards_of


def of_meeting(db: sa.Connection, meeting: Row, *, lsp_code: str | None = None) -> dict[str, Any]:
    """Return the cards that a meeting has before it: the frozen ones once its minutes are closed."""
    return frozen(meeting, lsp_code=lsp_code) or make(db, span_of(db, meeting, lsp_code=lsp_code))


def is_same_again(db: sa.Connection, meeting: Row) -> bool | None:
    """Return whether frozen cards come out the same when they are made again from the rows; None: nothing was frozen."""
    kept = frozen(meeting)
    if kept is None:
        return None
    told: str | None = json.loads(meeting["evidence"]).get(DIGEST)
    return digest(kept) == told == digest(make(db, Span.of(kept)))


def _of(found: dict[str, defaultdict[str, Sums]], row: Row) -> Iterator[tuple[str, Sums]]:
    """Yield kind and sums of everything, and of the bodies that a row is about."""
    for kind, code in _about(row):
        yield kind, found[kind][code]


def _about(row: Row) -> list[tuple[str, str]]:
    return [(WHOLE, ALL), *((kind, row[column]) for kind, column in KINDS.items() if row[column] is not None)]


def _count(found: dict[str, defaultdict[str, Sums]], figure: str, column: str, rows: list[Row]) -> None:
    """Count different values of a column for each body."""
    seen: dict[tuple[str, str], set[object]] = defaultdict(set)
    for row in rows:
        for kind, code in _about(row):
            if figure != "silent_days" or kind in SILENT_KINDS:
                seen[kind, code].add(row[column])
    for (kind, code), values in seen.items():
        found[kind][code].counts[figure] = len(values)
