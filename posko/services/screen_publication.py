"""How the publication stands: stopped or not, each meeting's gate, what is held and why, what is public (§14.1-14.2; R-160..R-163, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.masking import mask_name
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import holds, inputs
from posko.services.list_query import counted
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, code_or_none, day_or_none, part
from posko.services.publication import COMPETENT, NOT_YET, PUBLIC_COLUMNS
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

STOPS_SHOWN = 20
BY_MEETING, BY_CASE = "MEETING", "CASE"
"""Who holds a result: the evaluation meeting, or a deviation case after it."""
_MEETINGS = """
    select meeting.meeting_id, meeting.held_on, meeting.place, meeting.state, meeting.closed_at,
        (select count(*) from posko.meeting_item as item where item.meeting_id = meeting.meeting_id) as items,
        (select count(*) from posko.meeting_item as item where item.meeting_id = meeting.meeting_id
            and item.finding = 'HOLD') as held,
        (select count(*) from posko.publication as shown where shown.meeting_id = meeting.meeting_id and shown.version = 1)
            as published,
        (select count(*) from posko.meeting_item as item join posko.journey as journey on journey.journey_id = item.journey_id
            where item.meeting_id = meeting.meeting_id and item.finding = 'PUBLISH' and journey.status = 'EVALUATED') as waiting
    from posko.evaluation_meeting as meeting order by meeting.meeting_id desc limit :most offset :before"""
_HELD = """
    select journey.journey_id, journey.tki_id, candidate.full_name, decision.lsp_code, journey.status, journey.moved_at,
        (select item.reason from posko.meeting_item as item where item.journey_id = journey.journey_id and item.finding = 'HOLD'
            order by item.meeting_id desc limit 1) as reason
    from posko.journey as journey join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko.decision as decision on decision.journey_id = journey.journey_id
    where journey.status in ('ON_HOLD', 'EVALUATED', 'PUBLISHED') and (:tki is null or journey.tki_id = :tki)
        and (:lsp is null or decision.lsp_code = :lsp) order by journey.moved_at, journey.journey_id"""
_PUBLIC = """
    from posko.publication as shown where (:number is null or shown.tki_id = :number or shown.certificate_no = :number)
        and (:result is null or shown.result = :result) and (:lsp is null or shown.lsp_code = :lsp)
        and (:tuk is null or shown.tuk_code = :tuk) and (:since is null or shown.published_at >= :since)"""


@act("publication.state", Command.PUBLISH)
def state(tx: Tx) -> dict[str, Any]:
    """Return whether the publication goes on, and how much waits.

    Returns:
        `stop`: stop_id, stopped_at, stopped_by, stop_reason, or None; `stops`: the newest stops with their ends; `to_meet`: results
        without a meeting; `held`: held by the meeting; `waiting`: evaluated and not public; `by_case`: of those, held by a case.
    """
    tx.about("publication", "state")
    tx.permit(how=Act.READ)
    stops = many(
        tx.db,
        "select stop_id, stopped_at, stopped_by, stop_reason, resumed_at, resumed_by, resume_reason from posko.publication_stop"
        " order by stop_id desc limit :most",
        most=STOPS_SHOWN,
    )
    found = many(
        tx.db,
        "select status, count(*) as tki from posko.journey where status in ('RESULT_SENT', 'ON_HOLD', 'EVALUATED') group by status",
    )
    counts = {row["status"]: int(row["tki"]) for row in found}
    waiting = many(tx.db, "select journey_id from posko.journey where status = 'EVALUATED'")
    tx.record("publication", "state", {"stops": len(stops)})
    shown = [_iso(row) for row in stops]
    return {
        "stop": next((row for row in shown if row["resumed_at"] is None), None),
        "stops": shown,
        "to_meet": counts.get("RESULT_SENT", 0),
        "held": counts.get("ON_HOLD", 0),
        "waiting": counts.get("EVALUATED", 0),
        "by_case": len(holds.held_by_case(tx.db, [int(row["journey_id"]) for row in waiting])),
    }


@act("publication.meetings", Command.PUBLISH)
def meetings(tx: Tx, *, limit: int = PAGE_ROWS, offset: int = 0) -> dict[str, Any]:
    """Return the meetings with their gate, the newest first: whether the minutes are closed, and how many results wait behind it.

    Raises:
        Refused: no such part of the list.
    """
    tx.permit(how=Act.READ)
    rows_of = part(limit, offset)
    total = one(tx.db, "select count(*) as total from posko.evaluation_meeting") or {}
    rows = many(tx.db, _MEETINGS, **rows_of)
    tx.record("publication", "meetings", {"rows": len(rows)})
    return {
        "rows": [{**_iso(row), "held_on": row["held_on"].isoformat()} for row in rows],
        "total": int(total.get("total", 0)),
    }


@act("publication.held", Command.PUBLISH)
def held(
    tx: Tx,
    *,
    tki_id: str | None = None,
    lsp_code: str | None = None,
    by: str | None = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the results that do not go out although their turn has come, and why, the longest held first.

    Args:
        tx: the act.
        tki_id: only of this TKI.
        lsp_code: only of this LSP.
        by: MEETING or CASE; None: both.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: tki_id, full_name (masked as the public would read it), lsp_code, label, since (ISO), by, why; `total`.

    Raises:
        Refused: no such ID, code, choice or part of the list.
    """
    tx.permit(how=Act.READ)
    wanted = inputs.choice(by, "Ditahan oleh", (BY_MEETING, BY_CASE)) if by else None
    asked = {"tki": inputs.tki(tki_id) if tki_id else None, "lsp": code_or_none(lsp_code, "LSP", 20)}
    rows_of = part(limit, offset)
    found = many(tx.db, _HELD, **asked)
    why = holds.held_by_case(tx.db, [int(row["journey_id"]) for row in found])
    # A case is found by several tables at once, so it cannot be counted in the query; few results are ever held.
    rows = [one_held for one_held in (_held(row, why.get(int(row["journey_id"]))) for row in found) if one_held]
    rows = [row for row in rows if wanted in {None, row["by"]}]
    tx.record("publication", "held", {"rows": len(rows)})
    return {"rows": rows[rows_of["before"] :][: rows_of["most"]], "total": len(rows)}


@act("publication.public", Command.PUBLISH)
def public(
    tx: Tx,
    *,
    number: str | None = None,
    result: str | None = None,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
    since: object = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return what was published, every version, the newest first, with no column that the public does not have (R-188).

    Args:
        tx: the act.
        number: a whole ID TKI or certificate number.
        result: KOMPETEN or BELUM.
        lsp_code: only of this LSP.
        tuk_code: only of this TUK.
        since: published on this day (UTC) or later.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: the public columns (days and times ISO); `total`.

    Raises:
        Refused: no such number, choice, code, day or part of the list.
    """
    tx.permit(how=Act.READ)
    asked = {
        "number": code_or_none(number, "ID TKI atau nomor sertifikat", inputs.TKI_MOST),
        "result": inputs.choice(result, "Hasil", (COMPETENT, NOT_YET)) if result else None,
        "lsp": code_or_none(lsp_code, "LSP", 20),
        "tuk": code_or_none(tuk_code, "TUK", 20),
        "since": day_or_none(since, "Tanggal"),
    }
    rows_of = part(limit, offset)
    rows = many(
        tx.db,
        f"select {PUBLIC_COLUMNS} {_PUBLIC} order by shown.publication_id desc limit :most offset :before",
        **asked,
        **rows_of,
    )
    tx.record("publication", "public", {"rows": len(rows)})
    shown = [{**_iso(row), "tested_on": row["tested_on"].isoformat()} for row in rows]
    return {"rows": shown, "total": counted(tx.db, f"select shown.publication_id {_PUBLIC}", **asked)}


def _held(row: Row, case: str | None) -> dict[str, Any] | None:
    """Return a result with what holds it; None: nothing does, it only waits for its turn."""
    is_by_meeting = row["status"] == Status.ON_HOLD.value
    if not is_by_meeting and case is None:
        return None
    return {
        "tki_id": row["tki_id"],
        "full_name": mask_name(row["full_name"]),
        "lsp_code": row["lsp_code"],
        "label": LABELS[Status(row["status"])],
        "since": row["moved_at"].isoformat(),
        "by": BY_MEETING if is_by_meeting else BY_CASE,
        "why": row["reason"] if is_by_meeting else case,
    }


def _iso(row: Row) -> Row:
    """Return a row with its times as ISO texts."""
    return {**row, **{name: row[name].isoformat() for name in row if name.endswith("_at") and row[name] is not None}}
