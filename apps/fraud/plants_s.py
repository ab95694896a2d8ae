"""Frauds and near misses of the session and its attendance, DV-S01..DV-S09 (§13.3-13.6), as they stand in the tables afterwards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.planting import Planted
from apps.fraud.rows_sn import add_proof, one, tell_session

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
_LAST_SLOT = 9
_COME = """
    insert into posko.attendance (session_id, journey_id, id_as_typed, outcome, tries, proof_id, score, threshold, quality, station_code,
        recorded_at, recorded_by)
    select :session, :journey, :tki, 'PRESENT', 1, proof.proof_id, proof.score, proof.threshold, proof.quality, proof.station_code,
        :at, :by from posko.finger_proof as proof where proof.proof_id = :proof"""
_LEFT = """
    insert into posko.exit_scan (session_id, journey_id, proof_id, score, threshold, quality, station_code, scanned_at, recorded_by)
    select :session, :journey, :proof, 80, 40, 60, station_code, :at, :by from posko.attendance
    where session_id = :session and journey_id = :journey"""
_FREE_DAY = """
    select max(session.exam_on) as free_on from posko.exam_session as session
    where session.opened_at is not null and session.exam_on < (select max(exam_on) from posko.exam_session where opened_at is not null)
    and session.exam_on not in (select exam_on from posko.exam_session where tuk_code = :tuk or met_no = :met)"""


def unlisted(ground: Ground, k: int) -> list[Planted]:
    """DV-S01: the door of a TUK lets somebody in who is on another's list; near: a stranger turned away with a statement."""
    rows, made = ground.journeys(3 * k), []
    for pair in zip(rows[:k], rows[k : 2 * k], strict=True):
        guest, host = sorted(pair, key=lambda row: row["exam_on"])
        at = host["recorded_at"] + MINUTE
        by = {"session": host["session_id"], "journey": guest["journey_id"], "at": at, "by": f"ADM-{host['tuk_code']}"}
        proof = add_proof(ground, ("TKI", guest["tki_id"]), "ATTEND", host["tuk_code"], at)
        ground.run(_COME, {**by, "tki": guest["tki_id"], "proof": proof})
        away = one(ground, "select ended_at from posko.exam_session where session_id = :id", id=host["session_id"])
        left = add_proof(ground, ("TKI", guest["tki_id"]), "ATTEND", host["tuk_code"], away["ended_at"] - MINUTE)
        ground.run(_LEFT, {**by, "proof": left, "at": away["ended_at"] - MINUTE})
        # One more sat there, so the test began as much earlier.
        ground.run(
            "update posko.exam_session set running_at = running_at - interval 20 minute where session_id = :id",
            {"id": host["session_id"]},
        )
        made.append(Planted("DV-S01", "tuk", host["tuk_code"], f"{host['session_id']}:{guest['journey_id']}"))
    for host in rows[2 * k :]:
        number = _turn_away(ground, host)
        made.append(Planted("DV-S01", "tuk", host["tuk_code"], f"{host['session_id']}:?{number}", is_fraud=False))
    return made


def _turn_away(ground: Ground, host: dict[str, Any]) -> int:
    made = ground.db.execute(
        sa.text(
            "insert into posko.attendance (session_id, id_as_typed, outcome, tries, station_code, statement_no, reason, recorded_at,"
            " recorded_by) values (:session, :typed, 'TURNED_AWAY_NOT_REGISTERED', 0, :station, :statement, 'Tidak ada dalam daftar',"
            " :at, :by)"
        ),
        {
            "session": host["session_id"], "typed": f"98{host['journey_id']}", "station": host["station_code"],
            "statement": f"BA/{host['tuk_code']}/T{host['journey_id']}", "at": host["recorded_at"] + MINUTE,
            "by": f"ADM-{host['tuk_code']}",
        },
    )  # fmt: skip
    return int(made.lastrowid)


def outside(ground: Ground, k: int) -> list[Planted]:
    """DV-S02: attendance after the end, before the opening, or a test on a known holiday; near: a late row, a holiday named afterwards."""
    made = []
    for place, session in enumerate(ground.sessions(2 * (k // 3))):
        made += _close_day(ground, session, is_known=place % 2 == 0)
    for place, row in enumerate(ground.journeys(2 * (k - k // 3))):
        session = one(
            ground, "select opened_at, ended_at from posko.exam_session where session_id = :id", id=row["session_id"]
        )
        if is_fraud := place % 2 == 0:
            _come_at(
                ground, row, session["ended_at"] + 9 * MINUTE if place % 4 == 0 else session["opened_at"] - 9 * MINUTE
            )
        else:
            _come_at(ground, row, session["opened_at"] + MINUTE, late=40 * MINUTE)
        made.append(Planted("DV-S02", "tuk", row["tuk_code"], f"{row['session_id']}:{row['journey_id']}", is_fraud))
    return made


def _close_day(ground: Ground, session: dict[str, Any], *, is_known: bool) -> list[Planted]:
    """Close a day of a TUK on which it tested, known before or named only in the afternoon."""
    values = {"day": session["exam_on"], "tuk": session["tuk_code"]}
    ground.run(
        "insert ignore into posko.closed_day (closed_on, tuk_code, reason) values (:day, :tuk, 'Banjir')", values
    )
    if not is_known:
        ground.run(
            "insert into posko.registry_change (register, register_key, before_json, after_json, changed_at, changed_by, reason)"
            " values ('closed_day', concat(:day, '/', :tuk), null, '{}', :at, 'BNSP-003', 'Banjir sejak siang')",
            {**values, "at": session["opened_at"] + 5 * HOUR},
        )
    sql = "select session_id from posko.exam_session where exam_on = :day and tuk_code = :tuk and opened_at is not null"
    keys = [f"{number}:libur" for (number,) in ground.db.execute(sa.text(sql), values)]
    return [Planted("DV-S02", "tuk", session["tuk_code"], key, is_known) for key in keys]


def _come_at(ground: Ground, row: dict[str, Any], at: dt.datetime, *, late: dt.timedelta | None = None) -> None:
    """Let the finger have been taken at a time, and be recorded then or, after a cut line, later."""
    proof = add_proof(
        ground, ("TKI", row["tki_id"]), "ATTEND", row["tuk_code"], at, used_at=at + (late or dt.timedelta(0))
    )
    ground.run(
        "update posko.attendance set proof_id = :proof, recorded_at = :at, late_seconds = :late where attendance_id = :id",
        {
            "proof": proof, "at": at + (late or dt.timedelta(0)), "late": late and int(late.total_seconds()),
            "id": row["attendance_id"],
        },
    )  # fmt: skip


def burst(ground: Ground, k: int) -> list[Planted]:
    """DV-S03: the fingers of a session were played to the reader, 20 within 50 seconds; near: 19 so, or 20 within 70 seconds."""
    made = []
    for place, session in enumerate(ground.sessions(2 * k, least=7)):
        is_fraud = place % 2 == 0
        count, seconds = (20, 50) if is_fraud else (19, 50) if place % 4 == 1 else (20, 70)
        # Before anybody of the house came, each at another minute: a neighbour's finger would make a burst of a near miss.
        start = session["opened_at"] - HOUR - place * MINUTE
        for number in range(count):
            who = session["journeys"][number % len(session["journeys"])]
            at = start + dt.timedelta(seconds=seconds * number / (count - 1))
            proof = add_proof(ground, ("TKI", who["tki_id"]), "ATTEND", session["tuk_code"], at)
        reader = one(ground, "select reader_serial from posko.finger_proof where proof_id = :id", id=proof)[
            "reader_serial"
        ]
        made.append(Planted("DV-S03", "tuk", session["tuk_code"], f"{session['session_id']}:{reader}", is_fraud))
    return made


def unverified(ground: Ground, k: int) -> list[Planted]:
    """DV-S04: a test without a verified assessor, or under another's finger; near: verified at dawn, which is the day before in UTC."""
    made = []
    for place, session in enumerate(ground.sessions(2 * k)):
        is_fraud, proof = place % 2 == 0, None
        asesor = one(ground, "select person_id from posko.staff where met_no = :met", met=session["met_no"])[
            "person_id"
        ]
        dawn = dt.datetime.combine(session["exam_on"], dt.time()) - HOUR
        if not is_fraud:
            proof = add_proof(ground, ("STAFF", asesor), "VERIFY_ASESOR", session["tuk_code"], dawn)
        elif place % 4 == 0:
            other = f"ADM-{session['tuk_code']}"
            proof = add_proof(ground, ("STAFF", other), "VERIFY_ASESOR", session["tuk_code"], session["running_at"])
        ground.run(
            "update posko.exam_session set asesor_proof_id = :proof where session_id = :id",
            {"proof": proof, "id": session["session_id"]},
        )
        made.append(Planted("DV-S04", "tuk", session["tuk_code"], str(session["session_id"]), is_fraud))
    return made


def not_there(ground: Ground, k: int) -> list[Planted]:
    """DV-S05: who was absent has a score and a decision; near: absent in an earlier session, scored in the one to which she came."""
    rows, made = ground.journeys(3 * k), []
    for row in rows[:k]:
        ground.run(
            "update posko.attendance set outcome = 'ABSENT', tries = 0, proof_id = null, score = null, statement_no = null"
            " where attendance_id = :id",
            {"id": row["attendance_id"]},
        )
        made.append(Planted("DV-S05", "tki", row["tki_id"], f"{row['journey_id']}:{row['session_id']}"))
    for row, other in zip(rows[k : 2 * k], rows[2 * k :], strict=True):
        ground.run(
            "insert into posko.attendance (session_id, journey_id, id_as_typed, outcome, tries, recorded_at, recorded_by)"
            " values (:session, :journey, :tki, 'ABSENT', 0, :at, :by)",
            {
                "session": other["session_id"], "journey": row["journey_id"], "tki": row["tki_id"], "at": other["recorded_at"],
                "by": f"ADM-{other['tuk_code']}",
            },
        )  # fmt: skip
        keys = [f"{row['journey_id']}:{session['session_id']}" for session in (row, other)]
        made += [Planted("DV-S05", "tki", row["tki_id"], key, is_fraud=False) for key in keys]
    return made


def too_short(ground: Ground, k: int) -> list[Planted]:
    """DV-S06: 14 minutes a candidate; near: 15 to the second."""
    made = []
    for place, session in enumerate(ground.sessions(2 * k, least=3)):
        is_fraud = place % 2 == 0
        ground.run(
            "update posko.exam_session set ended_at = running_at + interval :minutes * (select count(*) from posko.attendance"
            " where session_id = :id and outcome = 'PRESENT') minute where session_id = :id",
            {"minutes": 14 if is_fraud else 15, "id": session["session_id"]},
        )
        made.append(Planted("DV-S06", "asesor", session["met_no"], str(session["session_id"]), is_fraud))
    return made


def hidden_lateness(ground: Ground, k: int) -> list[Planted]:
    """DV-S07: a finger taken 30 hours before it was recorded, which nothing says; near: 23 hours."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        is_fraud = place % 2 == 0
        at = row["recorded_at"] - (30 if is_fraud else 23) * HOUR
        proof = add_proof(ground, ("TKI", row["tki_id"]), "ATTEND", row["tuk_code"], at, used_at=row["recorded_at"])
        station = one(ground, "select station_code from posko.finger_proof where proof_id = :id", id=proof)[
            "station_code"
        ]
        ground.run(
            "update posko.attendance set proof_id = :proof, station_code = :station, late_seconds = null where attendance_id = :id",
            {"proof": proof, "station": station, "id": row["attendance_id"]},
        )
        made.append(Planted("DV-S07", "station", station, f"{row['session_id']}:{row['journey_id']}", is_fraud))
    return made


def silent(ground: Ground, k: int) -> list[Planted]:
    """DV-S08: a session whose day passed and nobody opened it; near: one called off, or one that is still to come."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        is_fraud, is_called_off = place % 2 == 0, place % 4 == 1
        day = one(ground, _FREE_DAY, tuk=row["tuk_code"], met=row["met_no"])["free_on"]
        if not is_fraud and not is_called_off:
            day = one(ground, "select max(exam_on) as last_on from posko.exam_session")["last_on"] + DAY
        found = ground.db.execute(
            sa.text(
                "insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)"
                " values (:tuk, :lsp, :scheme, :day, :slot, :met, :status, :made, 'KONS-001')"
            ),
            {
                "tuk": row["tuk_code"], "lsp": row["lsp_code"], "scheme": row["scheme_code"], "day": day, "slot": _LAST_SLOT,
                "met": row["met_no"], "status": "CANCELLED" if is_called_off else "PLANNED", "made": row["decided_at"],
            },
        )  # fmt: skip
        session_id = int(found.lastrowid)
        tell_session(ground, session_id)
        ground.run(
            "insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)"
            " values (:journey, 9, :session, :at, 'KONS-001')",
            {"journey": row["journey_id"], "session": session_id, "at": row["decided_at"]},
        )
        made.append(Planted("DV-S08", "tuk", row["tuk_code"], f"sesi:{session_id}", is_fraud))
    return made


def no_exit(ground: Ground, k: int) -> list[Planted]:
    """DV-S09: in by finger and never out, where others left theirs; near: let in without a finger, so there is none to leave."""
    made: list[Planted] = []
    for row in ground.journeys(4 * k):
        if len(made) == 2 * k or not _has_exit(ground, row):
            continue
        is_fraud = len(made) % 2 == 0
        values = {"session": row["session_id"], "journey": row["journey_id"]}
        ground.run("delete from posko.exit_scan where session_id = :session and journey_id = :journey", values)
        if not is_fraud:
            ground.run(
                "update posko.attendance set tries = 0, score = null, threshold = null, reason = 'Sidik jari aus',"
                " statement_no = concat('BA/', :journey, '/P') where session_id = :session and journey_id = :journey",
                values,
            )
        made.append(Planted("DV-S09", "tuk", row["tuk_code"], f"{row['session_id']}:{row['journey_id']}", is_fraud))
    return made


def _has_exit(ground: Ground, row: dict[str, Any]) -> bool:
    found = one(
        ground,
        "select count(*) as n, coalesce(sum(journey_id = :journey), 0) as own from posko.exit_scan where session_id = :session",
        session=row["session_id"],
        journey=row["journey_id"],
    )
    return int(found["n"]) > 3 and int(found["own"]) == 1


PLANTERS: dict[str, Planter] = {
    "DV-S01": unlisted, "DV-S02": outside, "DV-S03": burst, "DV-S04": unverified, "DV-S05": not_there, "DV-S06": too_short,
    "DV-S07": hidden_lateness, "DV-S08": silent, "DV-S09": no_exit,
}  # fmt: skip
