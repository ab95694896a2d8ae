"""Which results wait for a deviation case (§5.2, §14.2; R-163, requirements section 7).

A deviation of severity H that took place holds the result until a case on it is closed; so does every open case of severity H or B.
An attempt that was refused holds nothing by itself: whoever picks a forbidden TUK by mistake must not stop a TKI. The hold
needs nobody to set it: it is asked for when minutes are closed, when results are published and when they are returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services.rows import chunks, many

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.rows import Row

_OPEN = "c.holds_result = 1 and c.status <> 'CLOSED'"
_JOIN = "join posko.deviation_case c on c.case_id"
_CASES = (
    f"select d.journey_id, c.case_id from posko.deviation d {_JOIN} = d.case_id where d.journey_id in :ids and {_OPEN}",
    f"""select j.journey_id, c.case_id from posko.journey j
        join posko.case_subject s on s.subject_kind = 'journey' and s.subject_code = cast(j.journey_id as char)
        {_JOIN} = s.case_id where j.journey_id in :ids and {_OPEN}""",
    f"""select j.journey_id, c.case_id from posko.journey j
        join posko.case_subject s on s.subject_kind = 'tki' and s.subject_code = j.tki_id
        {_JOIN} = s.case_id where j.journey_id in :ids and {_OPEN}""",
    f"""select a.journey_id, c.case_id from posko.allocation a
        join posko.case_subject s on s.subject_kind = 'session' and s.subject_code = cast(a.session_id as char)
        {_JOIN} = s.case_id where a.attempt_no is not null and a.journey_id in :ids and {_OPEN}""",
)
_HELD = """
    select journey.journey_id, journey.tki_id, journey.status from posko.journey as journey where journey.journey_id in (
        select d.journey_id from posko.deviation d where d.case_id = :case and d.journey_id is not null
        union select cast(s.subject_code as unsigned) from posko.case_subject s
            where s.case_id = :case and s.subject_kind = 'journey'
        union select j.journey_id from posko.case_subject s
            join posko.journey j on s.subject_kind = 'tki' and j.tki_id = s.subject_code where s.case_id = :case
        union select a.journey_id from posko.case_subject s
            join posko.allocation a on s.subject_kind = 'session' and a.session_id = cast(s.subject_code as unsigned)
            and a.attempt_no is not null where s.case_id = :case)
    and exists (select 1 from posko.deviation_case c where c.case_id = :case and c.holds_result = 1 and c.status <> 'CLOSED')
    order by journey.journey_id limit :most"""
_UNREAD = (
    "select journey_id, deviation_id from posko.deviation"
    " where journey_id in :ids and severity = 'H' and is_attempt = 0 and case_id is null order by deviation_id"
)


def held_by_case(db: sa.Connection, journey_ids: Sequence[int]) -> dict[int, str]:
    """Return the journeys among these whose result may not go on, and why, in words."""
    why: dict[int, str] = {}
    for some in chunks(sorted(set(journey_ids))):
        for row in many(db, _UNREAD, ids=some):
            why.setdefault(
                int(row["journey_id"]), f"penyimpangan nomor {row['deviation_id']} belum diputus dalam kasus"
            )
        for sql in _CASES:
            for row in many(db, sql, ids=some):
                why[int(row["journey_id"])] = f"kasus penyimpangan nomor {row['case_id']} belum ditutup"
    return why


def held_by(db: sa.Connection, case_id: int, most: int) -> list[Row]:
    """Return journey_id, tki_id and status of the journeys whose results an open case holds; so many at most."""
    return many(db, _HELD, case=case_id, most=most)
