"""What the prints of an exam session and of an evaluation meeting say (§9.3, §13.3-13.9, §14.2; R-106, R-124, R-134, R-162).

Each act is one read for one print: who may see the page may print it, and each print is an event of its own. Days and times are texts
of western Indonesia, as they stand on paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB
from posko.domain.masking import mask_nik
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.domain.status import LABELS as STATUS_LABELS
from posko.domain.status import Status
from posko.services import distribution, inputs, meeting_evidence, scorecards
from posko.services.office import act
from posko.services.rows import many, one
from posko.services.session_rows import NONE, session_at

if TYPE_CHECKING:
    from datetime import datetime

    from posko.services.office import Tx
    from posko.services.rows import Row

_ABOUT = """
    select session.session_id, session.exam_on, session.slot, session.scheme_code, session.status, session.tuk_code,
        tuk.tuk_name, tuk.city, session.lsp_code, lsp.lsp_name, session.met_no, asesor.asesor_name
    from posko.exam_session as session
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    join posko.lsp as lsp on lsp.lsp_code = session.lsp_code
    join posko.asesor as asesor on asesor.met_no = session.met_no
    where session.session_id = :id"""
_CAME = """
    select attendance.id_as_typed, attendance.journey_id, attendance.outcome, attendance.recorded_at, attendance.statement_no,
        candidate.full_name
    from posko.attendance as attendance left join posko.candidate as candidate on candidate.journey_id = attendance.journey_id
    where attendance.session_id = :id order by attendance.attendance_id"""
_RESULTS = """
    select journey.tki_id, candidate.full_name, assessment.result as asesor_result, decision.result, decision.sk_no,
        certificate.certificate_no
    from posko.allocation as allocation
    join posko.journey as journey on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko.assessment as assessment on assessment.journey_id = journey.journey_id
        and assessment.session_id = allocation.session_id and assessment.version = (
            select max(version) from posko.assessment as newest where newest.journey_id = journey.journey_id
                and newest.session_id = allocation.session_id)
    left join posko.decision as decision on decision.journey_id = journey.journey_id
        and decision.session_id = allocation.session_id
    left join posko.certificate as certificate on certificate.decision_id = decision.decision_id
    where allocation.session_id = :id order by candidate.full_name, journey.tki_id"""
_PEOPLE = """
    select there.organisation, staff.full_name from posko.meeting_participant as there
    join posko.staff as staff on staff.person_id = there.person_id
    where there.meeting_id = :id order by there.organisation, staff.full_name"""


@act("print.candidates", Command.PRINT_LIST)
def candidates(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Return the list of who is to be tested in a session (§9.3): `session`, and `rows` as `distribution.candidate_list`.

    Raises:
        Refused: no such session, or another's.
    """
    rows = distribution.candidate_list(tx, session_id=session_id)
    return {"session": _about(tx, session_id), "rows": rows}


@act("print.attendance", Command.PRINT_LIST)
def attendance(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Return the attendance list of a session (§13.3-13.5): all who are on it, and who came without being on it.

    Returns:
        `session`, and `rows`: no, tki_id, full_name (None: nobody of the list), outcome (label, or None while it is open),
        recorded_at, statement_no.

    Raises:
        Refused: no such session, or another's.
    """
    listed = distribution.candidate_list(tx, session_id=session_id)
    came = many(tx.db, _CAME, id=session_id)
    by_journey = {row["journey_id"]: row for row in came if row["journey_id"] is not None}
    on_list = {row["journey_id"] for row in listed}
    rows = [_came(row["tki_id"], row["full_name"], by_journey.get(row["journey_id"])) for row in listed]
    # Who was turned away, or was here and is booked for another day since; what was typed may be a NIK.
    rows += [
        _came(mask_nik(typed) if inputs.looks_like_nik(typed) else typed, row["full_name"], row)
        for row in came
        if (typed := str(row["id_as_typed"])) and row["journey_id"] not in on_list
    ]
    return {
        "session": _about(tx, session_id),
        "rows": [{"no": place, **row} for place, row in enumerate(rows, 1)],
    }


@act("print.results", Command.DECIDE)
def results(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Return the result list of a session (§13.8-13.10).

    Returns:
        `session`, and `rows`: no, tki_id, full_name, asesor_result, result, sk_no, certificate_no; None where there is nothing yet.

    Raises:
        Refused: no such session, or another LSP's.
    """
    session = session_at(tx, session_id, scope=("lsp_code",), how=Act.READ, lock=NONE)
    rows = many(tx.db, _RESULTS, id=session["session_id"])
    tx.record("session", session["session_id"], {"list": "results", "rows": len(rows)})
    return {
        "session": _about(tx, session_id),
        "rows": [{"no": place, **row} for place, row in enumerate(rows, 1)],
    }


@act("print.minutes", Command.EVALUATE)
def minutes(tx: Tx, *, meeting_id: int) -> dict[str, Any]:
    """Return what the minutes of an evaluation meeting say (§14.2): an LSP gets its own part of the evidence.

    Returns:
        `meeting_id`, `held_on`, `place`, `state`, `minutes`, `sha256` and `scorecards_sha256` (None until closed), `closed_at`,
        `closed_at_utc`, `checkpoint` of the audit log (size, root; None: of none is known), `people` (organisation, full_name),
        `lsp_code` (whose part it is; None: the whole), `evidence` as `evaluation.evidence`, `scorecards` as `scorecards.make`.

    Raises:
        Refused: no such meeting, or an LSP without results on its table.
    """
    row, own = meeting_evidence.looked_at(tx, meeting_id)
    number = row["meeting_id"]
    tx.record("meeting", number, {"step": "print", "lsp_code": own})
    whole = meeting_evidence.seen(tx.db, row)
    return {
        "meeting_id": number,
        "held_on": row["held_on"].isoformat(),
        "place": row["place"],
        "state": row["state"],
        "minutes": row["minutes"],
        "sha256": row["minutes_sha256"].hex() if row["minutes_sha256"] else None,
        "scorecards_sha256": whole.get(scorecards.DIGEST),
        "checkpoint": whole.get("checkpoint"),
        "closed_at": _shown(row["closed_at"]),
        "closed_at_utc": row["closed_at"] and row["closed_at"].isoformat(),
        "people": many(tx.db, _PEOPLE, id=number),
        "lsp_code": own,
        "evidence": whole if own is None else meeting_evidence.seen(tx.db, row, lsp_code=own),
        "scorecards": scorecards.of_meeting(tx.db, row, lsp_code=own),
    }


@act("print.station_cards", Command.CHANGE_REGISTER)
def station_cards(tx: Tx) -> list[dict[str, Any]]:
    """Return what the card of each station says: station_code, station_name, tuk_code, tuk_name, reader_serial, key_id (None: no key).

    Raises:
        NotPermitted: the role does not see the registers.
    """
    tx.about("station", "all")
    tx.permit(how=Act.READ)
    rows = many(
        tx.db,
        "select station.station_code, station.station_name, station.tuk_code, tuk.tuk_name, station.reader_serial,"
        " station_key.key_id from posko.station as station"
        " left join posko.tuk as tuk on tuk.tuk_code = station.tuk_code"
        " left join posko.station_key as station_key on station_key.active_station = station.station_code"
        " where station.valid_until is null or station.valid_until >= :day order by station.station_code",
        day=(tx.at + WIB).date(),
    )
    tx.record("station", "all", {"cards": len(rows)})
    return rows


def _about(tx: Tx, session_id: int) -> dict[str, Any]:
    """Return the head of a session's print; the act has asked whether it may be seen."""
    row = one(tx.db, _ABOUT, id=session_id)
    if row is None:
        raise refuse("UNKNOWN_SESSION", session_id=session_id)
    return {**row, "exam_on": row["exam_on"].isoformat(), "label": LABELS[SessionStatus(row["status"])]}


def _came(tki_id: str | None, full_name: str | None, row: Row | None) -> dict[str, Any]:
    return {
        "tki_id": tki_id,
        "full_name": full_name,
        "outcome": None if row is None else STATUS_LABELS[Status(row["outcome"])],
        "recorded_at": None if row is None else _shown(row["recorded_at"]),
        "statement_no": None if row is None else row["statement_no"],
    }


def _shown(at: datetime | None) -> str | None:
    return None if at is None else (at + WIB).isoformat(sep=" ", timespec="minutes")
