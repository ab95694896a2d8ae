"""Saved views: the filters of a list under a name of the person's own; nobody else reads, renames or takes them away (R-008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import Row, add, change, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "view"
NAME_MOST = 60
QUERY_MOST = 1000
MOST_VIEWS = 30
"""Views that one person keeps of one list."""


@act("view.list", Command.LOGIN)
def own(tx: Tx, *, list_name: str) -> list[Row]:
    """Return the own views of a list by name: `view_id`, `view_name`, `query` (as in an address).

    Raises:
        Refused: no such list.
    """
    name = _about(tx, list_name)
    rows = _kept(tx, name)
    tx.record(ENTITY, name, {"views": len(rows)})
    return rows


@act("view.save", Command.LOGIN)
def save(tx: Tx, *, list_name: str, view_name: str, query: str) -> int:
    """Keep filters under a name and return the number of the view; an own view of that name is replaced.

    Raises:
        Refused: name or filters are no text of one line, too long, like a NIK, or there are too many views.
    """
    name = _about(tx, list_name)
    called = inputs.text(view_name, "Nama tampilan", NAME_MOST)
    asked = "" if query == "" else inputs.text(query, "Saringan", QUERY_MOST)
    _lock(tx)
    kept = {row["view_name"]: int(row["view_id"]) for row in _kept(tx, name)}
    number = kept.get(called)
    if number is None:
        if len(kept) >= MOST_VIEWS:
            raise refuse("TOO_MANY_VIEWS", most=MOST_VIEWS)
        row = {"person_id": tx.person_id, "list_name": name, "view_name": called, "query": asked, "saved_at": tx.at}
        number = add(tx.db, "saved_view", row)
    else:
        sql = "update posko.saved_view set query = :query, saved_at = :at where view_id = :view"
        change(tx.db, sql, query=asked, at=tx.at, view=number)
    tx.record(ENTITY, number, {"list": name})
    return number


@act("view.rename", Command.LOGIN)
def rename(tx: Tx, *, view_id: int, view_name: str) -> None:
    """Give an own view another name.

    Raises:
        Refused: it is not there or not one's own, the name is no text of one line, or another own view has it.
    """
    row = _own_view(tx, view_id)
    called = inputs.text(view_name, "Nama tampilan", NAME_MOST)
    if any(
        other["view_name"] == called and other["view_id"] != row["view_id"] for other in _kept(tx, row["list_name"])
    ):
        raise refuse("VIEW_NAME_TAKEN")
    sql = "update posko.saved_view set view_name = :name where view_id = :view"
    change(tx.db, sql, name=called, view=row["view_id"])
    tx.record(ENTITY, row["view_id"], {"list": row["list_name"], "step": "rename"})


@act("view.remove", Command.LOGIN)
def remove(tx: Tx, *, view_id: int) -> None:
    """Take an own view away.

    Raises:
        Refused: it is not there or not one's own.
    """
    row = _own_view(tx, view_id)
    change(tx.db, "update posko.saved_view set removed_at = :at where view_id = :view", at=tx.at, view=row["view_id"])
    tx.record(ENTITY, row["view_id"], {"list": row["list_name"], "step": "remove"})


def _about(tx: Tx, list_name: str) -> str:
    name = inputs.code(list_name, "Daftar")
    tx.about(ENTITY, name)
    tx.permit()
    return name


def _kept(tx: Tx, list_name: str) -> list[Row]:
    return many(
        tx.db,
        "select view_id, view_name, query from posko.saved_view"
        " where person_id = :person and list_name = :list and is_kept = 1 order by view_name",
        person=tx.person_id,
        list=list_name,
    )


def _own_view(tx: Tx, view_id: int) -> Row:
    """Return a view of who acts; another's is not there for her."""
    number = inputs.number(view_id, "Tampilan")
    tx.about(ENTITY, number)
    tx.permit()
    _lock(tx)
    sql = (
        "select view_id, list_name from posko.saved_view where view_id = :view and person_id = :person and is_kept = 1"
    )
    row = one(tx.db, sql, view=number, person=tx.person_id)
    if row is None:
        raise refuse("UNKNOWN_VIEW")
    return row


def _lock(tx: Tx) -> None:
    """Let one act of a person after the other change her views."""
    one(tx.db, "select person_id from posko.staff where person_id = :person for update", person=tx.person_id)
