"""Rows that the planters of certificates and of the log write: a delivery of BNP2TKI, an event of the audit log (§12.2, §5.3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.planting import Planted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from apps.fraud.planting import Ground

_BATCH = """
    insert into posko_staging.receive_batch
        (mode, state, fence, source_name, started_at, finished_at, received, typed, quarantined, updated)
    select mode, state, fence, source_name, utc_timestamp(6), utc_timestamp(6), received, typed, quarantined, 1
    from posko_staging.receive_batch where finished_at is not null order by batch_id desc limit 1"""
_COLUMNS = """
    select group_concat(column_name order by ordinal_position) from information_schema.columns
    where table_schema = 'posko_staging' and table_name = 'tki_tlrt' and extra not like '%GENERATED%'"""
_EVENT = """
    insert into posko_audit.audit_event (occurred_at, actor_kind, actor_id, actor_role, on_behalf_of, action, entity, entity_key, outcome,
        payload, device, ip, writer_id, writer_seq, prev, mac)
    values (:at, 'person', :who, :role, :behalf, :action, :entity, :key, 'ok', :payload, 'simulasi', :ip, :writer, :seq, :prev, :mac)"""


def value(ground: Ground, sql: str, **values: Any) -> Any:
    """Return the one value of a query."""
    return ground.db.execute(sa.text(sql), values).scalar_one()


def deliver(ground: Ground, tki_id: str, **columns: object) -> int:
    """Let BNP2TKI send a TKI's row anew with some columns changed, as the merge leaves it; return the delivery's number."""
    names = str(value(ground, _COLUMNS))
    made = ground.db.execute(sa.text(_BATCH))
    batch = int(made.lastrowid)
    ground.run(
        f"insert into posko_staging.tki_tlrt_history ({names}, row_crc, change_kind, replaced_by_batch_id, replaced_at)"
        f" select {names}, row_crc, 'CORRECTED', :batch, utc_timestamp(6) from posko_staging.tki_tlrt where id_tki = :tki",
        {"batch": batch, "tki": tki_id},
    )
    ground.run(
        "insert into posko_staging.tki_tlrt_change (batch_id, id_tki, change_kind) values (:batch, :tki, 'UPDATED')",
        {"batch": batch, "tki": tki_id},
    )
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    ground.run(
        f"update posko_staging.tki_tlrt set {sets}, batch_id = :batch where id_tki = :tki",
        {**columns, "batch": batch, "tki": tki_id},
    )
    return batch


def tell(
    ground: Ground,
    action: str,
    *,
    who: tuple[str, str],
    about: tuple[str, str],
    at: dt.datetime,
    payload: Mapping[str, object] | None = None,
    **more: object,
) -> bytes:
    """Write one event of the log by a writer of its own and return that writer's number.

    Args:
        ground: the year.
        action: what the act is called.
        who: number and role of who acted.
        about: entity and key.
        at: when (UTC).
        payload: what the event tells.
        more: `behalf`, `ip`; `seq` and `prev` for an event that does not follow.
    """
    writer = ground.rng.randbytes(8)
    text = json.dumps(dict(payload or {}), sort_keys=True, separators=(",", ":"))
    values = {"behalf": None, "ip": "10.0.0.1", "seq": 1, "prev": bytes(32), "mac": ground.rng.randbytes(32), **more}
    said = {"at": at, "who": who[0], "role": who[1], "action": action, "entity": about[0], "key": about[1]}
    ground.run(_EVENT, {**said, **values, "payload": text, "writer": writer})
    return writer


def certificates(ground: Ground, n: int) -> list[dict[str, Any]]:
    """Return n certified journeys that were published and returned, and are closed."""
    return ground.journeys(n, result="K", state="CLOSED")


def of_certificate(rule_id: str, row: dict[str, Any], key: str = "-", *, is_fraud: bool = True) -> Planted:
    """Return what a rule must find, or not, of a journey's certificate."""
    return Planted(rule_id, "certificate", row["certificate_no"], key, is_fraud=is_fraud)
