"""The LSP's decision: who passed, under which SK, and all that follows from it by itself (§13.9-13.14; R-135..R-141, X2, X5).

The assessor's result is the default. The LSP may deviate from it with a reason, which becomes a deviation (DV-N05). In the same
transaction the system makes number and secure code of those who passed and sends the table of all to BNSP: there is no
click in between, and after a failure nothing of it exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.handoff import row_hash
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.session_status import SessionStatus
from posko.domain.status import Status
from posko.services import certification, deviation_register, inputs, journeys, result_table
from posko.services.office import Tx, act
from posko.services.parameters import number_on
from posko.services.results import waiting_batches
from posko.services.rows import Row, add_many, lsp_of, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

SK_MOST = 60
RESULTS = ("K", "BK")


@dataclass(frozen=True)
class _Decided:
    """What the LSP decides: the journeys, locked, and for each the assessor's result, the LSP's, and why they differ."""

    rows: list[Row]
    asesor: Mapping[int, str]
    result: Mapping[int, str]
    reason: Mapping[int, str] = field(default_factory=dict)

    def having(self, result: str) -> list[Row]:
        """Return the journeys with this result."""
        return [row for row in self.rows if self.result[row["journey_id"]] == result]

    def deviating(self) -> list[Row]:
        """Return the journeys whose result is not the assessor's."""
        return [row for row in self.rows if self.result[row["journey_id"]] != self.asesor[row["journey_id"]]]


@act("decision.decide", Command.DECIDE)
def decide(
    tx: Tx,
    *,
    session_id: int,
    sk_no: str,
    results: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """Fix the pass list of a session whose result table the LSP has received, certify who passed, and send all to BNSP.

    Args:
        tx: the act.
        session_id: the session; it is CLOSED, which is how the LSP received its table.
        sk_no: number of the LSP's decree; one may cover several sessions.
        results: journey -> `K` or `BK` where the LSP names a result; the others keep the assessor's.
        reasons: journey -> why the LSP deviates from the assessor; obligatory there.

    Returns:
        `decided` and `not_passed` as counts, `certified` as a list of `tki_id` with `certificate_no`, `batch_id` of the result table.

    Raises:
        Refused: not received, decided before, no SK number, no reason, not paid, or who decides had another part (DV-N06).
    """
    session = _session(tx, session_id)
    number = inputs.text(sk_no, "Nomor SK", SK_MOST)
    # A correction that is still on its way would make another result than the one that the LSP has seen.
    if session["status"] != SessionStatus.CLOSED or waiting_batches(tx.db, session_id):
        raise refuse("RESULTS_NOT_RECEIVED", session_id=session_id)
    decided = _decided(tx, session_id, results, reasons)
    journeys.hold_part(tx, [row["journey_id"] for row in decided.rows], "LSP")
    _check_paid(tx, decided)
    _write(tx, session, number, decided)
    return _carry_out(tx, session, number, decided)


def _session(tx: Tx, session_id: object) -> Row:
    """Return the session, locked, so that two decisions about it come one after the other."""
    wanted = inputs.number(session_id, "Sesi uji")
    tx.about("session", wanted)
    found = one(
        tx.db,
        "select session_id, lsp_code, scheme_code, status from posko.exam_session where session_id = :id for update",
        id=wanted,
    )
    tx.permit(lsp_code=lsp_of(found), session_id=wanted)
    if found is None:
        raise refuse("UNKNOWN_SESSION", session_id=wanted)
    tx.context["session_id"] = wanted
    return found


def _decided(tx: Tx, session_id: int, results: object, reasons: object) -> _Decided:
    rows = _waiting(tx, session_id)
    ids = [int(row["journey_id"]) for row in rows]
    asesor = _asesor_results(tx, session_id)
    for journey_id in ids:
        if journey_id not in asesor:
            tx.context["journey_id"] = journey_id
            raise refuse("RESULT_MISSING", journey_id=journey_id)
    named, why = inputs.by_journey(results, "Hasil"), inputs.by_journey(reasons, "Alasan")
    for journey_id in (*named, *why):
        if journey_id not in asesor or journey_id not in set(ids):
            raise refuse("NOT_IN_SESSION", journey_id=journey_id, session_id=session_id)
    own = {journey_id: inputs.choice(said, "Hasil", RESULTS) for journey_id, said in named.items()}
    decided = _Decided(
        rows,
        asesor={journey_id: asesor[journey_id] for journey_id in ids},
        result={journey_id: own.get(journey_id, asesor[journey_id]) for journey_id in ids},
        reason={journey_id: inputs.reason(text) for journey_id, text in why.items()},
    )
    for row in decided.deviating():
        if row["journey_id"] not in decided.reason:
            tx.context.update(journey_id=row["journey_id"], tki_id=row["tki_id"])
            raise refuse("DEVIATION_WITHOUT_REASON", journey_id=row["journey_id"])
    return decided


def _waiting(tx: Tx, session_id: int) -> list[Row]:
    """Return the journeys of a session that wait for the decision, locked."""
    listed = many(
        tx.db,
        "select allocation.journey_id from posko.allocation join posko.journey on journey.journey_id = allocation.journey_id"
        " and journey.attempt_no = allocation.attempt_no"
        " where allocation.session_id = :session and journey.status = :status",
        session=session_id,
        status=Status.ASSESSED.value,
    )
    locked = journeys.read_many(tx, [int(row["journey_id"]) for row in listed])
    rows = [row for row in locked if row["status"] == Status.ASSESSED]
    if not rows:
        before = one(tx.db, "select 1 as found from posko.decision where session_id = :id limit 1", id=session_id)
        raise refuse("ALREADY_DECIDED" if before else "NOTHING_TO_DECIDE", session_id=session_id)
    return rows


def _asesor_results(tx: Tx, session_id: int) -> dict[int, str]:
    """Return journey -> the assessor's result, the last correction of it."""
    return {
        int(row["journey_id"]): row["result"]
        for row in many(
            tx.db,
            "select journey_id, result from posko.assessment where session_id = :session order by version",
            session=session_id,
        )
    }


def _check_paid(tx: Tx, decided: _Decided) -> None:
    """Refuse when the payment gate is on and somebody who passed has not paid (R-096, DV-A13)."""
    if not number_on(tx.db, "payment_gate", local_day(tx.at)):
        return
    passed = [row["journey_id"] for row in decided.having("K")]
    unpaid = passed and many(
        tx.db,
        "select journey_id from posko.candidate where journey_id in :ids and payment_status = 'BELUM' order by journey_id",
        ids=passed,
    )
    if unpaid:
        tx.context["unpaid"] = [row["journey_id"] for row in unpaid[:20]]
        raise refuse("NOT_PAID", count=len(unpaid))


def _write(tx: Tx, session: Row, sk_no: str, decided: _Decided) -> None:
    """Write a decision for each journey, and a deviation for each that is not the assessor's."""
    add_many(
        tx.db,
        "decision",
        [
            {
                "journey_id": row["journey_id"],
                "session_id": session["session_id"],
                "lsp_code": session["lsp_code"],
                "sk_no": sk_no,
                "result": decided.result[row["journey_id"]],
                "asesor_result": decided.asesor[row["journey_id"]],
                "reason": decided.reason.get(row["journey_id"]),
                "decided_at": tx.at,
                "decided_by": tx.person_id,
            }
            for row in decided.rows
        ],
    )
    deviating = decided.deviating()
    told = {"sk_no": sk_no, "decided": len(decided.rows), "deviating": len(deviating)}
    event = tx.record("session", session["session_id"], told)
    for row in deviating:
        journey_id = row["journey_id"]
        evidence = {
            "sk_no": sk_no,
            "asesor": decided.asesor[journey_id],
            "lsp": decided.result[journey_id],
            "by": tx.person_id,
        }
        deviation_register.note(
            tx,
            "DV-N05",
            evidence,
            mode="P",
            subject_kind="journey",
            subject_code=journeys.name_of(row),
            journey_id=journey_id,
            tki_id=row["tki_id"],
            audit_event=event,
        )


def _carry_out(tx: Tx, session: Row, sk_no: str, decided: _Decided) -> dict[str, Any]:
    """Move the journeys on, make certificates, send the table; the counter of numbers is locked only from `issue` on."""
    after = journeys.advance_many(
        tx,
        decided.rows,
        Status.DECIDED,
        {key: {"sk_no": sk_no, "result": said} for key, said in decided.result.items()},
    )
    passed = [row for row in after if decided.result[row["journey_id"]] == "K"]
    failed = [row for row in after if decided.result[row["journey_id"]] == "BK"]
    made = certification.issue(tx, session["scheme_code"], _to_certify(tx, session, passed))
    table = result_table.rows_of(tx.db, [int(row["journey_id"]) for row in after])
    told: dict[int, dict[str, object]] = {
        int(row["journey_id"]): {
            "certificate_no": row["certificate_no"],
            "row_sha256": row_hash(result_table.hand_over_fields(row)).hex(),
        }
        for row in table
    }
    certified = journeys.advance_many(tx, passed, Status.CERTIFIED, told)
    not_passed = journeys.advance_many(tx, failed, Status.NOT_PASSED)
    batch_id = result_table.send_results(tx, session["lsp_code"], table)
    sent = {key: {"batch_id": batch_id} for key in told}
    journeys.advance_many(tx, [*certified, *not_passed], Status.RESULT_SENT, sent)
    return {
        "decided": len(after),
        "certified": [{"tki_id": row["tki_id"], "certificate_no": row["certificate_no"]} for row in made],
        "not_passed": len(not_passed),
        "batch_id": batch_id,
    }


def _to_certify(tx: Tx, session: Row, passed: list[Row]) -> list[Row]:
    """Return what a certificate needs of each journey: it is bound to its decision."""
    if not passed:
        return []
    tki = {row["journey_id"]: row["tki_id"] for row in passed}
    found = many(tx.db, "select decision_id, journey_id from posko.decision where journey_id in :ids", ids=sorted(tki))
    return [{**row, "tki_id": tki[row["journey_id"]], "lsp_code": session["lsp_code"]} for row in found]
