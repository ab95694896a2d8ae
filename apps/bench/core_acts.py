"""The acts that `posko bench core` measures; they stand in no list of acts and nobody but the measurement can do them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from apps.bench.core_rows import LSP, TUK
from posko.domain.matrix import Command
from posko.services import certification, decision, placing, secure_codes
from posko.services.office import ActMeta, Tx
from posko.services.rows import add_many, many
from posko.services.scheduling_rules import Seat

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

T = TypeVar("T")


def _unlisted(name: str, command: Command | None) -> Callable[[T], T]:
    def declare(function: T) -> T:
        cast("Any", function).meta = ActMeta(name, command)
        return function

    return declare


class Injected(Exception):
    """The rollback that the measurement asks for."""


@_unlisted("bench.certify", Command.DECIDE)
def certify(tx: Tx, *, session_id: int, fail: bool) -> int:
    """Write the decisions of a session and its certificates, numbers and codes; nothing else of the act around them."""
    tx.permit(lsp_code=LSP)
    rows = many(
        tx.db,
        "select journey_id, tki_id from posko.candidate where journey_id in"
        " (select journey_id from posko.allocation where session_id = :id) order by journey_id",
        id=session_id,
    )
    add_many(
        tx.db,
        "decision",
        [
            {"journey_id": row["journey_id"], "session_id": session_id, "lsp_code": LSP, "sk_no": "SK", "result": "K"}
            | {"asesor_result": "K", "decided_at": tx.at, "decided_by": tx.person_id}
            for row in rows
        ],
    )
    made = certification.issue(
        tx,
        "TLRT",
        many(
            tx.db,
            "select d.decision_id, d.journey_id, d.lsp_code, c.tki_id from posko.decision as d"
            " join posko.candidate as c on c.journey_id = d.journey_id where d.session_id = :id",
            id=session_id,
        ),
    )
    tx.record("session", session_id, {"certificates": len(made)})
    return _end(len(made), fail=fail)


@_unlisted("bench.decide", Command.DECIDE)
def decide(tx: Tx, *, session_id: int, fail: bool) -> int:
    """Do the whole act of the LSP, as it is."""
    return _end(len(decision.decide(tx, session_id=session_id, sk_no="SK/BENCH")["certified"]), fail=fail)


@_unlisted("bench.codes", None)
def codes(tx: Tx, *, wanted: int) -> int:
    """Take so many free codes."""
    tx.record("bench", "codes")
    return len(secure_codes.take_codes(tx, wanted))


@_unlisted("bench.seat", None)
def take_seat(tx: Tx, *, day: date) -> None:
    """Take one seat of a TUK's day."""
    tx.record("bench", "seat")
    placing.take_seats(tx, Seat(day, LSP, TUK, "TLRT"), 1)


def _end(made: int, *, fail: bool) -> int:
    if fail:
        raise Injected
    return made
