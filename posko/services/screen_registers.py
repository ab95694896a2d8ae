"""What the office sees of a register: a list that is searched and paged in the database, and one entry as it stands (§3.2; R-012, R-098).

Tables and columns are those of `registry_columns`; nothing that was typed becomes SQL.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.list_query import contains, searched
from posko.services.office import act
from posko.services.paging import choice_or_none, part
from posko.services.registry_columns import PARTIES, REGISTERS, clean, plain_row
from posko.services.registry_entries import REGISTERS_TEXT, register_of
from posko.services.registry_history import ENTITY, audit_key
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx
    from posko.services.registry_values import Register

STATES = ("IN_FORCE", "NOT_YET", "OVER", "SUSPENDED")
"""How an entry stands today."""
MOST_CHOICES = 2_000
"""Keys of another register that a form offers; whoever has more types the code."""
KIND_OF = {register: kind for kind, register in PARTIES.items()}
"""Register -> kind of party under which its entries are suspended."""


@act("screen.register", Command.CHANGE_REGISTER)
def listed(
    tx: Tx, *, register: str, limit: int, offset: int, search: str | None = None, state: str | None = None
) -> Row:
    """Return one page of a register by key.

    Args:
        tx: the act.
        register: one of `REGISTERS`.
        limit: rows at most.
        offset: rows before.
        search: part of any text or code of the row; None or blank: all.
        state: one of `STATES`, or None.

    Returns:
        `total`, and `rows`: every column (dates as ISO texts) and `state`.

    Raises:
        Refused: unknown register, a filter that there is not, or the role may not.
    """
    tx.about(ENTITY, register if isinstance(register, str) and register in REGISTERS_TEXT else "-")
    tx.permit(how=Act.READ)
    found = register_of(register)
    asked = {
        "search": searched(search),
        "wanted": choice_or_none(state, "Keadaan", STATES),
        "day": local_day(tx.at),
        "kind": KIND_OF.get(found.name),
    }
    some, standing = part(limit, offset), _standing(found)
    texts = [f"entry.{column.name}" for column in found.columns if column.kind in {"code", "text"}]
    source = (
        f"from (select entry.*, {standing} as state from posko.{found.name} as entry where {contains(*texts)}) as entry"
        " where (:wanted is null or entry.state = :wanted)"
    )
    total = one(tx.db, f"select count(*) as entries {source}", **asked)
    rows = many(
        tx.db,
        f"select {', '.join(f'entry.{name}' for name in found.names)}, entry.state {source}"
        f" order by {', '.join(f'entry.{name}' for name in found.key)} limit :most offset :before",
        **some,
        **asked,
    )
    tx.record(ENTITY, found.name, {"rows": len(rows), **some, "is_searched": asked["search"] is not None})
    return {"total": int(total["entries"]) if total else 0, "rows": [plain_row(row) for row in rows]}


@act("screen.register_entry", Command.CHANGE_REGISTER)
def entry(tx: Tx, *, register: str, key: Mapping[str, object]) -> Row:
    """Return one entry as a form opens it.

    Args:
        tx: the act.
        register: one of `REGISTERS`.
        key: column -> value of its key, dates as ISO texts.

    Returns:
        `key` as the history calls it; `seen`: the row as it survives JSON; `suspensions` of it, the newest first.

    Raises:
        Refused: unknown register, no such entry, or the role may not.
    """
    tx.about(ENTITY, register if isinstance(register, str) and register in REGISTERS_TEXT else "-")
    tx.permit(how=Act.READ)
    found = register_of(register)
    if not isinstance(key, dict) or set(key) != set(found.key):
        raise refuse("UNKNOWN_ENTRY")
    row, problems = clean(found, key)
    if any(problem.column in found.key for problem in problems):
        raise refuse("UNKNOWN_ENTRY")
    there = one(
        tx.db,
        f"select {', '.join(found.names)} from posko.{found.name}"
        f" where {' and '.join(f'{name} = :{name}' for name in found.key)}",
        **{name: row[name] for name in found.key},
    )
    if there is None:
        raise refuse("UNKNOWN_ENTRY")
    name = found.key_of(there)
    tx.record(ENTITY, audit_key(found.name, name), {"screen": "register"})
    return {"key": name, "seen": plain_row(there), "suspensions": _suspensions(tx, found, name)}


@act("screen.register_choices", Command.CHANGE_REGISTER)
def choices(tx: Tx, *, register: str) -> dict[str, list[str]]:
    """Return for each column of a register that names another register's entry which codes there are; none where there are too many.

    Raises:
        Refused: unknown register, or the role may not.
    """
    tx.about(ENTITY, register if isinstance(register, str) and register in REGISTERS_TEXT else "-")
    tx.permit(how=Act.READ)
    found = register_of(register)
    offered = {}
    for column in found.columns:
        if column.refers is None:
            continue
        target = REGISTERS[column.refers].key[0]
        rows = many(
            tx.db,
            f"select {target} as code from posko.{column.refers} order by code limit :most",
            most=MOST_CHOICES + 1,
        )
        if len(rows) <= MOST_CHOICES:
            offered[column.name] = [str(row["code"]) for row in rows]
    tx.record(ENTITY, found.name, {"choices": sorted(offered)})
    return offered


def _standing(register: Register) -> str:
    """Return the expression of how an entry stands on :day."""
    cases = []
    if register.name in KIND_OF:
        cases.append(
            "when exists (select 1 from posko.suspension where party_kind = :kind"
            f" and party_code = entry.{register.key[0]} and suspended_from <= :day"
            " and (suspended_until is null or suspended_until >= :day)) then 'SUSPENDED'"
        )
    names = set(register.names)
    if "valid_from" in names:
        cases.append("when entry.valid_from > :day then 'NOT_YET'")
    if "valid_until" in names:
        cases.append("when entry.valid_until < :day then 'OVER'")
    if register.name == "blkln":
        cases.append("when entry.closed_on <= :day then 'OVER'")
    if register.name == "closed_day":
        cases.append("when entry.closed_on < :day then 'OVER'")
    return f"case {' '.join(cases)} else 'IN_FORCE' end" if cases else "'IN_FORCE'"


def _suspensions(tx: Tx, register: Register, key: str) -> list[Row]:
    kind = KIND_OF.get(register.name)
    if kind is None:
        return []
    rows = many(
        tx.db,
        "select suspension_id, suspended_from, suspended_until, reason from posko.suspension where party_kind = :kind"
        " and party_code = :code order by suspension_id desc limit :most",
        kind=kind,
        code=key,
        most=inputs.MOST_ROWS,
    )
    yesterday = local_day(tx.at) - dt.timedelta(days=1)
    return [
        {**plain_row(row), "is_over": row["suspended_until"] is not None and row["suspended_until"] <= yesterday}
        for row in rows
    ]
