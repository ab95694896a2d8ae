"""Whether the audit log and the register of deviations are still as they were written (§5.3; DV-X05, R-181).

What costs little is asked at every run: the chain of each writer, that each event waits for its seal or has it, that each seal has its
event with the same hash, that the log is as long as its newest checkpoint and is sealed in time, and the hash of every deviation and case.
Of the whole log the first three are asked by control totals, and event by event only where those disagree (`log_totals`).
Only events since the last run are hashed, in a run over everything the newest 50,000. The proof with keys, log file and published
checkpoints is `posko audit verify`, which runs weekly and on the page; what that finds goes into the register by itself.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

import sqlalchemy as sa

from checks.deviations.dated import value_on
from checks.deviations.log_totals import LogTotals
from posko.db import audit_rows
from posko.domain.audit import FIRST_PREV, canonical
from posko.domain.finding import Finding
from posko.domain.merkle import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "DV-X05"
NEWEST = 50_000
MOST = 1_000
"""Findings of one kind that are told; a log that was rewritten has no use for more."""
_AMONG = "event.event_id > :after"
_CHAIN = f"""
    select concat(lower(hex(event.writer_id)), '/', event.writer_seq) as place, event.occurred_at
    from posko_audit.audit_event as event
    left join posko_audit.audit_event as before_it
        on before_it.writer_id = event.writer_id and before_it.writer_seq = event.writer_seq - 1
    where {_AMONG} and event.prev <> case when event.writer_seq = 1 then :first else coalesce(before_it.mac, '') end
    order by event.event_id limit {MOST}"""
_LOST = f"""
    select concat(lower(hex(event.writer_id)), '/', event.writer_seq) as place, event.occurred_at
    from posko_audit.audit_event as event
    left join posko_audit.audit_seal as seal on seal.event_id = event.event_id
    left join posko_audit.audit_pending as waits on waits.event_id = event.event_id
    where {_AMONG} and seal.event_id is null and waits.event_id is null order by event.event_id limit {MOST}"""
_GONE = f"""
    select seal.log_index as place, utc_timestamp(6) as occurred_at
    from posko_audit.audit_seal as seal left join posko_audit.audit_event as event on event.event_id = seal.event_id
    where seal.event_id > :after and event.event_id is null order by seal.log_index limit {MOST}"""
_SHORT = """
    select newest.size as place, newest.made_at as occurred_at
    from posko_audit.audit_checkpoint as newest
    where newest.size = (select max(size) from posko_audit.audit_checkpoint)
        and newest.size > (select coalesce(max(log_index) + 1, 0) from posko_audit.audit_seal)"""
_UNSEALED = f"""
    select 'antrean' as place, min(event.occurred_at) as occurred_at
    from posko_audit.audit_pending as waits join posko_audit.audit_event as event on event.event_id = waits.event_id
    where exists (select 1 from posko_audit.audit_checkpoint)
    having min(event.occurred_at) < utc_timestamp(6) - interval {value_on("seal_hours_most", "utc_date()")} hour"""
_EVENTS = f"""
    select {audit_rows.EVENT_COLUMNS.replace("%%", "%")}, s.log_index, s.leaf_hash
    from posko_audit.audit_event e join posko_audit.audit_seal s on s.event_id = e.event_id
    where e.event_id > :after order by e.event_id"""
_DEVIATIONS = f"""
    select made.deviation_id, made.occurred_at from posko.deviation as made
    where made.evidence_sha256 <> unhex(sha2(made.evidence, 256)) and not exists (
        select 1 from posko.deviation as noted where noted.rule_id = '{RULE}' and noted.finding_id is null
            and noted.subject_kind = 'deviation' and noted.subject_code = cast(made.deviation_id as char))
    order by made.deviation_id limit {MOST}"""
_CASES = f"""
    select opened.case_id, opened.opened_at, opened.evidence_sha256, made.deviation_id, made.rule_id,
        lower(hex(made.evidence_sha256)) as evidence
    from posko.deviation_case as opened left join posko.deviation as made on made.case_id = opened.case_id
    where not exists (
        select 1 from posko.deviation as noted where noted.rule_id = '{RULE}' and noted.finding_id is null
            and noted.subject_kind = 'case' and noted.subject_code = cast(opened.case_id as char))
    order by opened.case_id, made.deviation_id"""
_SINCE = """
    select event_id from posko_audit.audit_event
    where event_id < coalesce(
        (select min(event_id) from posko_audit.audit_event where occurred_at >= :since),
        (select max(event_id) + 1 from posko_audit.audit_event))
    order by event_id desc limit 1"""
"""The last event before: were it the one that the first since then follows, a first that is gone would not be missed."""
_CHEAP = (
    (_CHAIN, "rantai", "rantai penulis putus: peristiwa sebelumnya hilang atau diubah"),
    (_LOST, "segel", "peristiwa tidak tersegel dan tidak menunggu segel"),
    (_GONE, "hilang", "segel tanpa peristiwanya"),
    (_SHORT, "pendek", "log lebih pendek dari titik periksanya"),
    (_UNSEALED, "terlambat", "peristiwa terlalu lama tidak disegel"),
)
"""Statement, what the key begins with, and what is wrong."""


def find(db: sa.Connection, on: dt.date, since: dt.datetime | None = None) -> Iterator[Finding]:  # noqa: ARG001 - the log is judged as it stands
    """Yield a finding for each place of the log, each deviation and each case that is not as it was written.

    Args:
        db: connection of `posko_export`.
        on: the day judged.
        since: only events from this moment on (UTC); None: all, hashed the newest `NEWEST`.
    """
    after = 0 if since is None else int(db.scalar(sa.text(_SINCE), {"since": since}) or 0)
    for sql, kind, cause in _CHEAP if since is not None else _in_doubt(db):
        for row in db.execute(sa.text(sql), {"after": after, "first": FIRST_PREV}).mappings():
            yield _of_log(kind, row["place"], cause, row["occurred_at"])
    yield from _altered_events(db, after if since is not None else _newest(db))
    for number, at in db.execute(sa.text(_DEVIATIONS)):
        told = {"sebab": "bukti penyimpangan diubah setelah ditulis", "nomor": int(number)}
        yield Finding(RULE, "deviation", str(number), "-", told, at)
    yield from _altered_cases(db)


def _in_doubt(db: sa.Connection) -> list[tuple[str, str, str]]:
    """Return what has to be asked of the whole log: what its totals say is sound has no finding."""
    totals = LogTotals(db)
    sound = {_CHAIN: totals.is_chained, _LOST: totals.is_sealed, _GONE: totals.is_sealed}
    return [each for each in _CHEAP if not sound.get(each[0])]


def _newest(db: sa.Connection) -> int:
    last = db.scalar(sa.text("select max(event_id) from posko_audit.audit_event"))
    return max(0, int(last or 0) - NEWEST)


def _of_log(kind: str, place: object, cause: str, at: dt.datetime) -> Finding:
    return Finding(RULE, "system", "log audit", f"{kind} {place}", {"sebab": cause, "tempat": str(place)}, at)


def _altered_events(db: sa.Connection, after: int) -> Iterator[Finding]:
    """Compare each sealed event with the hash that the tree has of it."""
    told = 0
    for row in db.execute(sa.text(_EVENTS), {"after": after}):
        if leaf_hash(audit_rows.stored(tuple(row)).record) != row[-1] and (told := told + 1) <= MOST:
            at = dt.datetime.fromisoformat(str(row[5]).removesuffix("Z"))
            yield _of_log("isi", row[-2], "isi peristiwa diubah setelah disegel", at)


def _altered_cases(db: sa.Connection) -> Iterator[Finding]:
    """Compare each case with the hashes of its deviations, as `deviation_register.evidence_hash` makes them."""
    rows = db.execute(sa.text(_CASES)).all()
    for (case_id, at, frozen), some in groupby(rows, lambda row: tuple(row[:3])):
        lines = [[int(row[3]), row[4], row[5]] for row in some if row[3] is not None]
        if sha256(canonical(lines).encode()).digest() != frozen:
            told = {"sebab": "bukti kasus tidak lagi seperti saat dibekukan", "nomor": int(case_id)}
            yield Finding(RULE, "case", str(case_id), "-", told, at)
