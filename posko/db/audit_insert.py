"""How the rows of events are sent to the server: what is equal in all of them is written once, so that many cost less (R-180).

The events of one act differ in whom they are about, payload, number and macs; who, where and when are the same. Escaping
those anew for each row was a third of the client's time for the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

COLUMNS = (
    "occurred_at, actor_kind, actor_id, actor_role, on_behalf_of, action, entity, entity_key, outcome, payload,"
    " device, ip, tuk, auth_event, writer_id, writer_seq, prev, mac"
)
INSERT = f"insert into posko_audit.audit_event ({COLUMNS}) values ({', '.join(['%s'] * 18)})"
_MANY = f"insert into posko_audit.audit_event ({COLUMNS}) values "
_WHO, _WHOM, _WHERE, _CHAIN = slice(0, 6), slice(6, 10), slice(10, 15), slice(15, 18)
"""Who, when and what; whom and how; where and by which writer; its number and macs."""
AT_ONCE = 200


def insert_many(db: sa.Connection, raw: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of `COLUMNS` in their order.

    Args:
        db: open transaction of posko_app.
        raw: the driver's own connection, which knows how this server wants texts escaped.
        rows: at least one.
    """
    who, where = rows[0][_WHO], rows[0][_WHERE]
    if any(row[_WHO] != who or row[_WHERE] != where for row in rows):
        db.exec_driver_sql(INSERT, list(rows))
        return
    one = f"({_literals(raw, who)}, %s, %s, %s, %s, {_literals(raw, where)}, %s, %s, %s)"
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = tuple(value for row in some for value in (*row[_WHOM], *row[_CHAIN]))
        db.exec_driver_sql(_MANY + ", ".join([one] * len(some)), values)


def _literals(raw: Any, values: tuple[Any, ...]) -> str:
    """Return values as they stand in a statement, still safe in one that other values are put into."""
    with raw.cursor() as cursor:
        written: str = cursor.mogrify(", ".join(["%s"] * len(values)), values)
    return written.replace("%", "%%")
