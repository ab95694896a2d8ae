"""What BNSP and the auditor read of the surveillance: drawn weeks, lists, visits, and what nobody looked at (§4.2, §5.6; R-017)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs, surveillance_frame
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import many, one
from posko.services.surveillance import ENTITY, OUTCOMES, WEEK, monday_of

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx
    from posko.services.rows import Row

DONE = ("OPEN", *OUTCOMES)
"""What a visit's state may be asked for: not recorded yet, or its outcome."""
MARKS = ("EMPTY", "SILENT", "UNVISITED", "SEEN")
"""A licensed TUK: without a session, with sessions of which none was ever opened, never visited in these days, or visited."""
_WEEKS = """
    select committed.week_on, committed.seed_sha256, committed.committed_at, drawn.draw_id, drawn.wanted, drawn.session_count,
        drawn.frame_sha256, drawn.drawn_at, drawn.drawn_by, reveal.seed, reveal.revealed_at,
        (select count(*) from posko.surveillance_frame as frame where frame.draw_id = drawn.draw_id and frame.is_picked = 1) as picked,
        (select count(*) from posko.surveillance_visit as visit where visit.draw_id = drawn.draw_id) as visits
    from posko.surveillance_commitment as committed
    left join posko.surveillance_draw as drawn on drawn.week_on = committed.week_on
    left join posko.surveillance_reveal as reveal on reveal.draw_id = drawn.draw_id
    order by committed.week_on desc limit 60"""
_COLUMNS = """
    session.session_id, session.exam_on, session.slot, session.status, tuk.tuk_code, tuk.tuk_name, tuk.city, session.lsp_code,
    session.met_no, frame.weight, frame.parts, frame.chance_permille, coalesce(frame.is_picked, 0) as is_picked,
    visit.outcome, visit.note, visit.deviation_id, visit.recorded_at, visit.recorded_by"""
_FRAME = """
    from posko.surveillance_frame as frame
    join posko.surveillance_draw as drawn on drawn.draw_id = frame.draw_id
    join posko.exam_session as session on session.session_id = frame.session_id
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    left join posko.surveillance_visit as visit on visit.session_id = frame.session_id"""
_COVERAGE = """
    select tuk.tuk_code, tuk.tuk_name, tuk.city, tuk.valid_until, coalesce(held.sessions, 0) as sessions,
        coalesce(held.opened, 0) as opened, held.last_on, visit.visited_on, coalesce(visit.visits, 0) as visits
    from posko.tuk as tuk
    left join (
        select tuk_code, count(*) as sessions, sum(opened_at is not null) as opened, max(exam_on) as last_on
        from posko.exam_session where exam_on between :since and :day and status <> 'CANCELLED' group by tuk_code
    ) as held on held.tuk_code = tuk.tuk_code
    left join (
        select tuk_code, max(visited_on) as visited_on, sum(visited_on >= :since) as visits
        from posko.surveillance_visit where visited_on is not null group by tuk_code
    ) as visit on visit.tuk_code = tuk.tuk_code
    where tuk.valid_from <= :day and tuk.valid_until >= :day and not exists (
        select 1 from posko.suspension as stopped where stopped.party_kind = 'TUK' and stopped.party_code = tuk.tuk_code
            and stopped.suspended_from <= :day and (stopped.suspended_until is null or stopped.suspended_until >= :day))
    order by tuk.tuk_code"""
_OUTSIDE = """
    select count(*) as sessions from posko.exam_session as session
    where session.exam_on between :since and :day and session.status <> 'CANCELLED'
        and not exists (select 1 from posko.surveillance_frame as frame where frame.session_id = session.session_id)"""


@act("surveillance.weeks", Command.DRAW_SAMPLE)
def weeks(tx: Tx) -> dict[str, Any]:
    """Return the weeks that a seed was committed to, and those whose sample can be drawn now.

    Returns:
        `to_draw`: Mondays (ISO) of this week and the next as far as they have no sample; and `weeks`, the latest first, 60 at most:
        week_on, committed_at, `seed_sha256` (hex), of what was drawn draw_id, wanted, session_count, picked, visits, drawn_at, drawn_by,
        `frame_sha256` (hex), of what was revealed `seed` (hex) and revealed_at. Days and times are ISO texts, None what is not yet.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    rows = many(tx.db, _WEEKS)
    tx.record(ENTITY, "*", {"weeks": len(rows)})
    this = monday_of(local_day(tx.at))
    drawn = {row["week_on"] for row in rows if row["draw_id"]}
    hashes, moments = ("seed_sha256", "frame_sha256", "seed"), ("week_on", "committed_at", "drawn_at", "revealed_at")
    told = [
        {
            **row,
            **{name: row[name] and row[name].hex() for name in hashes},
            **{name: row[name] and row[name].isoformat() for name in moments},
        }
        for row in rows
    ]
    return {"weeks": told, "to_draw": [day.isoformat() for day in (this, this + WEEK) if day not in drawn]}


@act("surveillance.sample", Command.DRAW_SAMPLE)
def sample(
    tx: Tx,
    *,
    week: object,
    state: str | None = None,
    search: str | None = None,
    is_picked: bool = True,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the sessions of a week's sample, or of the whole frame it was drawn from, by day and TUK.

    Args:
        tx: the act.
        week: any day of the week.
        state: one of `DONE`.
        search: part of the code, name or city of a TUK, of the LSP's code or of the assessor's number.
        is_picked: only those that were picked.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows` with the columns of the session, TUK, LSP and assessor, weight, `parts` (part -> points), chance_permille,
        is_picked, and of the visit outcome, note, deviation_id, recorded_at (ISO), recorded_by (None: not recorded yet).

    Raises:
        Refused: wrong values, or the role may not read the sample.
    """
    monday = monday_of(inputs.day(week, "Minggu"))
    tx.about(ENTITY, monday.isoformat())
    tx.permit(how=Act.READ)
    wanted = Wanted("drawn.week_on = :week", week=monday)
    if is_picked:
        wanted.add("frame.is_picked = 1")
    conditions = {"OPEN": "visit.outcome is null", **{name: f"visit.outcome = '{name}'" for name in OUTCOMES}}
    wanted.kind(state, "Keadaan", conditions)
    wanted.search(search, contains("tuk.tuk_code", "tuk.tuk_name", "tuk.city", "session.lsp_code", "session.met_no"))
    order = "session.exam_on, tuk.tuk_code, session.session_id"
    total, rows = page(
        tx.db, _COLUMNS, f"{_FRAME} where {wanted.where}", order, wanted.values, limit=limit, offset=offset
    )
    tx.record(ENTITY, monday, {"rows": len(rows), "offset": offset, "filters": wanted.names})
    return {"total": total, "rows": [_told(row) for row in rows]}


@act("surveillance.coverage", Command.DRAW_SAMPLE)
def coverage(tx: Tx) -> dict[str, Any]:
    """Return every TUK that is licensed today and not suspended, with what happened there in the last `surveillance_days`.

    Returns:
        `since` and `day` (ISO), `outside`: sessions of these days that stood in no frame; and `rows`: tuk_code, tuk_name, city, sessions,
        opened (of these), last_on, visited_on (ISO or None), visits (in these days) and `mark`, one of `MARKS`.
    """
    tx.about(ENTITY, "coverage")
    tx.permit(how=Act.READ)
    day = local_day(tx.at)
    since = day - timedelta(days=number_on(tx.db, "surveillance_days", day))
    rows = [_covered(row, since) for row in many(tx.db, _COVERAGE, since=since, day=day)]
    outside = one(tx.db, _OUTSIDE, since=since, day=day)
    found = {mark: sum(row["mark"] == mark for row in rows) for mark in MARKS}
    tx.record(ENTITY, "coverage", {"tuk": len(rows), **found})
    return {
        "since": since.isoformat(),
        "day": day.isoformat(),
        "outside": 0 if outside is None else int(outside["sessions"]),
        "rows": rows,
    }


def _told(row: Row) -> Row:
    at = row["recorded_at"]
    told = {"parts": surveillance_frame.parts_of(row), "exam_on": row["exam_on"].isoformat()}
    return {**row, **told, "recorded_at": at and at.isoformat()}


def _covered(row: Row, since: date) -> Row:
    counts = {name: int(row[name]) for name in ("sessions", "opened", "visits")}
    days = {name: row[name] and row[name].isoformat() for name in ("last_on", "visited_on", "valid_until")}
    is_seen = row["visited_on"] is not None and row["visited_on"] >= since
    mark = (
        "EMPTY" if not counts["sessions"] else "SILENT" if not counts["opened"] else "SEEN" if is_seen else "UNVISITED"
    )
    return {**row, **counts, **days, "mark": mark}
