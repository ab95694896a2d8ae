"""The audit log of the simulated year: how each journey and session came to stand where it stands (§5.3; DV-X06).

A whole log has every move, in the order of time, as a real one has; a short one an event for each journey, which is enough for the
replay to find table and log agreeing. The macs are not those of the key: nobody verifies this log by it.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.journey import moved
from posko.domain.status import ALLOWED, Status, starts_next_attempt

if TYPE_CHECKING:
    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

    Place = tuple[Status, int]

_INSERT = """
    insert into posko_audit.audit_event (occurred_at, actor_kind, actor_id, action, entity, entity_key, outcome, payload, writer_id,
        writer_seq, prev, mac)"""
_NAME = "concat(row_.tki_id, '/', row_.scheme_code, '/', row_.journey_no)"
_STEPS = """
    create temporary table posko.year_step (status varchar(40), attempt_no int, step int, steps int, payload varchar(400),
        primary key (status, attempt_no, step))"""
_FRESH = f"""
    create temporary table posko.year_fresh (journey_id bigint primary key, name varchar(120), status varchar(40), attempt_no int,
        touched_at datetime(6), key (touched_at))
    select row_.journey_id, {_NAME} as name, row_.status, row_.attempt_no, row_.touched_at from posko.journey as row_
    where row_.journey_id >= %s
        and not exists (select 1 from posko_audit.audit_event as told where told.entity = 'journey' and told.entity_key = {_NAME})"""
_WRITER = "unhex('f000000000000000')"
_MAC = "unhex(sha2(concat('j', one.seq - {back}), 256))"
_AT = "fresh.touched_at - interval (way.steps - way.step) day"
_STEPPED = f"""{_INSERT}
    select one.occurred_at, 'system', 'posko', 'simulasi.tahun', 'journey', one.name, 'ok', one.payload, {_WRITER}, one.seq,
        if(one.seq = 1, repeat(char(0), 32), {_MAC.format(back=1)}), {_MAC.format(back=0)}
    from (
        select way.payload, fresh.name, {_AT} as occurred_at,
            row_number() over (order by {_AT}, way.step, fresh.journey_id) + %s as seq
        from posko.year_fresh as fresh join posko.year_step as way using (status, attempt_no)
        where fresh.touched_at >= %s and fresh.touched_at < %s + interval %s day
            and {_AT} >= %s
            and {_AT} < %s
    ) as one order by one.seq"""
"""The events of a span of time; a step is a day, and the last one is of the time when the row was touched."""
_SPAN = dt.timedelta(days=30)
_LAST = f"select coalesce(max(writer_seq), 0) from posko_audit.audit_event where writer_id = {_WRITER}"
_ONWARD = f"""{_INSERT}
    select utc_timestamp(6), 'system', 'posko', 'simulasi.tahun', 'journey', last.entity_key, 'ok',
        concat('{{"attempt":', row_.attempt_no, ',"from":"', json_value(last.payload, '$.to'), '","to":"', row_.status, '"}}'),
        unhex(concat('f2', lpad(hex(row_.journey_id), 14, '0'))), 1, repeat(char(0), 32), unhex(sha2(concat('m', row_.journey_id), 256))
    from posko.journey as row_
    join posko_audit.audit_event as last on last.event_id = (
        select max(told.event_id) from posko_audit.audit_event as told where told.entity = 'journey' and told.entity_key = {_NAME})
    where row_.journey_id >= %s and last.action = 'simulasi.tahun' and (
        json_value(last.payload, '$.to') <> row_.status or json_value(last.payload, '$.attempt') <> row_.attempt_no)"""
"""A journey that a later part of the year moved gets the event of that move."""
_SESSIONS = f"""{_INSERT}
    select row_.touched_at, 'person', 'posko', 'simulasi.tahun', 'session', row_.session_id, 'ok',
        concat('{{"from":null,"to":"', row_.status, '"}}'),
        unhex(concat('f1', lpad(hex(row_.session_id), 14, '0'))), 1, repeat(char(0), 32), unhex(sha2(concat('s', row_.session_id), 256))
    from posko.exam_session as row_ where row_.session_id >= %s and not exists (
        select 1 from posko_audit.audit_event as told where told.entity = 'session' and told.entity_key = cast(row_.session_id as char))"""


def write_log(raw: Connection[Any], *, journeys_from: int = 0, sessions_from: int = 0, is_whole: bool = False) -> None:
    """Write the events that explain how all journeys and sessions from these numbers on stand, and commit.

    Args:
        raw: administrator.
        journeys_from: the first journey.
        sessions_from: the first session.
        is_whole: every move of a new journey, else one event that tells where it stands.
    """
    with raw.cursor() as cursor:
        cursor.execute(_ONWARD, (journeys_from,))
        cursor.execute(_FRESH, (journeys_from,))
        cursor.execute("select distinct status, attempt_no from posko.year_fresh")
        ways = [_way(Status(status), attempt, is_whole=is_whole) for status, attempt in cursor.fetchall()]
        cursor.execute(_STEPS)
        for way in ways:
            cursor.executemany("insert into posko.year_step values (%s, %s, %s, %s, %s)", way)
        _write_in_time(cursor, max(map(len, ways), default=0))
        cursor.execute("drop temporary table posko.year_step, posko.year_fresh")
        cursor.execute(_SESSIONS, (sessions_from,))
    raw.commit()


def _write_in_time(cursor: Cursor, longest: int) -> None:
    """Write the steps of the fresh journeys, a span of time after the other; the longest way has so many."""
    cursor.execute("select min(touched_at), max(touched_at) from posko.year_fresh")
    first, last = cursor.fetchone() or (None, None)
    at = first - dt.timedelta(days=longest) if first else None
    while at is not None and at <= last:
        cursor.execute(_LAST)
        (seq,) = cursor.fetchone() or (0,)
        cursor.execute(_STEPPED, (seq, at, at + _SPAN, longest, at, at + _SPAN))
        cursor.connection.commit()
        at += _SPAN


def _way(status: Status, attempt: int, *, is_whole: bool) -> list[tuple[str, int, int, int, str]]:
    """Return the rows of `year_step` that lead to a state."""
    places = steps_to(status, attempt) if is_whole else [(status, attempt)]
    payloads = [canonical(moved(places[step - 1][0] if step else None, to, no)) for step, (to, no) in enumerate(places)]
    return [(status.value, attempt, step, len(payloads), payload) for step, payload in enumerate(payloads, 1)]


def steps_to(status: Status, attempt: int) -> list[Place]:
    """Return the shortest way from the first state of a journey to a state of an attempt, both included.

    Raises:
        ValueError: no move leads there.
    """
    start = (Status.SENT_TO_KONSORSIUM, 1)
    before: dict[Place, Place | None] = {start: None}
    waiting = deque([start])
    while waiting and (status, attempt) not in before:
        at = waiting.popleft()
        for to in sorted(ALLOWED[at[0]]):
            place = (to, at[1] + starts_next_attempt(at[0], to))
            if place not in before and place[1] <= attempt:
                before[place] = at
                waiting.append(place)
    if (status, attempt) not in before:
        raise ValueError(f"no move leads to {status.value}, attempt {attempt}")
    way: list[Place] = []
    at_last: Place | None = (status, attempt)
    while at_last is not None:
        way.insert(0, at_last)
        at_last = before[at_last]
    return way
