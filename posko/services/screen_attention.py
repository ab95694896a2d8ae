"""What needs somebody besides the TKI who wait for a role: packages, batches, sessions, returns, a stopped publication (R-008, §12.8-14.5).

Each count leads to the page on which it is done; a role gets only what the truth table lets it see, an LSP or TUK only its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.handoff import Hop
from posko.domain.matrix import MATRIX, Command, Role
from posko.domain.roles import ACTS, Act
from posko.services import holds
from posko.services.office import act
from posko.services.rows import many, one
from posko.services.screen_asesor import KINDS, LAPSED
from posko.services.screen_returns import open_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from posko.services.office import Tx

REVIEW_DAYS = 7
"""Acts on another's behalf are to be looked at for so many days."""
_PACKAGES = """
    select count(*) as found from posko.distribution as package where package.acknowledged_at is null
        and (:kind is null or package.receiver_kind = :kind) and (:code is null or package.receiver_code = :code)"""
_REFUSED = """
    select count(distinct refusal.batch_id) as found from posko.package_refusal as refusal
    join posko.distribution as package on package.batch_id = refusal.batch_id and package.acknowledged_at is null"""
_UNBALANCED = """
    select count(*) as found from posko.handoff_batch as batch
    join posko.balance_check as checked on checked.balance_check_id =
        (select max(newest.balance_check_id) from posko.balance_check as newest where newest.batch_id = batch.batch_id)
    where batch.hop = :hop and checked.is_complete = 0
        and not exists (select 1 from posko.allocation_withdrawal as back where back.batch_id = batch.batch_id)"""
_LAPSED = f"""
    select count(*) as found from posko.exam_session as session join posko.asesor as asesor on asesor.met_no = session.met_no
    where session.status in :states and {LAPSED}"""
_OVERDUE = "select count(*) as found from posko.deviation_case where status <> 'CLOSED' and due_at < :at"
_FINDS = "select count(*) as found from posko.duplicate_candidate where verdict is null or verdict = 'UNSURE'"
_APPEALS = "select count(*) as found from posko.appeal where decided_at is null"
# Events bear the server's own time, also where another is played.
_BEHALF = """
    select count(*) as found from posko_audit.audit_event
    where on_behalf_of is not null and occurred_at >= utc_timestamp() - interval :days day"""


@act("screen.attention", Command.LOGIN)
def attention(tx: Tx) -> dict[str, int]:
    """Return what needs whoever is signed in: name -> how many, in the order of the flow; names that are not hers are left out.

    Names: `packages` (not taken over), `packages_refused`, `unbalanced` (sent allocations to be withdrawn), `lapsed` (sessions whose
    assessor is not in force), `cases_overdue`, `duplicates` (finds of the 1:N search without a verdict), `appeals` (not decided), `stopped`
    (1: the publication is stopped), `held_by_case`, `returns_different`, `returns_overdue`, and `behalf` (acts in another's place within
    7 days).
    """
    tx.about("staff", tx.person_id)
    tx.permit()
    found: dict[str, int] = {}
    for command, how, read in _READS:
        if tx.by is not None and how in ACTS[MATRIX[command][tx.by.role]]:
            found |= read(tx)
    tx.record("staff", tx.person_id, {"screen": "attention"})
    return found


def _packages(tx: Tx) -> dict[str, int]:
    role = tx.by.role if tx.by else None
    own = tx.by is not None and role in {Role.LSP, Role.TUK}
    code = (tx.by.lsp_code or tx.by.tuk_code or "-") if tx.by is not None and own else None
    return {"packages": _count(tx, _PACKAGES, kind=role.value if role and own else None, code=code)}


def _balance(tx: Tx) -> dict[str, int]:
    return {"packages_refused": _count(tx, _REFUSED)}


def _unbalanced(tx: Tx) -> dict[str, int]:
    return {"unbalanced": _count(tx, _UNBALANCED, hop=Hop.KONSORSIUM_TO_BNSP.value)}


def _lapsed(tx: Tx) -> dict[str, int]:
    states = [state.value for of_kind in KINDS.values() for state in of_kind]
    return {"lapsed": int(many(tx.db, _LAPSED, states=states, today=local_day(tx.at))[0]["found"])}


def _cases(tx: Tx) -> dict[str, int]:
    return {"cases_overdue": _count(tx, _OVERDUE, at=tx.at)}


def _duplicates(tx: Tx) -> dict[str, int]:
    return {"duplicates": _count(tx, _FINDS)}


def _appeals(tx: Tx) -> dict[str, int]:
    return {"appeals": _count(tx, _APPEALS)}


def _publication(tx: Tx) -> dict[str, int]:
    waiting = many(tx.db, "select journey_id from posko.journey where status in ('EVALUATED', 'PUBLISHED')")
    counts = open_counts(tx)
    return {
        "stopped": _count(tx, "select count(*) as found from posko.publication_stop where is_open = 1"),
        "held_by_case": len(holds.held_by_case(tx.db, [int(row["journey_id"]) for row in waiting])),
        "returns_different": counts["different"],
        "returns_overdue": counts["overdue"],
    }


def _behalf(tx: Tx) -> dict[str, int]:
    if tx.by is None or tx.by.role not in {Role.BNSP, Role.AUDITOR}:
        return {}
    return {"behalf": _count(tx, _BEHALF, days=REVIEW_DAYS)}


def _count(tx: Tx, sql: str, **values: object) -> int:
    row = one(tx.db, sql, **values)
    return int(row["found"]) if row else 0


_READS: tuple[tuple[Command, Act, Callable[[Tx], dict[str, int]]], ...] = (
    (Command.REGISTER, Act.DO, _lapsed),
    (Command.SEND_ALLOCATION, Act.DO, _unbalanced),
    (Command.BALANCE, Act.READ, _balance),
    (Command.ACKNOWLEDGE, Act.DO, _packages),
    (Command.TRIAGE_CASE, Act.DO, _cases),
    (Command.JUDGE_DUPLICATE, Act.DO, _duplicates),
    (Command.DECIDE_APPEAL, Act.DO, _appeals),
    (Command.PUBLISH, Act.READ, _publication),
    (Command.READ_LOG, Act.READ, _behalf),
)
"""Command whose cell opens a count, how far it must go, and what counts."""
