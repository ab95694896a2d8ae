"""Registers kept by hand: add, change, expire, suspend, lift; every former state stays readable (§3.2, R-012, R-014, R-098)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.office import act
from posko.services.registry_columns import PARTIES, REGISTERS, clean, plain_row
from posko.services.registry_history import ENTITY, audit_key, remember, unknown, write
from posko.services.rows import Row, add, change, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from posko.services.office import Tx
    from posko.services.registry_values import Register

SUSPENSION = "suspension"
_SUSPENSION_COLUMNS = "suspension_id, party_kind, party_code, suspended_from, suspended_until, reason"


@act("registry.save", Command.CHANGE_REGISTER)
def save(
    tx: Tx, *, register: str, values: Mapping[str, object], reason: str, seen: Mapping[str, object] | None = None
) -> Row:
    """Add one row or change the one with its key; a column that is not named keeps its value.

    To let a licence expire, save its key with a new `valid_until`.

    Args:
        tx: the act.
        register: one of `REGISTERS`.
        values: column -> value, dates as dates or ISO texts.
        reason: why.
        seen: the row as the form showed it when it opened, dates as ISO texts; `{}`: there was none; None: nobody looked.

    Returns:
        `register`, `key`, `is_new`, `changed` (names of columns).

    Raises:
        Refused: unknown register, wrong values (each named), nothing changed, another row has the value, or the row is not as it was
            seen.
    """
    tx.about(ENTITY, str(register) if register in REGISTERS_TEXT else "-")
    tx.permit()
    found, why = register_of(register), inputs.reason(reason)
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise refuse("ROWS_WRONG")
    before = _before(tx, found, values)
    row, problems = clean(found, {**(before or {}), **values})
    problems = problems or unknown(tx.db, found, [(0, row)])
    if problems:
        tx.context["columns"] = [problem.column for problem in problems][:20]
        raise refuse("ENTRY_WRONG", problems=" ".join(str(problem) for problem in problems[:5]))
    key = found.key_of(row)
    tx.about(ENTITY, audit_key(found.name, key))
    _check_seen(found, before, seen)
    if row == before:
        raise refuse("ENTRY_SAME")
    write(tx, found, [(before, row)], why)
    changed = sorted(name for name in row if before is None or row[name] != before[name])
    return {"register": found.name, "key": key, "is_new": before is None, "changed": changed}


@act("registry.suspend", Command.CHANGE_REGISTER)
def suspend(
    tx: Tx,
    *,
    party_kind: str,
    party_code: str,
    suspended_from: object,
    suspended_until: object = None,
    reason: str,
) -> int:
    """Suspend a body or an assessor for a time, or until it is lifted; return the suspension's number.

    Raises:
        Refused: no such party, dates reversed, or another suspension covers a day of it.
    """
    tx.about(ENTITY, SUSPENSION)
    tx.permit()
    if not isinstance(party_kind, str) or party_kind not in PARTIES:
        raise refuse("PARTY_KIND_WRONG", choices=", ".join(PARTIES))
    code, why = inputs.text(party_code, "Kode", 200), inputs.reason(reason)
    first = inputs.day(suspended_from, "Tanggal mulai")
    last = None if suspended_until is None else inputs.day(suspended_until, "Tanggal akhir")
    if last is not None and last < first:
        raise refuse("DATES_REVERSED")
    register = REGISTERS[PARTIES[party_kind]]
    if _locked(tx.db, register, {register.key[0]: code}) is None:
        raise refuse("UNKNOWN_ENTRY")
    tx.about(ENTITY, audit_key(SUSPENSION, f"{party_kind}/{code}"))
    if one(
        tx.db,
        "select count(*) as found from posko.suspension where party_kind = :kind and party_code = :code"
        " and suspended_from <= coalesce(suspended_until, suspended_from)"
        " and (:last is null or suspended_from <= :last) and (suspended_until is null or suspended_until >= :first)",
        kind=party_kind,
        code=code,
        first=first,
        last=last,
    ) != {"found": 0}:
        raise refuse("SUSPENSION_OPEN")
    row: Row = {
        "party_kind": party_kind,
        "party_code": code,
        "suspended_from": first,
        "suspended_until": last,
        "reason": why,
    }
    number = add(tx.db, SUSPENSION, row)
    remember(tx, SUSPENSION, [(f"{party_kind}/{code}", None, {**row, "suspension_id": number})], why)
    return number


@act("registry.end_suspension", Command.CHANGE_REGISTER)
def end_suspension(tx: Tx, *, suspension_id: int, ended_on: object, reason: str) -> Row:
    """Lift a suspension: `ended_on` is its last day, not before yesterday; before its first day it never counts.

    Raises:
        Refused: no such suspension, over already, or the day lies in the past.
    """
    tx.about(ENTITY, SUSPENSION)
    tx.permit()
    if not isinstance(suspension_id, int) or isinstance(suspension_id, bool) or not 0 < suspension_id < 2**63:
        raise refuse("UNKNOWN_SUSPENSION")
    why, last = inputs.reason(reason), inputs.day(ended_on, "Tanggal akhir")
    before = one(
        tx.db,
        f"select {_SUSPENSION_COLUMNS} from posko.suspension where suspension_id = :id for update",
        id=suspension_id,
    )
    if before is None:
        raise refuse("UNKNOWN_SUSPENSION")
    key = f"{before['party_kind']}/{before['party_code']}"
    tx.about(ENTITY, audit_key(SUSPENSION, key))
    yesterday = local_day(tx.at) - dt.timedelta(days=1)
    if before["suspended_until"] is not None and before["suspended_until"] <= yesterday:
        raise refuse("SUSPENSION_OVER")
    if last < yesterday:
        raise refuse("DATE_PAST", what="Tanggal akhir")
    change(
        tx.db,
        "update posko.suspension set suspended_until = :last where suspension_id = :id",
        last=last,
        id=suspension_id,
    )
    remember(tx, SUSPENSION, [(key, before, {**before, "suspended_until": last})], why)
    return {"suspension_id": suspension_id, "suspended_until": last.isoformat()}


@act("registry.history", Command.CHANGE_REGISTER)
def history(tx: Tx, *, register: str, key: str) -> list[Row]:
    """Return every change of one row of a register (or of `suspension`, key `KIND/CODE`), oldest first.

    Raises:
        Refused: no such register.
    """
    tx.about(ENTITY, str(register) if register in REGISTERS_TEXT else "-")
    tx.permit(how=Act.READ)
    name = SUSPENSION if register == SUSPENSION else register_of(register).name
    wanted = inputs.text(key, "Kunci", 255)
    found = many(
        tx.db,
        "select change_id, before_json, after_json, changed_at, changed_by, reason from posko.registry_change"
        " where register = :register and register_key = :key order by change_id",
        register=name,
        key=wanted,
    )
    tx.record(ENTITY, audit_key(name, wanted), {"rows": len(found)})
    return [
        {
            "change_id": row["change_id"],
            "before": json.loads(row["before_json"]) if row["before_json"] else None,
            "after": json.loads(row["after_json"]) if row["after_json"] else None,
            "changed_at": row["changed_at"].isoformat(),
            "changed_by": row["changed_by"],
            "reason": row["reason"],
        }
        for row in found
    ]


REGISTERS_TEXT = (*REGISTERS, SUSPENSION)
"""What may be named as a register in an event."""


def register_of(name: object) -> Register:
    """Return a register by name.

    Raises:
        Refused: there is none.
    """
    if not isinstance(name, str) or name not in REGISTERS:
        raise refuse("UNKNOWN_REGISTER", choices=", ".join(REGISTERS))
    return REGISTERS[name]


def _check_seen(register: Register, before: Row | None, seen: object) -> None:
    """Refuse a change of a row that somebody else changed since it was shown, and an addition of one that is there."""
    if seen is None:
        return
    if seen == {} and before is not None:
        raise refuse("ENTRY_EXISTS", register=register.label)
    if (plain_row(before) if before else {}) != seen:
        raise refuse("CHANGED_MEANWHILE")


def _before(tx: Tx, register: Register, values: Mapping[str, object]) -> Row | None:
    """Return the row with the key that the values name, locked; None where there is none or the key is not complete."""
    row, problems = clean(register, values)
    if any(problem.column in register.key for problem in problems):
        return None
    return _locked(tx.db, register, {name: row[name] for name in register.key})


def _locked(db: sa.Connection, register: Register, key: Row) -> Row | None:
    where = " and ".join(f"{name} = :{name}" for name in key)
    return one(db, f"select {', '.join(register.names)} from posko.{register.name} where {where} for update", **key)
