"""The course of the year as rows of the operational tables, set by set, by the administrator's connection (§12.3-13.14).

What was drawn is loaded into two tables of a schema of its own; everything else follows from them in SQL. Part 0 is the year as it stood
yesterday morning, part 1 the sessions whose results came in since: what a nightly run finds new.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from apps.fraud.year_after import AFTER
from apps.fraud.year_plan import PLANNED
from apps.fraud.year_times import DAY, EPOCH, is_competent, stood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pymysql.connections import Connection

    from apps.fraud.year_plan import Course
    from apps.fraud.year_registers import Registers
    from apps.fraud.year_times import Timed

TIMES = (
    "allocated", "substituted", "distributed", "acknowledged", "opened", "running", "ended", "released", "scored", "received", "decided",
    "met", "minuted", "published", "returned", "confirmed",
)  # fmt: skip
NIGHTLY = 1_200
"""TKI that a nightly run finds new: those of an average working day."""
_TABLES = (
    "drop database if exists posko_fraud",
    "create database posko_fraud character set utf8mb4 collate utf8mb4_bin",
    f"""create table posko_fraud.session (session_id bigint primary key, part tinyint, tuk_code varchar(20), lsp_code varchar(20),
        met_no varchar(40), asesor varchar(40), first_met varchar(40), exam_on date, meeting_on date, present int,
        {", ".join(f"{name} datetime(6)" for name in TIMES)}, key (part), key (exam_on))""",
    """create table posko_fraud.sitting (sitting_id bigint primary key, part tinyint, session_id bigint, journey_id bigint,
        tki_id varchar(64), journey_no int, attempt_no int, is_last tinyint, outcome tinyint, status varchar(30), result varchar(2),
        units int, arrived datetime(6), went datetime(6), score int, exit_score int, quality int, misses int, is_exception tinyint,
        late_seconds int, is_exchanged tinyint, print_after bigint, is_reprinted tinyint,
        key (part, session_id), key (journey_id), key (session_id))""",
)
_FROM = "from posko_fraud.sitting t join posko_fraud.session s on s.session_id = t.session_id where t.part = :part"
_STATION, _READER = "concat('ST-', s.tuk_code)", "concat('DEMO-ST-', s.tuk_code)"
_SITTINGS = (
    """insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, opened_at, running_at,
        ended_at, scoring_opened_at, scored_at, closed_at, asesor_proof_id, made_at, made_by, touched_at)
        select session_id, tuk_code, lsp_code, 'TLRT', exam_on, 1, met_no, if(opened is null, 'PLANNED', 'CLOSED'), opened, running, ended,
            released, scored, received, if(running is null, null, left(sha2(concat('VERIFY', session_id), 256), 32)), allocated, 'KONS-001',
            if(:part = 0, coalesce(confirmed, decided, received, allocated), utc_timestamp(6))
        from posko_fraud.session where part = :part order by session_id""",
    """insert into posko.appointment (session_id, met_no, appointed_at, appointed_by, reason, ended_at)
        select session_id, first_met, allocated, 'KONS-001', null, substituted from posko_fraud.session
        where part = :part and first_met <> met_no""",
    """insert into posko.appointment (session_id, met_no, appointed_at, appointed_by, reason)
        select session_id, met_no, if(first_met = met_no, allocated, substituted), 'KONS-001', if(first_met = met_no, null, 'Asesor sakit')
        from posko_fraud.session where part = :part order by session_id""",
    f"""insert into posko.journey (journey_id, tki_id, scheme_code, journey_no, attempt_no, status, opened_at, moved_at, touched_at)
        select t.journey_id, t.tki_id, 'TLRT', t.journey_no, t.attempt_no, t.status, s.allocated - interval 4 day,
            coalesce(s.confirmed, s.published, s.decided, s.received, t.arrived, s.acknowledged),
            if(:part = 0, coalesce(s.confirmed, s.decided, s.received, s.allocated), utc_timestamp(6))
        {_FROM} and t.is_last = 1 order by t.journey_id
        on duplicate key update attempt_no = values(attempt_no), status = values(status), moved_at = values(moved_at)""",
    """insert ignore into posko.candidate (journey_id, tki_id, scheme_code, full_name, birth_place, born_on, sex, address, city, phone,
            email, sector, destination, blkln_code, pptkis_name, training_ended_on, source_batch_id, source_row_crc, payment_status,
            registered_at, registered_by)
        select t.journey_id, t.tki_id, 'TLRT', tki.nama, tki.tempat_lahir, tki.tanggal_lahir_date, tki.jenis_kelamin, tki.alamat,
            tki.kota_asal, tki.no_telepon, tki.email, tki.sektor, tki.negara_tujuan, tki.kode_blkln, tki.nama_pptkis,
            tki.tanggal_keluar_blkln_date, tki.batch_id, tki.row_crc, if(t.journey_id % 40 = 0, 'DIBEBASKAN', 'LUNAS'),
            s.allocated - interval 3 day, 'KONS-001'
        from posko_fraud.sitting t join posko_fraud.session s on s.session_id = t.session_id
        join posko_staging.tki_tlrt tki on tki.id_tki = t.tki_id where t.part = :part order by t.journey_id""",
    f"""insert into posko.allocation (journey_id, attempt_no, session_id, proposed_on, proposed_tuk_code, proposed_lsp_code, reason,
            allocated_at, allocated_by)
        select t.journey_id, t.attempt_no, t.session_id, s.exam_on - interval t.is_exchanged day, s.tuk_code, s.lsp_code,
            if(t.is_exchanged, 'Jadwal disesuaikan dengan ketersediaan asesor', null), s.allocated, 'KONS-001'
        {_FROM} order by t.sitting_id""",
    """insert into posko.tuk_day (tuk_code, exam_on, capacity, booked)
        select s.tuk_code, s.exam_on, 40, count(*) from posko_fraud.sitting t
        join posko_fraud.session s on s.session_id = t.session_id where t.part = :part group by 1, 2
        on duplicate key update booked = booked + values(booked)""",
    """insert into posko.asesor_day (met_no, exam_on, capacity, booked)
        select s.met_no, s.exam_on, 20, count(*) from posko_fraud.sitting t
        join posko_fraud.session s on s.session_id = t.session_id where t.part = :part group by 1, 2""",
)


def _proofs(
    kind: str, person: str, purpose: str, act: str, score: str, at: str, where: str, *, match: int = 1, tag: str = ""
) -> str:
    """Return the statement that writes one finger proof for each sitting or session."""
    key = f"'{tag or purpose}', {'t.sitting_id' if '_FROM' in where else 's.session_id'}"
    rows = _FROM + where.removeprefix("_FROM") if "_FROM" in where else where
    return f"""insert into posko.finger_proof (proof_id, person_kind, person_id, purpose, station_code, is_match, score, threshold, quality,
            template_version, reader_serial, sample_sha256, captured_at, used_for, used_at)
        select left(sha2(concat({key}), 256), 32), '{kind}', {person}, '{purpose}', {_STATION}, {match}, {score}, 40,
            {"t.quality" if "_FROM" in where else "70"}, 1, {_READER}, unhex(sha2(concat('sample', {key}), 256)), {at}, '{act}',
            {at} + interval 2 second {rows}"""


def _attempts(purpose: str, outcome: str, score: str, at: str, where: str, *, tag: str) -> str:
    """Return the statement that writes one comparison of a finger for each sitting."""
    proof = f"left(sha2(concat('{tag}', t.sitting_id), 256), 32)"
    key = f"'{tag}', t.sitting_id"
    return f"""insert into posko.finger_attempt (person_kind, person_id, purpose, outcome, station_code, reader_kind, reader_serial,
            assurance, nonce, sample_sha256, minutiae_digest, minutiae, quality, score, threshold, template_format, template_version,
            asked_finger, matched_finger, proof_id, captured_at, received_at)
        select 'TKI', t.tki_id, '{purpose}', '{outcome}', {_STATION}, 'SYNTHETIC', {_READER}, 'STATION',
            left(sha2(concat('nonce', {key}), 256), 32), unhex(sha2(concat('sample', {key}), 256)),
            unhex(sha2(concat('minutiae', {key}), 256)), 30 + t.sitting_id % 30, t.quality, {score}, 40, 'NBIS', 1, 2,
            {"2" if outcome == "MATCH" else "null"}, {proof}, {at}, {at} + interval 1 second {_FROM} {where}"""


_CAME = "and t.outcome = 0 and t.is_exception = 0"
_EXIT = f"{_CAME} and right(s.tuk_code, 1) not in ('3', '6', '9') and s.ended is not null"
_MISSED = {n: f"and (t.outcome = 2 or (t.outcome = 0 and t.misses >= {n}))" for n in (1, 2)} | {3: "and t.outcome = 2"}
_SESSIONS = "from posko_fraud.session s where s.part = :part and s.running is not null"
_FINGERS = (
    _proofs("TKI", "t.tki_id", "ATTEND", "attendance.record", "t.score", "t.arrived", f"_FROM {_CAME}"),
    _attempts("ATTEND", "MATCH", "t.score", "t.arrived", _CAME, tag="ATTEND"),
    *(
        _proofs("TKI", "t.tki_id", "ATTEND", "attendance.record", f"5 + (t.score + {n}) % 22", f"t.arrived - interval {4 * n} second",
            f"_FROM {where}", match=0, tag=f"MISS{n}")
        for n, where in _MISSED.items()
    ),
    *(
        _attempts("ATTEND", "NO_MATCH", f"5 + (t.score + {n}) % 22", f"t.arrived - interval {4 * n} second", where, tag=f"MISS{n}")
        for n, where in _MISSED.items()
    ),
    _proofs("STAFF", "concat('ADM-', s.lsp_code)", "SECOND_PERSON", "attendance.exception", "110", "t.arrived",
        "_FROM and t.outcome = 0 and t.is_exception = 1"),
    _proofs("TKI", "t.tki_id", "EXIT", "attendance.exit", "t.exit_score", "t.went", f"_FROM {_EXIT}"),
    _attempts("EXIT", "MATCH", "t.exit_score", "t.went", _EXIT, tag="EXIT"),
    _proofs("STAFF", "s.asesor", "VERIFY_ASESOR", "asesor.verify", "120", "s.running - interval 3 second", _SESSIONS, tag="VERIFY"),
    _proofs("STAFF", "s.asesor", "SCORE", "assessment.score", "118", "s.scored - interval 40 second", _SESSIONS),
    f"""insert into posko.exit_scan (session_id, journey_id, proof_id, score, threshold, quality, station_code, scanned_at, recorded_by)
        select t.session_id, t.journey_id, left(sha2(concat('EXIT', t.sitting_id), 256), 32), t.exit_score, 40, t.quality, {_STATION},
            t.went + interval 2 second, concat('ADM-', s.tuk_code) {_FROM} {_EXIT} order by 1, 2""",
)  # fmt: skip
_DOOR = (
    f"""insert into posko.attendance (session_id, journey_id, id_as_typed, outcome, tries, proof_id, score, threshold, quality,
            station_code, statement_no, reason, late_seconds, recorded_at, recorded_by)
        select t.session_id, t.journey_id, t.tki_id, elt(t.outcome + 1, 'PRESENT', 'ABSENT', 'TURNED_AWAY_NO_MATCH'),
            case t.outcome when 1 then 0 when 2 then 3 else if(t.is_exception, 0, t.misses + 1) end,
            case t.outcome when 0 then left(sha2(concat(if(t.is_exception, 'SECOND_PERSON', 'ATTEND'), t.sitting_id), 256), 32)
                when 2 then left(sha2(concat('MISS1', t.sitting_id), 256), 32) end,
            case when t.outcome = 2 then 5 + (t.score + 1) % 22 when t.outcome = 0 and t.is_exception = 0 then t.score end,
            case when t.outcome = 2 or (t.outcome = 0 and t.is_exception = 0) then 40 end, if(t.outcome = 1, null, t.quality),
            if(t.outcome = 1, null, {_STATION}),
            if(t.outcome = 2 or t.is_exception, concat('BA/', s.tuk_code, '/', t.sitting_id), null),
            if(t.is_exception, 'Sidik jari aus karena pekerjaan', null), if(t.outcome = 0, t.late_seconds, null),
            if(t.outcome = 1, s.ended, t.arrived + interval 2 second), concat('ADM-', s.tuk_code)
        {_FROM} and t.outcome < 3 order by t.sitting_id""",
    """insert into posko.attendance (session_id, id_as_typed, outcome, tries, station_code, statement_no, reason, recorded_at, recorded_by)
        select s.session_id, 8000000 + s.session_id, 'TURNED_AWAY_NOT_REGISTERED', 0, concat('ST-', s.tuk_code),
            concat('BA/', s.tuk_code, '/S', s.session_id), 'Tidak ada dalam daftar', s.running - interval 1 minute,
            concat('ADM-', s.tuk_code)
        from posko_fraud.session s where s.part = :part and s.running is not null and s.session_id % 61 = 0""",
    f"""insert into posko.assessment (session_id, journey_id, version, met_no, result, proof_id, assessed_at, assessed_by)
        select t.session_id, t.journey_id, 1, s.met_no, t.result, left(sha2(concat('SCORE', t.session_id), 256), 32), s.scored, s.asesor
        {_FROM} and t.outcome = 0 and s.scored is not null order by t.sitting_id""",
    """insert into posko.score_item (assessment_id, unit_code, result)
        select a.assessment_id, u.unit_code, if(t.units & (1 << (u.position - 1)), 'K', 'BK')
        from posko_fraud.sitting t join posko.assessment a on a.session_id = t.session_id and a.journey_id = t.journey_id
        join posko.scheme_unit u on u.scheme_code = 'TLRT' where t.part = :part order by a.assessment_id, u.position""",
    f"""insert into posko.decision (journey_id, session_id, lsp_code, sk_no, result, asesor_result, decided_at, decided_by)
        select t.journey_id, t.session_id, s.lsp_code, concat('SK/', s.lsp_code, '/', date_format(s.decided, '%Y%m%d'), '/', s.session_id),
            t.result, t.result, s.decided, concat('ADM-', s.lsp_code) {_FROM} and t.outcome = 0 and s.decided is not null
        order by t.sitting_id""",
)
_HELD = tuple(
    f"""insert ignore into posko.part_held (journey_id, person_id, part, held_at)
        select t.journey_id, {who}, '{part}', s.{at} {_FROM} and s.{at} is not null order by 1"""
    for part, who, at in (
        ("KONSORSIUM", "'KONS-001'", "allocated"), ("TUK", "concat('ADM-', s.tuk_code)", "acknowledged"),
        ("LSP", "concat('ADM-', s.lsp_code)", "acknowledged"), ("ASESOR", "s.asesor", "scored"),
    )
)  # fmt: skip
STATEMENTS = (*_SITTINGS, *_FINGERS, *_DOOR, *_HELD, *AFTER)


def load_course(raw: Connection[Any], course: Course, times: Timed, made: Registers, ids: list[str], fresh: int) -> int:
    """Load what was drawn, in a new schema; return how many journeys there are.

    Args:
        raw: administrator, with `local_infile`.
        course: as drawn.
        times: its times.
        made: the registers.
        ids: ID TKI by position.
        fresh: ordinal day whose sessions are part 1.
    """
    day, session = np.array(course.day), np.array(course.session)
    journeys = np.array(course.person) * 2 + np.array(course.journey_no)
    known, journey_id = np.unique(journeys, return_inverse=True)
    part = _fresh(times, day, fresh)
    with raw.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)
    _load(raw, "posko_fraud.session", _session_lines(course, times, made, part))
    is_last = _last(journey_id, part[session])
    state = stood(times.sessions, session, times.sittings["outcome"])
    passed = is_competent(np.array(course.units))
    outcome, columns = times.sittings["outcome"], times.sittings
    result = ["" if out not in {0, PLANNED} else "K" if ok else "BK" for out, ok in zip(outcome, passed, strict=True)]
    late = ["\\N" if one < 0 else str(one) for one in columns["late_seconds"]]
    texts: list[Iterable[Any]] = [
        range(1, len(session) + 1), part[session], session + 1, journey_id + 1, (ids[one] for one in course.person), course.journey_no,
        course.attempt, is_last, outcome, state, result, course.units, _times(columns["arrived"]), _times(columns["left"]),
        columns["score"], columns["exit_score"], columns["quality"], columns["misses"], columns["is_exception"], late,
        columns["is_exchanged"], columns["print_after"], columns["is_reprinted"],
    ]  # fmt: skip
    _load(raw, "posko_fraud.sitting", _lines(texts))
    return len(known)


def write_part(raw: Connection[Any], part: int, say: Callable[[str], None]) -> None:
    """Write the rows of one part into the operational tables and commit."""
    with raw.cursor() as cursor:
        cursor.execute("set session group_concat_max_len = 100000000, unique_checks = 0")
        for place, statement in enumerate(STATEMENTS, 1):
            say(f"tahun: tabel {place} dari {len(STATEMENTS)}")
            cursor.execute(statement.replace(":part", str(part)))
        raw.commit()
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'posko' and table_type = 'BASE TABLE'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"analyze table posko.{name}")
            cursor.fetchall()


def _session_lines(course: Course, times: Timed, made: Registers, part: Any) -> Iterable[str]:
    place = [made.bodies.places[one] for one in course.place]
    met, first = np.array(course.asesor), np.array(course.asesor)
    # Whoever was to come first is of the same LSP: assessors go round the LSP by their number.
    first = np.where(times.sessions["is_substituted"] == 1, (met + len(made.lsp)) % len(made.asesor), met)
    same = made.bodies.asesor_lsp[first] == made.bodies.asesor_lsp[met]
    first = np.where(same, first, met)
    texts: list[Iterable[Any]] = [
        range(1, len(place) + 1), part, (made.tuk[one.tuk] for one in place), (made.lsp[one.lsp] for one in place),
        (made.asesor[one] for one in met), (made.asesor_person[one] for one in met), (made.asesor[one] for one in first),
        _days(np.array(course.day)), _days(times.sessions["meeting_day"]), times.sessions["present"],
        *(_times(times.sessions[name]) for name in TIMES),
    ]  # fmt: skip
    return _lines(texts)


def _fresh(times: Timed, day: Any, fresh: int) -> Any:
    """Return 1 for the sessions of a day that are decided last, as many as have `NIGHTLY` TKI, so that certificates stay in order."""
    order = np.flatnonzero(day == fresh)
    order = order[np.argsort(-times.sessions["decided"][order], kind="stable")]
    seats = np.cumsum(times.sessions["present"][order])
    part = np.zeros(len(day), dtype=int)
    part[order[seats <= NIGHTLY]] = 1
    return part


def _last(journey: Any, part: Any) -> Any:
    """Return 1 where a sitting is the last of its journey among those of the parts up to its own."""
    is_last = np.zeros(len(journey), dtype=int)
    for known in (part == 0, part >= 0):
        newest: dict[int, int] = {int(journey[at]): int(at) for at in np.flatnonzero(known)}
        places = np.array(list(newest.values()))
        is_last[places] = 1
    return is_last


def _days(ordinals: Any) -> list[str]:
    return [str(one) for one in (ordinals - EPOCH).astype("datetime64[D]")]


def _times(micros: Any) -> list[str]:
    texts = np.datetime_as_string(np.maximum(micros, DAY).astype("datetime64[us]"))
    return ["\\N" if one < 0 else text.replace("T", " ") for one, text in zip(micros, texts, strict=True)]


def _lines(columns: list[Iterable[Any]]) -> Iterable[str]:
    return ("\t".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


def _load(raw: Connection[Any], table: str, lines: Iterable[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="posko-tahun-") as folder, raw.cursor() as cursor:
        path = Path(folder, "rows.tsv")
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        cursor.execute(f"load data local infile %s into table {table} character set utf8mb4", (str(path),))
        raw.commit()
