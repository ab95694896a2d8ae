"""Search in the audit log: by whom, what, on whom, where, when and with which outcome, newest first (§5.3, §5.7; R-021, R-025, R-180).

There may be many millions of events. Who, what and on whom are found by an index; anything else is looked for among the newest
200,000 of the days asked for, and the answer says how far it looked. A page goes on behind the last row of the one before, so that
events written meanwhile shift nothing, and no more is counted than a list can page through.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain import journey
from posko.domain.calendar import WIB
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, paging
from posko.services.office import act
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.services.office import Tx

ENTITY = "audit"
OUTCOMES = ("ok", "refused", "failed")
NAMES = ("who", "action", "entity", "key", "tki", "place", "outcome", "since", "until")
"""What may be asked for, all of it together: number of who acted, act, kind and key of the object, ID TKI, TUK or station, outcome,
first and last day in western Indonesia."""
LOOKED_AT = 200_000
"""Events that one answer looks at where no index names the few that are wanted."""
TIME = "audit_event_time"
_TEXTS = {"action": 60, "entity": 40, "key": 120}
_COLUMNS = (
    "event_id, occurred_at, actor_kind, actor_id, actor_role, on_behalf_of, action, entity, entity_key, outcome, payload,"
    " device, ip, tuk, writer_id, writer_seq"
)
_NAMED = {
    "certificate": "select certificate_no as name from posko.certificate where tki_id = :tki",
    "finger": "select attempt_id as name from posko.finger_attempt where person_kind = 'TKI' and person_id = :tki",
}
"""Kind of object that bears a number of its own -> the numbers of those that belong to a TKI."""
_FLOOR = (
    "select occurred_at, event_id from posko_audit.audit_event force index (audit_event_time) where true {bounds}"
    " order by occurred_at desc, event_id desc limit 1 offset :looked"
)


@act("audit.search", Command.READ_LOG)
def search(
    tx: Tx,
    *,
    asked: Mapping[str, str] | None = None,
    after: int | None = None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
    is_counted: bool = True,
) -> dict[str, Any]:
    """Return events, the newest first.

    Args:
        tx: the act.
        asked: what is looked for, by `NAMES`; blank values count as not given.
        after: `next` of an answer before, behind whose rows to go on; None begins with the newest.
        limit: rows at most.
        offset: rows to leave out before them.
        is_counted: whether to count all that is asked for.

    Returns:
        `rows`: event (WRITER/NUMBER), event_id, at and played_at (ISO, UTC), actor, role, on_behalf_of, action, entity, key,
        outcome, code of a refusal, place, ip. `next`: where to go on, None at the end. `total`: how many there are, at most one
        more than `paging.MOST_ROWS`; None where it was not counted. `looked_to`: None, or the time of the oldest event that was
        looked at (ISO, UTC), where there are older ones.

    Raises:
        Refused: something asked for is no such thing, or the role sees only her own events and asks for others'.
    """
    tx.about(ENTITY, "search")
    wanted = _wanted(asked)
    tx.permit(how=Act.READ, person_id=wanted.get("who"))
    part = paging.part(limit, offset)
    place = None if after is None else _place(tx.db, inputs.number(after, "Halaman"))
    index, where, values = _condition(tx.db, wanted)
    floor = _floor(tx.db, wanted) if index == TIME and where else None
    query = _Query(index, where + _bounds(wanted, None, floor), {**values, **_limits(wanted, None, floor)})
    total = query.count(tx.db) if is_counted else None
    query = _Query(index, where + _bounds(wanted, place, floor), {**values, **_limits(wanted, place, floor)})
    found = query.rows(tx.db, part)
    shown = dict(wanted) if place is None else {**wanted, "after": str(after)}
    tx.record(ENTITY, "search", {"asked": shown, "before": part["before"], "rows": len(found)})
    return {
        "rows": [shown_row(row) for row in found],
        "next": int(found[-1]["event_id"]) if len(found) == part["most"] else None,
        "total": total,
        "looked_to": None if floor is None else floor["occurred_at"].isoformat(),
    }


@act("audit.actions", Command.READ_LOG)
def actions(tx: Tx) -> list[str]:
    """Return the names of the acts that stand in the log, for a list to choose from."""
    tx.about(ENTITY, "actions")
    tx.permit(how=Act.READ, person_id=tx.person_id)
    # Loose index scan: one look a name, not one an event.
    found = [
        row["action"] for row in many(tx.db, "select distinct action from posko_audit.audit_event order by action")
    ]
    tx.record(ENTITY, "actions", {"rows": len(found)})
    return found


def shown_row(row: Row) -> dict[str, Any]:
    """Return an event as a list shows it."""
    told = payload_of(row["payload"])
    known = row["actor_role"] in set(Role)
    return {
        "event": f"{row['writer_id'].hex()}/{row['writer_seq']}",
        "event_id": int(row["event_id"]),
        "at": row["occurred_at"].isoformat(),
        "played_at": told.get("played_at"),
        "actor": row["actor_id"],
        "role": row["actor_role"] if known else None,
        "on_behalf_of": row["on_behalf_of"],
        "action": row["action"],
        "entity": row["entity"],
        "key": row["entity_key"],
        "outcome": row["outcome"],
        "code": told.get("code"),
        "place": row["tuk"] or row["device"],
        "ip": row["ip"],
    }


def payload_of(text: str) -> dict[str, Any]:
    """Return a payload; nothing of one that somebody altered so that it is none any more."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _wanted(asked: object) -> dict[str, str]:
    """Return what was asked for as plain values."""
    if asked is None:
        return {}
    if not isinstance(asked, Mapping) or not set(asked) <= set(NAMES):
        raise refuse("NOT_A_LIST", what="Saringan")
    found = {name: value for name, value in asked.items() if value is not None and value != ""}
    made: dict[str, str] = {}
    for name, value in found.items():
        if name == "who":
            made[name] = inputs.person_number(value)
        elif name == "tki":
            made[name] = inputs.tki(value)
        elif name == "outcome":
            made[name] = inputs.choice(value, "Hasil", OUTCOMES)
        elif name in {"since", "until"}:
            made[name] = inputs.day(value, "Tanggal").isoformat()
        elif name == "place":
            made[name] = inputs.code(value, "Tempat", 80)
        else:
            made[name] = inputs.text(value, "Saringan", _TEXTS[name])
    return made


def _place(db: sa.Connection, event_id: int) -> Row:
    found = one(db, "select occurred_at, event_id from posko_audit.audit_event where event_id = :id", id=event_id)
    if found is None:
        raise refuse("NOT_A_NUMBER", what="Halaman")
    return found


@dataclass(frozen=True)
class _Query:
    """What is looked for: along which index, under which condition, with which values."""

    index: str
    where: str
    values: dict[str, Any]

    def rows(self, db: sa.Connection, part: Mapping[str, int]) -> list[Row]:
        """Return the rows of one part, newest first."""
        return many(
            db,
            f"select {_COLUMNS} from posko_audit.audit_event force index ({self.index}) where true {self.where}"
            " order by occurred_at desc, event_id desc limit :most offset :before",
            **self.values,
            **part,
        )

    def count(self, db: sa.Connection) -> int:
        """Return how many there are, at most one more than a list can page through."""
        sql = f"select 1 as found from posko_audit.audit_event force index ({self.index}) where true {self.where}"
        found = many(db, f"select count(*) as total from ({sql} limit {paging.MOST_ROWS + 1}) as found", **self.values)
        return int(found[0]["total"])


def _floor(db: sa.Connection, wanted: Mapping[str, str]) -> Row | None:
    """Return the last event that one answer looks at; None where it looks at all of them."""
    bounds, limits = _bounds(wanted, None, None), _limits(wanted, None, None)
    return one(db, _FLOOR.format(bounds=bounds), **limits, looked=LOOKED_AT)


def _bounds(wanted: Mapping[str, str], place: Row | None, floor: Row | None) -> str:
    """Return the condition on the time: the days asked for, behind a place, not below a floor."""
    return "".join(
        (
            " and occurred_at >= :since" if "since" in wanted else "",
            " and occurred_at < :until" if "until" in wanted else "",
            " and occurred_at <= :at and (occurred_at < :at or event_id < :id)" if place else "",
            " and occurred_at >= :floor" if floor else "",
        )
    )


def _limits(wanted: Mapping[str, str], place: Row | None, floor: Row | None) -> dict[str, Any]:
    """Return the values of `_bounds`."""
    values: dict[str, Any] = {}
    if "since" in wanted:
        values["since"] = _midnight(wanted["since"])
    if "until" in wanted:
        values["until"] = _midnight(wanted["until"]) + dt.timedelta(days=1)
    if place:
        values |= {"at": place["occurred_at"], "id": place["event_id"]}
    if floor:
        values["floor"] = floor["occurred_at"]
    return values


def _midnight(day: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time()) - WIB


def _condition(db: sa.Connection, wanted: Mapping[str, str]) -> tuple[str, str, dict[str, Any]]:
    """Return the index to look along, the condition on all but the time, and its values."""
    columns = {"who": "actor_id", "action": "action", "entity": "entity", "key": "entity_key", "outcome": "outcome"}
    parts = [f"{column} = :{name}" for name, column in columns.items() if name in wanted]
    values: dict[str, Any] = {name: wanted[name] for name in columns if name in wanted}
    if "place" in wanted:
        parts.append("(tuk = :place or device = :place)")
        values["place"] = wanted["place"]
    if "tki" in wanted:
        about, named = _about_tki(db, wanted["tki"])
        parts.append(about)
        values |= named
    where = "".join(f" and {part}" for part in parts)
    if "tki" in wanted or {"entity", "key"} <= set(wanted):
        return "audit_event_entity", where, values
    if "who" in wanted:
        return "audit_event_actor", where, values
    return "audit_event_action" if "action" in wanted else TIME, where, values


def _about_tki(db: sa.Connection, tki_id: str) -> tuple[str, dict[str, Any]]:
    """Return the condition for all that is about a TKI: her journeys, her fingers, her certificates."""
    sql = "(entity = :journey and entity_key > :first and entity_key < :last) or (entity = 'tki' and entity_key = :tki)"
    # '0' follows '/': all keys that begin with the ID and a stroke.
    values: dict[str, Any] = {"journey": journey.ENTITY, "tki": tki_id, "first": f"{tki_id}/", "last": f"{tki_id}0"}
    for entity, asked in _NAMED.items():
        numbers = [str(row["name"]) for row in many(db, asked, tki=tki_id)]
        if numbers:
            sql += f" or (entity = '{entity}' and entity_key in :{entity}s)"
            values[f"{entity}s"] = numbers
    return f"({sql})", values
