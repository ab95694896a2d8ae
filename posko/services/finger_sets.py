"""What may be told of a person's sets of templates: where each came from, by whom, how good, and what the 1:N search found (R-026, X11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from posko.domain.proof import PersonKind

_SETS = """
    select version, state, provenance, count(distinct finger) as fingers, count(*) as impressions, min(quality) as quality,
        max(is_supervised) as is_supervised, min(station_code) as station_code, min(reader_kind) as reader_kind,
        min(reader_serial) as reader_serial, min(taken_at) as taken_at, min(taken_by) as taken_by,
        min(seconded_by) as seconded_by, min(activated_at) as activated_at, max(retired_at) as retired_at,
        min(retired_reason) as retired_reason
    from posko_biometric.finger_template where person_kind = :kind and person_id = :person
    group by version, state, provenance order by version desc, state"""
_SEARCH = """
    select state, searched_at from posko_biometric.duplicate_search where person_kind = :kind and person_id = :person
    order by search_id desc limit 1"""
_CASES = """
    select distinct case_id from posko.duplicate_candidate
    where (one_kind = :kind and one_id = :person) or (other_kind = :kind and other_id = :person) order by case_id"""


def sets_of(db: sa.Connection, kind: PersonKind, person_id: str) -> list[Row]:
    """Return a person's sets, the newest first; times as ISO texts, no template and no digest of one.

    `quality` is the lowest of its impressions (0-100; None: not measured, as in BNP2TKI's records).
    """
    return [_told(row) for row in many(db, _SETS, kind=kind, person=person_id)]


def search_of(db: sa.Connection, kind: PersonKind, person_id: str) -> Row:
    """Return how the 1:N search of a person stands.

    Returns:
        `state`: PENDING, DONE, or None: never asked for; `searched_at`; `cases`: numbers of the cases that it led to.
    """
    found = one(db, _SEARCH, kind=kind, person=person_id)
    cases = [int(row["case_id"]) for row in many(db, _CASES, kind=kind, person=person_id)]
    return {
        "state": found["state"] if found else None,
        "searched_at": _iso(found["searched_at"]) if found else None,
        "cases": cases,
    }


def _told(row: Row) -> Row:
    times = {name: _iso(row[name]) for name in ("taken_at", "activated_at", "retired_at")}
    return {**row, **times, "is_supervised": bool(row["is_supervised"])}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
