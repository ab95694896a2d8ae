"""Writing of registers: rows, what they were before, and an event each; nothing is deleted (R-012, R-021)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.refusals import refuse
from posko.services.registry_columns import REGISTERS, Problem, plain_row, references
from posko.services.rows import Row, add_many, many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.domain.audit import Event
    from posko.services.office import Tx
    from posko.services.registry_values import Register

ENTITY = "register"
LONGEST_KEY = 120
"""What the audit log holds of a key; a longer one is cut and named by its digest."""


def audit_key(register: str, key: str) -> str:
    """Return a key as the audit log names it."""
    full = f"{register}/{key}"
    return full if len(full) <= LONGEST_KEY else f"{full[:80]}#{sha256(full.encode()).hexdigest()[:32]}"


def rows_of(db: sa.Connection, register: Register, *, lock: bool = False) -> dict[str, Row]:
    """Return all rows of a register by key."""
    found = many(db, f"select {', '.join(register.names)} from posko.{register.name}{' for update' if lock else ''}")
    return {register.key_of(row): row for row in found}


def unknown(db: sa.Connection, register: Register, rows: Sequence[tuple[int, Row]]) -> list[Problem]:
    """Return a problem for every reference to a row that no register holds."""
    wanted: dict[str, set[str]] = {}
    for _, row in rows:
        for _, target, key in references(register, row):
            wanted.setdefault(target, set()).add(key)
    known = {target: _known(db, REGISTERS[target], sorted(keys)) for target, keys in wanted.items()}
    return [
        Problem(line, column, f"{key} tidak ada pada daftar {REGISTERS[target].label}")
        for line, row in rows
        for column, target, key in references(register, row)
        if key not in known[target]
    ]


def write(tx: Tx, register: Register, pairs: Sequence[tuple[Row | None, Row]], reason: str) -> None:
    """Write rows that are new (before is None) or changed, with their history and one event each.

    Raises:
        Refused: another row has a value that may stand once.
    """
    new = [after for before, after in pairs if before is None]
    changed = [after for before, after in pairs if before is not None]
    others = [name for name in register.names if name not in register.key]
    try:
        with tx.db.begin_nested():
            add_many(tx.db, register.name, new)
            if changed and others:
                tx.db.execute(
                    sa.text(
                        f"update posko.{register.name} set {', '.join(f'{name} = :{name}' for name in others)}"
                        f" where {' and '.join(f'{name} = :{name}' for name in register.key)}"
                    ),
                    changed,
                )
    except sa.exc.IntegrityError as error:
        raise refuse("ENTRY_TAKEN", register=register.label) from error
    remember(tx, register.name, [(register.key_of(after), before, after) for before, after in pairs], reason)


def remember(tx: Tx, register: str, told: Sequence[tuple[str, Row | None, Row]], reason: str) -> None:
    """Keep key, before and after of each row for good, and write one event each."""
    rows: list[dict[str, Any]] = []
    events: list[Event] = []
    for key, before, after in told:
        old, new = None if before is None else plain_row(before), plain_row(after)
        rows.append(
            {
                "register": register,
                "register_key": key,
                "before_json": None if old is None else json.dumps(old, ensure_ascii=False),
                "after_json": json.dumps(new, ensure_ascii=False),
                "changed_at": tx.at,
                "changed_by": tx.context.get("operator", tx.person_id),
                "reason": reason,
            }
        )
        events.append(tx.event(ENTITY, audit_key(register, key), {**_difference(register, old, new), "reason": reason}))
    add_many(tx.db, "registry_change", rows)
    tx.record_many(events)


def _difference(register: str, old: Row | None, new: Row) -> Row:
    """Return before and after of what changed; of a person's name only that it changed."""
    columns = REGISTERS[register].columns if register in REGISTERS else ()
    personal = {column.name for column in columns if column.is_personal}
    names = [name for name in new if old is None or old.get(name) != new[name]]
    shown = [name for name in names if name not in personal]
    return {
        "changed": names,
        "before": None if old is None else {name: old[name] for name in shown},
        "after": {name: new[name] for name in shown},
    }


def _known(db: sa.Connection, register: Register, keys: list[str]) -> set[str]:
    column = register.key[0]
    found = many(db, f"select {column} as code from posko.{register.name} where {column} in :keys", keys=keys)
    return {row["code"] for row in found}
