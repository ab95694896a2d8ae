"""Read the audit tables: events as records, seals and checkpoints (§5.3, R-181)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pymysql.cursors import SSCursor

from posko.domain import audit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymysql.connections import Connection as PyMySQL

EVENT_COLUMNS = (
    "e.event_id, e.writer_id, e.writer_seq, e.prev, e.mac, date_format(e.occurred_at, '%%Y-%%m-%%dT%%H:%%i:%%s.%%fZ'),"
    " e.actor_kind, e.outcome, e.payload, e.action, e.actor_id, e.actor_role, e.on_behalf_of, e.entity, e.entity_key,"
    " e.device, e.ip, e.tuk, e.auth_event"
)
SEALED = (
    f"select {EVENT_COLUMNS}, s.log_index, s.leaf_hash from posko_audit.audit_seal s"
    " left join posko_audit.audit_event e on e.event_id = s.event_id where s.log_index >= %s order by s.log_index"
)
UNSEALED = (
    f"select {EVENT_COLUMNS} from posko_audit.audit_event e left join posko_audit.audit_seal s"
    " on s.event_id = e.event_id where s.event_id is null order by e.event_id"
)
BY_NUMBER = (
    f"select {EVENT_COLUMNS} from posko_audit.audit_event e where e.event_id between %s and %s order by e.event_id"
)
_loads = json.loads


@dataclass(slots=True)
class Stored:
    """One event as the table holds it, and its record."""

    event_id: int
    writer_id: bytes
    writer_seq: int
    action: str
    payload: Any
    record: bytes


def stored(row: tuple[Any, ...]) -> Stored:
    """Return a row of `EVENT_COLUMNS` with its record.

    A payload that is no JSON, or not written as POSKO writes it, goes into the record as it stands, as a text:
    the record is then not the one that was sealed.
    """
    payload = _payload(row[8])
    data = audit.event_bytes(
        {
            "action": row[9],
            "actor": {"id": row[10], "kind": row[6], "role": row[11]},
            "auth": row[18],
            "entity": row[13],
            "key": row[14],
            "on_behalf_of": row[12],
            "outcome": row[7],
            "payload": payload,
            "place": {"device": row[15], "ip": row[16], "tuk": row[17]},
            "v": audit.FORMAT,
        },
        at=row[5],
        writer_id=row[1],
        writer_seq=row[2],
    )
    return Stored(row[0], row[1], row[2], row[9], payload, audit.record_bytes(data, row[3], row[4]))


def _payload(text: str) -> Any:
    if text == "{}":
        return {}
    try:
        found = _loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) and audit.canonical(found) == text else text


def rows(raw: PyMySQL[Any], sql: str, parameters: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query without holding them all; the connection does nothing else meanwhile."""
    with raw.cursor(SSCursor) as cursor:
        cursor.execute(sql, parameters)
        while found := cursor.fetchmany(5_000):
            yield from found
