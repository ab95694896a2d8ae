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
        {_JOIN} = s.case_id where a.journey_id in :ids and {_OPEN}""",
)
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
