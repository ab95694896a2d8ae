"""A Super Administrator acts in another's place: begun with a reason, ended, and listed for review (§5.2, §9.1; R-069, DV-X03).

Whose place it is, is chosen at the beginning: from then on she may do there what that body could do itself, and nothing else of what
the truth table lets her do only on another's behalf. Every such act bears the reason in the audit log, and the refused ones do too.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import PARTIES, Act, Party
from posko.services import inputs
from posko.services.list_query import page
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, code_or_none, day_or_none
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk, Tx

ENTITY = "session"
_BODIES: Mapping[Role, tuple[str, str, str]] = {
    Role.LSP: ("posko.lsp", "lsp_code", "lsp_name"),
    Role.TUK: ("posko.tuk", "tuk_code", "tuk_name"),
}
"""Role of which there are several bodies -> register, code, name."""
_COLUMNS = (
    "event.event_id, event.occurred_at, event.actor_id, event.on_behalf_of, event.action, event.entity, event.entity_key,"
    " event.outcome, event.payload, event.device"
)
_ACTS = """
    from posko_audit.audit_event as event where event.on_behalf_of is not null
        and (:since is null or event.occurred_at >= :since) and (:until is null or event.occurred_at < :until)
        and (:person is null or event.actor_id = :person) and (:party is null or event.on_behalf_of = :party)
        and (:outcome is null or event.outcome = :outcome)"""


def on_behalf(desk: Desk, reason: str, party: str | None = None) -> Desk:
    """Return the desk at which a Super Administrator acts in another's place, with the reason that every such act then carries (R-069).

    Args:
        desk: hers.
        reason: why the body cannot act itself.
        party: `KONSORSIUM`, `LSP:<code>` or `TUK:<code>`; None: whoever the act is about.

    Raises:
        Refused: another role, no reason, or no such body.
    """
    begun = desk.do(begin, reason=reason, party=party)
    if desk.by is None:
        raise refuse("BEHALF_NOT_SUPER")
    return replace(desk, by=replace(desk.by, on_behalf=begun["reason"], party=_party(party)))


@act("session.begin_on_behalf", Command.LOGIN)
def begin(tx: Tx, *, reason: str, party: str | None = None) -> dict[str, str | None]:
    """Write down that a Super Administrator begins to act in another's place; return `reason` and `party` as they will be kept.

    Raises:
        Refused: as `on_behalf`.
    """
    _permit(tx)
    why, whose = inputs.reason(reason), _party(party)
    if whose is not None and whose.role in _BODIES:
        table, code, _ = _BODIES[whose.role]
        if one(tx.db, f"select 1 as found from {table} where {code} = :code", code=whose.code) is None:
            raise refuse("NO_SUCH_CODE", what=whose.role.value)
    tx.record(ENTITY, tx.person_id, {"reason": why, "party": None if whose is None else str(whose)})
    return {"reason": why, "party": party}


@act("session.end_on_behalf", Command.LOGIN)
def end(tx: Tx) -> str:
    """Write down that a Super Administrator acts for herself again; return the event's name.

    Raises:
        Refused: another role.
    """
    _permit(tx)
    return tx.record(ENTITY, tx.person_id, {"step": "ended"})


@act("session.parties", Command.LOGIN)
def parties(tx: Tx) -> list[Row]:
    """Return the bodies in whose place a Super Administrator may act: `party` as `on_behalf` takes it, `role`, `name`.

    Raises:
        Refused: another role.
    """
    _permit(tx)
    found: list[Row] = [{"party": Role.KONSORSIUM.value, "role": Role.KONSORSIUM.value, "name": None}]
    for role, (table, code, name) in _BODIES.items():
        rows = many(tx.db, f"select {code} as code, {name} as name from {table} order by {code}")
        found += [{"party": f"{role.value}:{row['code']}", "role": role.value, "name": row["name"]} for row in rows]
    tx.record(ENTITY, tx.person_id, {"parties": len(found)})
    return found


@act("session.on_behalf_acts", Command.READ_LOG)
def on_behalf_acts(
    tx: Tx,
    *,
    since: object = None,
    until: object = None,
    person_id: str | None = None,
    party: str | None = None,
    outcome: str | None = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return what was done in another's place, newest first: the list for review (R-069).

    Args:
        tx: the act.
        since: first day, in Indonesia; None: all.
        until: last day; None: all.
        person_id: only what this person did.
        party: only in the place of this body: its code, or KONSORSIUM.
        outcome: `ok`, `refused` or `failed`; None: all.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: event_id, occurred_at (UTC, ISO), actor_id, on_behalf_of, action, entity, entity_key, outcome, reason, code (of a
        refusal), device; and `total`.

    Raises:
        Refused: no such day, code or part of the list.
    """
    tx.permit(how=Act.READ)
    asked = {
        "since": _midnight(day_or_none(since, "Tanggal"), 0),
        "until": _midnight(day_or_none(until, "Tanggal"), 1),
        "person": code_or_none(person_id, "Nomor identitas"),
        "party": code_or_none(party, "Pihak"),
        "outcome": inputs.choice(outcome, "Hasil", ("ok", "refused", "failed")) if outcome else None,
    }
    total, found = page(tx.db, _COLUMNS, _ACTS, "event.event_id desc", asked, limit=limit, offset=offset)
    tx.record(ENTITY, "on_behalf", {"rows": len(found)})
    return {"rows": [_shown(row) for row in found], "total": total}


def _permit(tx: Tx) -> None:
    tx.about(ENTITY, tx.person_id)
    tx.permit()
    if tx.by is None or tx.by.role is not Role.SUPER:
        raise refuse("BEHALF_NOT_SUPER")


def _party(party: object) -> Party | None:
    """Return the body that `party` names; None where none is named.

    Raises:
        Refused: it is no body.
    """
    if party is None:
        return None
    role, _, code = (party if isinstance(party, str) else "").partition(":")
    inputs.choice(role, "Pihak", [one_role.value for one_role in PARTIES])
    is_one_of_many = Role(role) in _BODIES
    return Party(Role(role), inputs.code(code, role, 20) if is_one_of_many else None)


def _midnight(day: object, days_later: int) -> dt.datetime | None:
    """Return when a day begins in western Indonesia, as UTC."""
    if not isinstance(day, dt.date):
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days_later), dt.time()) - WIB


def _shown(row: Row) -> Row:
    told = json.loads(row.pop("payload"))
    return {
        **row,
        "occurred_at": row["occurred_at"].isoformat(),
        "reason": told.get("behalf_reason"),
        "code": told.get("code"),
    }
