"""An assessor left between the end of the session and the last score: another scores in her place (§9.4, §13.7; R-126, R-128, DV-A10).

Who tested on the day stays in the session's row and in the history of the appointments, and what she scored before stays hers. The
substitute was not at the TUK then, so it does not matter where she tested that day; she scores there under her own fresh finger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.session_status import SessionStatus
from posko.domain.status import Status
from posko.services import deviation_register, inputs, journeys
from posko.services.asesor_check import check_in_force, follow
from posko.services.office import act
from posko.services.rows import change
from posko.services.session_rows import ENTITY, ids_of, on_list, session_at, state_of

if TYPE_CHECKING:
    from typing import Any

    from posko.services.office import Tx
    from posko.services.rows import Row

DUE = frozenset({SessionStatus.ENDED, SessionStatus.SCORING_OPEN})
"""States in which the test is over and not all scores are there."""


@act("asesor.substitute_for_scoring", Command.REGISTER)
def substitute_for_scoring(
    tx: Tx, *, session_id: int, met_no: str, reason: str, before: str | None = None
) -> dict[str, Any]:
    """Appoint another assessor only to score a session that is over; always a late change (DV-A10).

    Args:
        tx: the act.
        session_id: the session.
        met_no: the substitute.
        reason: why.
        before: who was appointed when the form opened; None: whoever is.

    Returns:
        `session_id`, `met_no`, and `left`: how many candidates are still to be scored.

    Raises:
        Refused: somebody else was appointed meanwhile, the session is not over or is scored, the same assessor, not in force
            today (DV-A05), or the own part of who appoints is another one for a candidate (R-070).
    """
    session = session_at(tx, session_id)
    met, why = inputs.code(met_no, "Nomor MET", 40), inputs.reason(reason)
    number, replaced = session["session_id"], session["met_no"]
    _check_due(session, met, before)
    check_in_force(tx, session, met, local_day(tx.at))
    left = [row for row in on_list(tx, number) if row["status"] == Status.TESTED]
    journeys.hold_part(tx, ids_of(left), "KONSORSIUM")
    tested = session["tested_met_no"] or replaced
    change(
        tx.db,
        "update posko.exam_session set tested_met_no = :tested, met_no = :met where session_id = :id",
        tested=tested,
        met=met,
        id=number,
    )
    follow(tx, number, met, why)
    told = {
        "for": "scoring",
        "before": replaced,
        "after": met,
        "tested": tested,
        "reason": why,
        "candidates": len(left),
    }
    event = tx.record(ENTITY, number, told)
    deviation_register.note(
        tx, "DV-A10", told, mode="D", subject_kind=ENTITY, subject_code=str(number), audit_event=event
    )
    return {"session_id": int(number), "met_no": met, "left": len(left)}


def _check_due(session: Row, met: str, before: str | None) -> None:
    """Refuse where no other may score in the place of whoever is appointed."""
    if session["status"] not in DUE:
        raise refuse("SCORING_SUBSTITUTE_NOT_DUE", session_id=session["session_id"], state=state_of(session))
    if met == session["met_no"]:
        raise refuse("SUBSTITUTE_SAME", met_no=met)
    if before is not None and before != session["met_no"]:
        raise refuse("CHANGED_MEANWHILE")
