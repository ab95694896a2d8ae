"""The result table of a session, from TUK and assessor to the LSP by itself (§13.8-13.9; R-132..R-134, X5).

All results go, K and BK. A line's version is the version of the assessment that it carries, so that a correction is a new line and the
old one can still be recomputed: `line_hashes` does it for `posko ledger check` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.handoff import Hop, batch_hash, row_hash
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import SessionStatus
from posko.services import handoffs, journeys
from posko.services.handoffs import Line
from posko.services.office import act
from posko.services.rows import Row, chunks, many, one
from posko.services.session_rows import ENTITY, move_session, session_at, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

_ASSESSED = (
    "select assessment.assessment_id, assessment.journey_id, assessment.version, assessment.session_id, assessment.met_no,"
    " assessment.result, assessment.proof_id, assessment.assessed_at, allocation.attempt_no, journey.tki_id,"
    " session.scheme_code, session.tuk_code, session.lsp_code, session.exam_on"
    " from posko.assessment as assessment join posko.journey as journey on journey.journey_id = assessment.journey_id"
    " join posko.exam_session as session on session.session_id = assessment.session_id"
    " join posko.allocation as allocation on allocation.journey_id = assessment.journey_id"
    " and allocation.session_id = assessment.session_id and allocation.attempt_no is not null"
)


def result_fields(row: Row) -> list[object]:
    """Return what is handed over of one assessment, in order; `row["units"]` is unit -> result."""
    names = ("tki_id", "journey_id", "attempt_no", "session_id", "scheme_code", "tuk_code", "lsp_code", "exam_on")
    units = [f"{unit}={result}" for unit, result in sorted(row["units"].items())]
    what = [row[name] for name in ("met_no", "version", "result", "proof_id")]
    return [*(row[name] for name in names), *what, row["assessed_at"].isoformat(timespec="microseconds"), *units]


def assessments(db: sa.Connection, journey_ids: Iterable[int]) -> list[Row]:
    """Return every version of the assessments of these journeys with its units, oldest first."""
    found: list[Row] = []
    for some in chunks(sorted(set(journey_ids))):
        rows = many(
            db,
            f"{_ASSESSED} where assessment.journey_id in :ids order by assessment.journey_id, assessment.version",
            ids=some,
        )
        items = many(
            db,
            "select item.assessment_id, item.unit_code, item.result from posko.score_item as item"
            " join posko.assessment as assessment on assessment.assessment_id = item.assessment_id"
            " where assessment.journey_id in :ids",
            ids=some,
        )
        units: dict[int, dict[str, str]] = {}
        for item in items:
            units.setdefault(item["assessment_id"], {})[item["unit_code"]] = item["result"]
        found += [{**row, "units": units.get(row["assessment_id"], {})} for row in rows]
    return found


def line_hashes(db: sa.Connection, journey_ids: Iterable[int]) -> dict[tuple[int, int], bytes]:
    """Return (journey_id, version) -> hash of that result as the operational rows hold it now (hop TUK_TO_LSP)."""
    return {
        (int(row["journey_id"]), int(row["version"])): row_hash(result_fields(row))
        for row in assessments(db, journey_ids)
    }


def recomputed(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    """Return tki_id -> hash of some lines of a batch, computed anew; a row that is gone is missing (`posko ledger check`)."""
    now = line_hashes(db, [int(line["journey_id"]) for line in lines if line["journey_id"] is not None])
    found = {str(line["tki_id"]): now.get((line["journey_id"], line["version"])) for line in lines}
    return {tki_id: made for tki_id, made in found.items() if made is not None}


def send(tx: Tx, session: Row, journey_ids: Sequence[int]) -> int:
    """Send the newest results of these journeys to the LSP, in the transaction of the act that made them; return the batch."""
    newest = newest_of(tx.db, journey_ids)
    lines = [
        Line(row["tki_id"], row_hash(result_fields(row)), row["journey_id"], row["attempt_no"], row["version"])
        for row in newest
    ]
    sender, receiver = f"TUK:{session['tuk_code']}", f"LSP:{session['lsp_code']}"
    return handoffs.send(
        tx, Hop.TUK_TO_LSP, sender=sender, receiver=receiver, lines=lines, version=_sent(tx, session["session_id"]) + 1
    )


def _sent(tx: Tx, session_id: int) -> int:
    """Return how often results of the session were sent; the caller holds the session's lock."""
    found = one(
        tx.db,
        "select count(distinct line.batch_id) as batches from posko.assessment as assessment"
        " join posko.handoff_line as line on line.journey_id = assessment.journey_id and line.hop = :hop"
        " where assessment.session_id = :session",
        hop=Hop.TUK_TO_LSP.value,
        session=session_id,
    )
    return int(found["batches"]) if found else 0


def newest_of(db: sa.Connection, journey_ids: Iterable[int]) -> list[Row]:
    """Return the newest assessment of each of these journeys, in the order of their numbers."""
    return list({row["journey_id"]: row for row in assessments(db, journey_ids)}.values())


def waiting_batches(db: sa.Connection, session_id: int) -> list[int]:
    """Return the batches of a session's results that the LSP has not taken over, oldest first: until then it may not decide."""
    found = many(
        db,
        "select distinct batch.batch_id from posko.assessment as assessment"
        " join posko.handoff_line as line on line.journey_id = assessment.journey_id and line.hop = :hop"
        " join posko.handoff_batch as batch on batch.batch_id = line.batch_id and batch.loaded_at is null"
        " where assessment.session_id = :session order by batch.batch_id",
        hop=Hop.TUK_TO_LSP.value,
        session=session_id,
    )
    return [int(row["batch_id"]) for row in found]


@act("results.receive", Command.DECIDE)
def receive_results(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Take over at the LSP what the session sent, compared with the rows themselves; the session is closed then.

    Returns:
        `rows`, the whole result table as it now stands, and `sha256` over it.

    Raises:
        Refused: nothing was sent yet, nothing is new, or what arrived is not what was sent (DV-A11).
    """
    session = session_at(tx, session_id, scope=("lsp_code",))
    number = session["session_id"]
    if session["status"] not in {SessionStatus.SCORED, SessionStatus.CLOSED}:
        raise refuse("RESULTS_NOT_READY", session_id=number, state=state_of(session))
    batches = waiting_batches(tx.db, number)
    if not batches:
        raise refuse("RESULTS_TAKEN_OVER", session_id=number)
    scored = _scored_ids(tx, number)
    for batch_id in batches:
        lines = many(
            tx.db, "select tki_id, journey_id, version from posko.handoff_line where batch_id = :id", id=batch_id
        )
        handoffs.take_over(tx, batch_id, recomputed(tx.db, {"batch_id": batch_id}, lines))
    journeys.hold_part(tx, scored, "LSP")
    if session["status"] == SessionStatus.SCORED:
        tx.about(ENTITY, number)
        move_session(tx, session, SessionStatus.CLOSED, {"batches": batches})
    return _table(tx, session)


@act("results.table", Command.DECIDE)
def result_table(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Return the result table of a session that the LSP has taken over, again; with when each part arrived.

    Raises:
        Refused: it was not taken over yet.
    """
    session = session_at(tx, session_id, scope=("lsp_code",), how=Act.READ, lock="")
    if session["status"] != SessionStatus.CLOSED:
        raise refuse("RESULTS_NOT_READY", session_id=session["session_id"], state=state_of(session))
    table = _table(tx, session)
    tx.record(ENTITY, session["session_id"], {"rows": len(table["rows"])})
    return table


def _scored_ids(tx: Tx, session_id: int) -> list[int]:
    found = many(
        tx.db,
        "select distinct journey_id from posko.assessment where session_id = :id order by journey_id",
        id=session_id,
    )
    return [int(row["journey_id"]) for row in found]


def _table(tx: Tx, session: Row) -> dict[str, Any]:
    scored = _scored_ids(tx, session["session_id"])
    people = many(tx.db, "select journey_id, full_name from posko.candidate where journey_id in :ids", ids=scored)
    names = {row["journey_id"]: row["full_name"] for row in people}
    newest = newest_of(tx.db, scored)
    rows = [
        {
            "journey_id": int(row["journey_id"]),
            "tki_id": row["tki_id"],
            "full_name": names.get(row["journey_id"]),
            "attempt_no": int(row["attempt_no"]),
            "version": int(row["version"]),
            "result": row["result"],
            "units": row["units"],
            "met_no": row["met_no"],
            "assessed_at": row["assessed_at"].isoformat(),
        }
        for row in newest
    ]
    total = batch_hash(row_hash(result_fields(row)) for row in newest)
    return {"session_id": int(session["session_id"]), "rows": rows, "sha256": total.hex()}
