"""Search, registration and payment at the Konsorsium (§12.5, Gambar 4-5; R-087, R-091..R-096, R-183).

Whoever registers has searched before: only a TKI whom BNSP sent, and whom the filter still lets pass, can be registered; every search
leaves an event, also one that finds nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.status import LABELS, Status
from posko.services import inputs, intake, journeys, payments
from posko.services.office import act
from posko.services.pipeline_results import eligible_among, held_back, proposals_of, refuse_held_back, unplaced_reason
from posko.services.registration_record import facts_of, read_record
from posko.services.rows import Row, add_many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from posko.services.office import Tx

PAYMENTS = ("BELUM", "LUNAS", "DIBEBASKAN")
_NEWEST = """
    select journey.journey_id, journey.scheme_code, journey.journey_no, journey.attempt_no, journey.status,
        candidate.payment_status, session.session_id, session.exam_on, session.lsp_code, session.tuk_code, session.met_no
    from posko.journey as journey
    left join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    left join posko.exam_session as session on session.session_id = allocation.session_id
    where journey.tki_id = :tki order by journey.journey_id desc limit 1"""
_OPEN = "select journey_id from posko.journey where tki_id in :ids and open_scheme is not null"


@act("registration.search", Command.SEARCH)
def search(tx: Tx, *, tki_id: str) -> dict[str, Any]:
    """Look for one TKI and return what Gambar 5 shows, with where she stands; LSP and TUK find only those allocated to them.

    Returns:
        `found` False, or `record` (25 columns, NIK masked), `status`, `label`, `journey_id`, `place`, `proposal`, `held_back`.
    """
    tki_id = inputs.tki(tki_id)
    tx.about("tki", tki_id)
    newest = one(tx.db, _NEWEST, tki=tki_id)
    tx.permit(
        lsp_code=newest["lsp_code"] if newest else None,
        tuk_code=newest["tuk_code"] if newest else None,
    )
    record: dict[str, Any] | None = read_record(tx.db, tki_id)
    if record is None:
        tx.record("tki", tki_id, {"found": False}, outcome="failed")
        return {"found": False}
    tx.record("tki", tki_id, {"found": True})
    record["payment_status"] = newest["payment_status"] if newest else None
    return {"found": True, "tki_id": tki_id, "record": record, **_standing(newest), **_judged(tx, tki_id)}


@act("registration.register", Command.REGISTER)
def register(tx: Tx, *, tki_id: str) -> int:
    """Register one TKI who stands at the Konsorsium; return the number of her journey.

    Raises:
        Refused: unknown, held back by the filter (the sentence says why), not sent yet, or registered before.
    """
    tki_id = inputs.tki(tki_id)
    tx.about("tki", tki_id)
    tx.permit()
    return _register(tx, [tki_id])[0]


@act("registration.register_many", Command.REGISTER)
def register_many(tx: Tx, *, tki_ids: list[str]) -> list[int]:
    """Register many TKI, all or none; return the numbers of their journeys in the order of the list.

    Raises:
        Refused: as `register`; it names the first who may not.
    """
    tx.permit()
    return _register(tx, inputs.listed(tki_ids, "Daftar ID TKI", inputs.tki))


@act("registration.register_again", Command.REGISTER)
def register_again(tx: Tx, *, tki_id: str) -> int:
    """Open and register the next journey of a TKI who did not pass and whose result went back to BNP2TKI (R-183).

    Raises:
        Refused: her last journey is not closed, she holds a certificate, or she is not eligible.
    """
    tki_id = inputs.tki(tki_id)
    tx.about("tki", tki_id)
    tx.permit()
    last = one(
        tx.db,
        "select scheme_code, status from posko.journey where tki_id = :tki order by journey_id desc limit 1 for update",
        tki=tki_id,
    )
    facts = facts_of(tx.db, [tki_id]).get(tki_id)
    if last is None or facts is None:
        raise refuse("TKI_UNKNOWN" if facts is None else "TKI_NOT_SENT", tki_id=tki_id)
    if last["status"] != Status.CLOSED.value:
        raise refuse("TKI_NOT_CLOSED", tki_id=tki_id)
    _refuse_certified(tx, tki_id, last["scheme_code"])
    new = {"tki_id": tki_id, "scheme_code": last["scheme_code"], "row_crc": facts["source_row_crc"]}
    intake.open_and_send(tx, [new])
    return _register(tx, [tki_id])[0]


@act("registration.set_payment", Command.REGISTER)
def set_payment(tx: Tx, *, journey_id: int, payment_status: str) -> str:
    """Write down whether the fee is paid (BELUM, LUNAS, DIBEBASKAN) and return the state before (Gambar 4-5, R-096)."""
    journey_id = inputs.number(journey_id, "Nomor peserta")
    tx.permit()
    payment_status = inputs.choice(payment_status, "Pembayaran", PAYMENTS)
    row = journeys.read(tx, journey_id)
    if row["status"] == Status.CLOSED.value:
        raise refuse("JOURNEY_CLOSED")
    before = payments.states_of(tx, [journey_id])
    if not before:
        raise refuse("NOT_REGISTERED_YET")
    payments.write(tx, [row], before, {journey_id: payment_status})
    return before[journey_id]


def _standing(newest: Row | None) -> dict[str, Any]:
    if newest is None:
        return {"journey_id": None, "status": None, "label": None, "attempt_no": None, "place": None}
    place = None
    if newest["session_id"] is not None:
        place = {name: newest[name] for name in ("session_id", "lsp_code", "tuk_code", "met_no")}
        place["exam_on"] = newest["exam_on"].isoformat()
    return {
        "journey_id": newest["journey_id"],
        "status": newest["status"],
        "label": LABELS[Status(newest["status"])],
        "attempt_no": newest["attempt_no"],
        "place": place,
    }


def _judged(tx: Tx, tki_id: str) -> dict[str, Any]:
    """Return what the pipeline says of her: a proposal, why there is none, or why she is held back."""
    proposal = proposals_of(tx, [tki_id]).get(tki_id)
    if proposal is not None:
        proposal = {**proposal, "proposed_on": proposal["proposed_on"].isoformat()}
    return {
        "proposal": proposal,
        "unplaced": unplaced_reason(tx, tki_id),
        "held_back": [{"rule": row["rule_id"], "reason": row["reason"]} for row in held_back(tx, tki_id)],
    }


def _register(tx: Tx, tki_ids: Sequence[str]) -> list[int]:
    facts, eligible = facts_of(tx.db, tki_ids), eligible_among(tx, tki_ids)
    opened = [row["journey_id"] for row in many_among(tx.db, _OPEN, tki_ids)]
    found = {row["tki_id"]: row for row in journeys.read_many(tx, opened)}
    for tki_id in tki_ids:
        _check_may_register(tx, tki_id, found.get(tki_id), is_known=tki_id in facts, is_eligible=tki_id in eligible)
    rows = [found[tki_id] for tki_id in tki_ids]
    ids = [int(row["journey_id"]) for row in rows]
    journeys.hold_part(tx, ids, "KONSORSIUM")
    own = {"registered_at": tx.at, "registered_by": tx.person_id}
    add_many(
        tx.db,
        "candidate",
        [
            {**facts[row["tki_id"]], "journey_id": row["journey_id"], "scheme_code": row["scheme_code"], **own}
            for row in rows
        ],
    )
    journeys.advance_many(tx, rows, Status.REGISTERED)
    return ids


def _check_may_register(tx: Tx, tki_id: str, row: Row | None, *, is_known: bool, is_eligible: bool) -> None:
    if row is not None and is_eligible and is_known and row["status"] == Status.SENT_TO_KONSORSIUM.value:
        return
    tx.about("tki", tki_id)
    tx.context["tki_id"] = tki_id
    if not is_known:
        raise refuse("TKI_UNKNOWN", tki_id=tki_id)
    if row is not None and row["status"] != Status.SENT_TO_KONSORSIUM.value:
        raise refuse("TKI_REGISTERED", tki_id=tki_id, label=LABELS[Status(row["status"])])
    if not is_eligible:
        refuse_held_back(tx, tki_id)
        raise refuse("TKI_NOT_JUDGED", tki_id=tki_id)
    raise refuse("TKI_NOT_SENT", tki_id=tki_id)


def _refuse_certified(tx: Tx, tki_id: str, scheme_code: str) -> None:
    certificate = one(
        tx.db,
        "select 1 as held from posko.certificate where tki_id = :tki and scheme_code = :scheme"
        " and status in ('VALID', 'SUSPENDED') and valid_until >= :today limit 1",
        tki=tki_id,
        scheme=scheme_code,
        today=local_day(tx.at),
    )
    if certificate is not None:
        raise refuse("TKI_HAS_CERTIFICATE", tki_id=tki_id)
