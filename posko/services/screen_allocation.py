"""What the Konsorsium's pages ask before they act: who waits, what the proposals would load, what goes back (§12.5-12.6; R-089..R-099).

Reads a page of rows at a time. The one writing act gives several TKI the same place, all or none, by the act for one TKI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from posko.domain.errors import Refused
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import inputs, journeys, list_query, paging, scheduling
from posko.services.office import act
from posko.services.pipeline_results import built
from posko.services.registration import PAYMENTS
from posko.services.rows import many

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx

MOST_AT_ONCE = 100
"""TKI that one window schedules at most."""
# `force index`: the server would rather read all journeys in the order of the page than sort the few that wait.
_WAITING = f"""
    from posko.journey as journey force index (journey_status)
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status in ('REGISTERED', 'ABSENT', 'TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH')
        and {list_query.contains("journey.tki_id", "candidate.full_name", "proposal.tuk_code")}
        and (:payment is null or candidate.payment_status = :payment)"""
_LEFT = f"""
    from posko.journey as journey force index (journey_status)
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko_model.fct_tki_unplaced as unplaced on unplaced.tki_id = journey.tki_id
    left join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status in ('REGISTERED', 'SCHEDULED')
        and {list_query.contains("journey.tki_id", "candidate.full_name", "unplaced.reason", "proposal.tuk_code")}
        and (:payment is null or candidate.payment_status = :payment)"""
_OF_STATES = "select 1 from posko.journey where status in :states"
"""For a count without any filter: registration gives every journey its candidate, and no other table takes a row out."""


class _Rows(NamedTuple):
    """A list of journeys without a place: its name in the log, its query, the states of it, and columns of its own."""

    name: str
    source: str
    states: list[str]
    more: str = ""


_WAITING_ROWS = _Rows(
    "waiting", _WAITING, ["REGISTERED", "ABSENT", "TURNED_AWAY_NOT_REGISTERED", "TURNED_AWAY_NO_MATCH"]
)
_LEFT_ROWS = _Rows("left", _LEFT, ["REGISTERED", "SCHEDULED"], ", unplaced.reason as unplaced_reason")
_LEFT_IDS = "select tki_id from posko.journey where status in ('REGISTERED', 'SCHEDULED') order by journey_id"
_READY = """
    select session.lsp_code, session.tuk_code, tuk.tuk_name, session.exam_on, cast(sum(placed.tki) as signed) as tki
    from (select allocation.session_id, count(*) as tki from posko.journey as journey
        join posko.allocation as allocation
            on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
        where journey.status = 'ALLOCATED' group by allocation.session_id) as placed
    join posko.exam_session as session on session.session_id = placed.session_id
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    group by session.lsp_code, session.tuk_code, tuk.tuk_name, session.exam_on
    order by session.exam_on, session.lsp_code, session.tuk_code"""


@act("screen.waiting_for_place", Command.REGISTER)
def waiting_for_place(
    tx: Tx, *, limit: int = paging.PAGE_ROWS, offset: int = 0, search: str | None = None, payment: str | None = None
) -> dict[str, Any]:
    """Return a part of those who may be scheduled: registered, or absent or turned away before.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before them.
        search: a part of ID TKI or name, or of the proposed TUK; None or blank: everybody.
        payment: a state of the payment; None: any.

    Returns:
        `total`, and `rows`: journey_id, tki_id, full_name, label, payment_status, lsp_code, tuk_code, proposed_on (of the proposal).

    Raises:
        Refused: no such search, state or part, or the pipeline never ran.
    """
    return _unplaced(tx, "schedule", _WAITING_ROWS, limit=limit, offset=offset, search=search, payment=payment)


@act("scheduling.schedule_many", Command.REGISTER)
def schedule_many(
    tx: Tx,
    *,
    journey_ids: list[int],
    exam_on: date | str,
    lsp_code: str,
    tuk_code: str,
    met_no: str,
    slot: int = 1,
    reason: str | None = None,
) -> dict[str, Any]:
    """Give several TKI the same place, all or none; return `scheduled` and the `session_id`. Arguments as `scheduling.schedule`.

    Raises:
        Refused: as `scheduling.schedule`; a note on the refusal is the ID TKI of whom it is about, when there are several.
    """
    ids = inputs.numbers(journey_ids, "Daftar peserta")
    tx.permit()
    if len(ids) > MOST_AT_ONCE:
        raise refuse("LIST_TOO_LONG", what="Daftar peserta", most=MOST_AT_ONCE)
    # Every journey is locked before any day of a TUK is, as everywhere (`placing`).
    tki = {int(row["journey_id"]): str(row["tki_id"]) for row in journeys.read_many(tx, ids)}
    place: dict[str, Any] = {"exam_on": exam_on, "lsp_code": lsp_code, "tuk_code": tuk_code, "met_no": met_no}
    session_id = 0
    for journey_id in ids:
        try:
            session_id = scheduling.schedule(tx, journey_id=journey_id, slot=slot, reason=reason, **place)
        except Refused as refusal:
            if len(ids) > 1 and journey_id in tki:
                refusal.add_note(tki[journey_id])
            raise
    return {"scheduled": len(ids), "session_id": session_id}


@act("screen.send_overview", Command.SEND_ALLOCATION)
def send_overview(tx: Tx) -> dict[str, Any]:
    """Return what would go back to BNSP, and who is registered and has no place (R-089, R-100).

    Returns:
        `ready`: lsp_code, tuk_code, tuk_name, exam_on, tki. `left_ids`: ID TKI of all without a place, so that a reason can be given
        for exactly those who were seen.
    """
    tx.about("allocation", "overview")
    tx.permit(how=Act.READ)
    ready = many(tx.db, _READY)
    ids = [str(row["tki_id"]) for row in many(tx.db, _LEFT_IDS)]
    tx.record("allocation", "overview", {"ready": sum(int(row["tki"]) for row in ready), "left": len(ids)})
    return {"ready": ready, "left_ids": ids}


@act("screen.left_behind", Command.SEND_ALLOCATION)
def left_behind(
    tx: Tx,
    *,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
    search: str | None = None,
    payment: str | None = None,
) -> dict[str, Any]:
    """Return a part of the registered who have no place, with why (R-089, R-100).

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before them.
        search: a part of ID TKI or name, of the reason or of the proposed TUK; None or blank: all.
        payment: a state of the payment; None: any.

    Returns:
        `total`, and `rows`: tki_id, full_name, label, payment_status, unplaced_reason, proposed_on, lsp_code, tuk_code.

    Raises:
        Refused: no such search, state or part, or the pipeline never ran.
    """
    return _unplaced(tx, "allocation", _LEFT_ROWS, limit=limit, offset=offset, search=search, payment=payment)


def _unplaced(
    tx: Tx, entity: str, wanted: _Rows, *, limit: int, offset: int, search: str | None, payment: str | None
) -> dict[str, Any]:
    """Return `total` and a part of the `rows` of those without a place, and write down who looked."""
    part = paging.part(limit, offset)
    asked = {
        "search": list_query.searched(search),
        "payment": None if payment is None else inputs.choice(payment, "Pembayaran", PAYMENTS),
    }
    tx.about(entity, wanted.name)
    tx.permit(how=Act.READ)
    with built():
        if any(asked.values()):
            total = list_query.counted(tx.db, f"select 1 {wanted.source}", **asked)
        else:
            total = list_query.counted(tx.db, _OF_STATES, states=wanted.states)
        rows = many(
            tx.db,
            "select journey.journey_id, journey.tki_id, candidate.full_name, journey.status, candidate.payment_status,"
            f" proposal.lsp_code, proposal.tuk_code, proposal.proposed_on{wanted.more} {wanted.source}"
            " order by journey.journey_id limit :most offset :before",
            **asked,
            **part,
        )
    tx.record(entity, wanted.name, {"rows": len(rows), "offset": offset, "is_searched": search is not None})
    return {"total": total, "rows": [{**row, "label": LABELS[Status(row["status"])]} for row in rows]}
