"""Rows for the measurements of the control core: registers, and TKI whose result table the LSP has received.

Written by the administrator's connection and set by set, because the acts before the decision are not what is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.secure_code import SPACE, digest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

LSP, TUK, MET, SCHEME = "LSP-B", "TUK-B", "MET.B", "TLRT"
STATION, READER = "ST-B", "READER-B"
CLERK = "CLERK"
"""Administrator of the LSP who decides, one for each writer: `CLERK-1`."""
CODES_AT_ONCE = 50_000
_SINCE, _UNTIL = "'2025-01-01'", "'2030-12-31'"
_REGISTERS = (
    f"insert into posko.lsp values ('{LSP}', 'LSP', 'LIC-B', {_SINCE}, {_UNTIL})",
    f"insert into posko.tuk values ('{TUK}', 'TUK', 'Kota', 1000, {_SINCE}, {_UNTIL})",
    f"insert into posko.asesor values ('{MET}', 'Asesor', '{LSP}', {_SINCE}, {_UNTIL})",
    f"insert into posko.scheme_unit values ('{SCHEME}', 'TLRT.01', 'Unit', 1, {_SINCE}, null)",
)
_NEW = "from posko.journey as j where j.journey_id > :before and j.scheme_code = :scheme"
_SESSION = ":first + floor((j.journey_id - :before - 1) / :each)"
_OF_JOURNEYS = (
    # candidate
    f"""insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, born_on, source_batch_id, source_row_crc,
        payment_status, registered_at, registered_by)
        select j.journey_id, j.tki_id, j.scheme_code, concat('TKI ', j.tki_id), '1983-05-01', 1, 1, 'LUNAS', :at, 'KO1' {_NEW}""",
    f"""insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)
        select j.journey_id, j.attempt_no, {_SESSION}, :at, 'KO1' {_NEW}""",
    *(
        f"""insert into posko.finger_proof (proof_id, person_kind, person_id, purpose, station_code, is_match, score, threshold,
            quality, template_version, reader_serial, sample_sha256, captured_at, used_for, used_at)
            select left(sha2(concat('{purpose}', j.journey_id), 256), 32), '{kind}', {person}, '{purpose}', '{STATION}', 1, 90, 40, 80,
                1, '{READER}', unhex(sha2(concat('sample {purpose}', j.journey_id), 256)), :at, 'bench', :at {_NEW}"""
        for kind, person, purpose in (("TKI", "j.tki_id", "ATTEND"), ("STAFF", ":met", "SCORE"))
    ),
    f"""insert into posko.attendance (session_id, journey_id, id_as_typed, outcome, tries, proof_id, score, threshold, quality,
        station_code, recorded_at, recorded_by)
        select {_SESSION}, j.journey_id, j.tki_id, 'PRESENT', 1, left(sha2(concat('ATTEND', j.journey_id), 256), 32), 90, 40, 80,
            '{STATION}', :at, 'TU1' {_NEW}""",
    f"""insert into posko.assessment (session_id, journey_id, version, met_no, result, proof_id, assessed_at, assessed_by)
        select {_SESSION}, j.journey_id, 1, :met, if(j.tki_id in :failed, 'BK', 'K'),
            left(sha2(concat('SCORE', j.journey_id), 256), 32), :at, :met {_NEW}""",
    """insert into posko.score_item (assessment_id, unit_code, result)
        select a.assessment_id, u.unit_code, a.result from posko.assessment as a
        join posko.scheme_unit as u on u.scheme_code = :scheme where a.session_id >= :first""",
)


_WAITING = 2
"""So many of these rows there are before the day of the test: candidate and allocation."""
_DOOR = (
    f"""insert into posko.station (station_code, station_name, tuk_code, reader_serial, valid_from)
        values ('{STATION}', 'Loket', '{TUK}', '{READER}', {_SINCE})""",
    """create table posko_model.fct_tki_held_back (tki_id varchar(64), rule_id varchar(10), reason varchar(255), key (tki_id))""",
    """create table posko_model.fct_tki_unplaced (tki_id varchar(64), reason varchar(255), key (tki_id))""",
    """create table posko_model.fct_tuk_proposal (tki_id varchar(64) primary key, tuk_code varchar(20), lsp_code varchar(20),
        scheme_code varchar(20), proposed_on date, reason varchar(255))""",
)
"""A station at the TUK; and what a look at one person asks of the pipeline, which here found nothing."""


def put_registers(db: sa.Connection, clerks: int) -> None:
    """Make one LSP with its TUK, assessor and clerks."""
    for statement in _REGISTERS:
        db.exec_driver_sql(statement)
    db.execute(
        sa.text(
            "insert into posko.staff (person_id, full_name, role, lsp_code, state, enrolled_at)"
            f" values (:who, 'Petugas', 'LSP', '{LSP}', 'ACTIVE', '2026-01-01')"
        ),
        [{"who": f"{CLERK}-{number}"} for number in range(clerks)],
    )


def put_door(db: sa.Connection) -> None:
    """Make the station at the TUK's door and empty tables of what the pipeline found, after `put_registers`."""
    for statement in _DOOR:
        db.exec_driver_sql(statement)


def new_ids(db: sa.Connection, wanted: int) -> list[str]:
    """Return ID TKI that have no journey yet, if all others came from here."""
    first = 1 + int(db.scalar(sa.text("select coalesce(max(journey_id), 0) from posko.journey")))
    return [str(9_000_000 + first + place) for place in range(wanted)]


def put_waiting(
    db: sa.Connection, tki_ids: Sequence[str], *, exam_on: date, at: datetime, each: int
) -> list[tuple[int, str, int]]:
    """Let these TKI wait for their finger in open sessions of a day; return journey, ID TKI and session of each.

    Args:
        db: as `put_assessed`.
        tki_ids: who waits; none of them has a journey.
        exam_on: day of the test.
        at: time of everything before, UTC.
        each: how many sit in one session.
    """
    facts = {"met": MET, "lsp": LSP, "tuk": TUK, "scheme": SCHEME, "day": exam_on, "at": at}
    sessions = _put_sessions(db, -(-len(tki_ids) // each), facts, status="OPEN")
    before = _put_journeys(db, tki_ids, at, status="ACKNOWLEDGED")
    values = {"scheme": SCHEME, "at": at, "first": sessions[0], "each": each, "before": before}
    for statement in _OF_JOURNEYS[:_WAITING]:
        db.execute(sa.text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    db.execute(
        sa.text(
            "insert into posko_staging.tki_tlrt (id_tki, nama, batch_id, chunk_no, first_batch_id)"
            " values (:tki, 'TKI', 1, 1, 1)"
        ),
        [{"tki": tki_id} for tki_id in tki_ids],
    )
    return [(before + 1 + place, tki_id, sessions[place // each]) for place, tki_id in enumerate(tki_ids)]


def put_assessed(
    db: sa.Connection,
    tki_ids: Sequence[str],
    *,
    exam_on: date,
    at: datetime,
    failed: Collection[str] = (),
    each: int | None = None,
    lsp: str = LSP,
    tuk: str = TUK,
    met: str = MET,
) -> list[int]:
    """Let these TKI have sat a test, been assessed and their table been received by the LSP; return the sessions.

    Args:
        db: connection of the server's administrator, which nobody else writes beside; the caller commits.
        tki_ids: who sat it; none of them has an open journey.
        exam_on: day of the test.
        at: time of everything before, UTC.
        failed: those of them whom the assessor found not yet competent.
        each: how many sit in one session; None: all.
        lsp: LSP of the sessions.
        tuk: TUK of the sessions.
        met: their assessor.
    """
    each = each or len(tki_ids)
    facts = {"met": met, "lsp": lsp, "tuk": tuk, "scheme": SCHEME, "day": exam_on, "at": at}
    sessions = _put_sessions(db, -(-len(tki_ids) // each), facts)
    before = _put_journeys(db, tki_ids, at)
    values = {**facts, "first": sessions[0], "each": each, "before": before, "failed": list(failed) or ["-"]}
    for statement in _OF_JOURNEYS:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        lists: list[sa.BindParameter[object]] = [
            sa.bindparam(name, expanding=True) for name in used if name == "failed"
        ]
        db.execute(sa.text(statement).bindparams(*lists), used)
    return list(sessions)


def _put_sessions(db: sa.Connection, count: int, facts: Mapping[str, object], *, status: str = "CLOSED") -> range:
    slot = int(
        db.scalar(
            sa.text("select coalesce(max(slot), 0) from posko.exam_session where met_no = :met"), {"met": facts["met"]}
        )
    )
    first = 1 + int(db.scalar(sa.text("select coalesce(max(session_id), 0) from posko.exam_session")))
    sessions = range(first, first + count)
    db.execute(
        sa.text(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status,"
            " closed_at, made_at, made_by) values (:session, :tuk, :lsp, :scheme, :day, :slot, :met, :status, :at, :at, :by)"
        ),
        [
            {**facts, "status": status, "by": "KO1", "session": session, "slot": slot + place}
            for place, session in enumerate(sessions, 1)
        ],
    )
    return sessions


def _put_journeys(db: sa.Connection, tki_ids: Sequence[str], at: datetime, *, status: str = "ASSESSED") -> int:
    """Make the journeys and return the number before the first of them."""
    before = int(db.scalar(sa.text("select coalesce(max(journey_id), 0) from posko.journey")))
    numbers = _last_numbers(db, tki_ids)
    db.execute(
        sa.text(
            "insert into posko.journey (journey_id, tki_id, scheme_code, journey_no, status, opened_at, moved_at)"
            " values (:journey, :tki, :scheme, :number, :status, :at, :at)"
        ),
        [
            {"journey": before + place, "tki": tki, "scheme": SCHEME, "at": at}
            | {"number": numbers.get(tki, 0) + 1, "status": status}
            for place, tki in enumerate(tki_ids, 1)
        ],
    )
    return before


def _last_numbers(db: sa.Connection, tki_ids: Sequence[str]) -> dict[str, int]:
    found = db.execute(
        sa.text("select tki_id, max(journey_no) from posko.journey where tki_id in :ids group by tki_id").bindparams(
            sa.bindparam("ids", expanding=True)
        ),
        {"ids": list(tki_ids)},
    )
    return {str(tki_id): int(number) for tki_id, number in found}


def put_used_codes(db: sa.Connection, key: bytes, wanted: int) -> int:
    """Fill the register of used codes up to so many; return how many there are.

    Real codes in the order of their digests, so that the rows go into the key one behind the other.
    """
    have = int(db.scalar(sa.text("select count(*) from posko.secure_code_used")))
    codes = range(0, SPACE, SPACE // wanted)[: max(0, wanted - have)]
    digests = sorted(digest_of(key, f"{code:06X}") for code in codes)
    cursor = db.connection.cursor()
    for start in range(0, len(digests), CODES_AT_ONCE):
        some = digests[start : start + CODES_AT_ONCE]
        cursor.execute(f"insert ignore into posko.secure_code_used values {','.join(['(%s)'] * len(some))}", some)
    return int(db.scalar(sa.text("select count(*) from posko.secure_code_used")))
