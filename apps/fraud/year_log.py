"""The audit log of the simulated year: how each journey and session came to stand where it stands, in one event each (§5.3; DV-X06).

A real year has some fifteen events a journey. One is enough for the replay to find table and log agreeing; what the replay of a real log
costs is another measurement (docs/audit.md). The macs are not those of the key: nobody verifies this log by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymysql.connections import Connection

_INSERT = """
    insert into posko_audit.audit_event (occurred_at, actor_kind, actor_id, action, entity, entity_key, outcome, payload, writer_id,
        writer_seq, prev, mac)"""
_EVENTS = (
    f"""{_INSERT}
    select row_.touched_at, 'system', 'posko', 'simulasi.tahun', 'journey',
        concat(row_.tki_id, '/', row_.scheme_code, '/', row_.journey_no), 'ok',
        concat('{{"attempt":', row_.attempt_no, ',"from":null,"to":"', row_.status, '"}}'),
        unhex(concat('f0', lpad(hex(row_.journey_id), 14, '0'))), 1, repeat(char(0), 32), unhex(sha2(concat('j', row_.journey_id), 256))
    from posko.journey as row_ where row_.journey_id >= %s and not exists (
        select 1 from posko_audit.audit_event as told
        where told.entity = 'journey' and told.entity_key = concat(row_.tki_id, '/', row_.scheme_code, '/', row_.journey_no))""",
    f"""{_INSERT}
    select row_.touched_at, 'system', 'posko', 'simulasi.tahun', 'session', row_.session_id, 'ok',
        concat('{{"from":null,"to":"', row_.status, '"}}'),
        unhex(concat('f1', lpad(hex(row_.session_id), 14, '0'))), 1, repeat(char(0), 32), unhex(sha2(concat('s', row_.session_id), 256))
    from posko.exam_session as row_ where row_.session_id >= %s and not exists (
        select 1 from posko_audit.audit_event as told where told.entity = 'session' and told.entity_key = cast(row_.session_id as char))""",
    f"""{_INSERT}
    select utc_timestamp(6), 'system', 'posko', 'simulasi.tahun', 'journey', born.entity_key, 'ok',
        concat('{{"attempt":', row_.attempt_no, ',"from":"', json_value(born.payload, '$.to'), '","to":"', row_.status, '"}}'),
        unhex(concat('f2', lpad(hex(row_.journey_id), 14, '0'))), 1, repeat(char(0), 32), unhex(sha2(concat('m', row_.journey_id), 256))
    from posko.journey as row_
    join posko_audit.audit_event as born
        on born.writer_id = unhex(concat('f0', lpad(hex(row_.journey_id), 14, '0'))) and born.writer_seq = 1
    left join posko_audit.audit_event as moved on moved.writer_id = unhex(concat('f2', lpad(hex(row_.journey_id), 14, '0')))
    where row_.journey_id >= %s and moved.event_id is null
        and born.payload <> concat('{{"attempt":', row_.attempt_no, ',"from":null,"to":"', row_.status, '"}}')""",
)
"""A row of which the log knows nothing gets the event that explains it, and one that a later part of the year moved another."""


def write_log(raw: Connection[Any], *, journeys_from: int = 0, sessions_from: int = 0) -> None:
    """Write the events that explain how all journeys and sessions from these numbers on stand, and commit."""
    with raw.cursor() as cursor:
        for statement, first in zip(_EVENTS, (journeys_from, sessions_from, journeys_from), strict=True):
            cursor.execute(statement, (first,))
    raw.commit()
