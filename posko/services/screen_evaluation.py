"""What the page of the meeting shows besides its evidence: meetings, the results on the table, who may attend (§14.2; R-162, R-163)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, list_query, meeting_evidence, meeting_items, paging
from posko.services.evaluation import BNSP_ROLES
from posko.services.office import act
from posko.services.rows import many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

_OF_LSP = (
    "(:lsp is null or exists (select 1 from posko.meeting_item as item join posko.decision as decision"
    " on decision.journey_id = item.journey_id where item.meeting_id = meeting.meeting_id and decision.lsp_code = :lsp))"
)
STATES = ("OPEN", "CLOSED")
"""States of a meeting."""
_IN_STATE = "(:state is null or meeting.state = :state)"
_ITEMS = """
    from posko.meeting_item as item
    join posko.candidate as candidate on candidate.journey_id = item.journey_id
    join posko.journey as journey on journey.journey_id = item.journey_id
    left join posko.decision as decision on decision.journey_id = item.journey_id
    left join posko.exam_session as session on session.session_id = decision.session_id
    where item.meeting_id = :meeting and (:lsp is null or decision.lsp_code = :lsp)
        and (:finding is null or item.finding = :finding)"""
_ITEMS_SEARCHED = list_query.contains(
    "candidate.tki_id", "candidate.full_name", "decision.lsp_code", "session.tuk_code"
)


@act("evaluation.meetings", Command.EVALUATE)
def meetings(tx: Tx, *, limit: int = paging.PAGE_ROWS, offset: int = 0, state: str | None = None) -> dict[str, Any]:
    """Return a part of the meetings, the newest first: `rows`, `total`, `waiting` (results that wait for a meeting).

    An LSP sees those in which results of its own are on the table, and waiting results of its own.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before them.
        state: one of `STATES`; None: any.

    Raises:
        Refused: no such state or part.
    """
    own = _own_lsp(tx)
    tx.permit(how=Act.READ, lsp_code=own)
    part = paging.part(limit, offset)
    values = {"lsp": own, "state": None if state is None else inputs.choice(state, "Keadaan", STATES)}
    counted = one(
        tx.db,
        f"select (select count(*) from posko.evaluation_meeting as meeting where {_OF_LSP} and {_IN_STATE}) as total,"
        " (select count(*) from posko.journey as journey left join posko.decision as decision"
        "  on decision.journey_id = journey.journey_id where journey.status in :ready"
        "  and (:lsp is null or decision.lsp_code = :lsp) and not exists (select 1 from posko.meeting_item as item"
        "  where item.pending_journey = journey.journey_id)) as waiting",
        **values,
        ready=list(meeting_items.READY),
    )
    rows = many(
        tx.db,
        "select meeting.meeting_id, meeting.held_on, meeting.place, meeting.state, meeting.closed_at,"
        " (select count(*) from posko.meeting_item as item where item.meeting_id = meeting.meeting_id) as items,"
        " (select count(*) from posko.meeting_item as item where item.meeting_id = meeting.meeting_id"
        "  and item.finding = 'HOLD') as held,"
        " (select count(*) from posko.publication as publication where publication.meeting_id = meeting.meeting_id"
        "  and publication.version = 1) as published"
        f" from posko.evaluation_meeting as meeting where {_OF_LSP} and {_IN_STATE}"
        " order by meeting.meeting_id desc limit :most offset :before",
        **values,
        **part,
    )
    tx.record("meeting", "list", {"rows": len(rows), "offset": offset})
    shown = [
        {**row, "held_on": row["held_on"].isoformat(), "closed_at": row["closed_at"] and row["closed_at"].isoformat()}
        for row in rows
    ]
    return {"rows": shown, **{name: int(value) for name, value in (counted or {}).items()}}


@act("evaluation.items", Command.EVALUATE)
def items(
    tx: Tx,
    *,
    meeting_id: int,
    finding: str | None = None,
    search: str | None = None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return a part of the results on the table of a meeting, those held first: `rows` and `total`; an LSP sees its own.

    Args:
        tx: the act.
        meeting_id: the meeting.
        finding: only PUBLISH or only HOLD; None: both.
        search: a part of ID TKI or name, of the code of LSP or TUK; None or blank: all.
        limit: rows at most.
        offset: rows before them.

    Raises:
        Refused: no such meeting, a wrong choice or search, or no such part.
    """
    meeting, own = meeting_evidence.looked_at(tx, meeting_id)
    both = (meeting_items.PUBLISH, meeting_items.HOLD)
    values = {
        "meeting": meeting["meeting_id"],
        "lsp": own,
        "finding": None if finding is None else inputs.choice(finding, "Putusan rapat", both),
        "search": list_query.searched(search),
    }
    part = paging.part(limit, offset)
    found = f"{_ITEMS} and {_ITEMS_SEARCHED}"
    counted = one(tx.db, f"select count(*) as total {found}", **values) or {}
    rows = many(
        tx.db,
        "select item.journey_id, candidate.tki_id, candidate.full_name, decision.result, decision.lsp_code, session.tuk_code,"
        f" session.exam_on, item.finding, item.reason, journey.status {found}"
        " order by item.finding, candidate.full_name, item.journey_id limit :most offset :before",
        **values,
        **part,
    )
    tx.record("meeting", meeting["meeting_id"], {"step": "items", "rows": len(rows)})
    shown = [{**row, "exam_on": row["exam_on"] and row["exam_on"].isoformat()} for row in rows]
    return {"rows": shown, "total": int(counted.get("total", 0))}


@act("evaluation.people", Command.EVALUATE)
def people(tx: Tx, *, meeting_id: int) -> list[dict[str, Any]]:
    """Return who may be at a meeting, BNSP and the LSP whose results are on the table; `is_there` for those already noted.

    Raises:
        Refused: no such meeting.
    """
    number = inputs.number(meeting_id, "Nomor rapat")
    tx.about("meeting", number)
    own = _own_lsp(tx)
    wanted = meeting_evidence.lsp_codes(tx.db, number)
    tx.permit(how=Act.READ, lsp_code=own if own in wanted else None)
    if one(tx.db, "select 1 as found from posko.evaluation_meeting where meeting_id = :id", id=number) is None:
        raise refuse("UNKNOWN_MEETING", meeting_id=number)
    found = many(
        tx.db,
        "select staff.person_id, staff.full_name, coalesce(staff.lsp_code, 'BNSP') as organisation,"
        " there.person_id is not null as is_there from posko.staff as staff"
        " left join posko.meeting_participant as there on there.person_id = staff.person_id and there.meeting_id = :meeting"
        " where staff.state = 'ACTIVE' and (staff.role in :bnsp or (staff.role = 'LSP' and staff.lsp_code in :wanted))"
        " order by staff.lsp_code is not null, staff.lsp_code, staff.full_name, staff.person_id",
        meeting=number,
        bnsp=sorted(BNSP_ROLES),
        wanted=sorted(wanted) or ["-"],
    )
    tx.record("meeting", number, {"step": "people", "rows": len(found)})
    return [{**row, "is_there": bool(row["is_there"])} for row in found]


def _own_lsp(tx: Tx) -> str | None:
    """Return the LSP of who asks, None for everybody who is of none."""
    return tx.by.lsp_code if tx.by is not None and tx.by.role is Role.LSP else None
