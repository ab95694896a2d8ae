"""Rows that the planters of sessions and scores write: finger proofs, scores, and where a session's reader is (§13.3-13.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    import datetime as dt

    from apps.fraud.planting import Ground

_PROOF = """
    insert into posko.finger_proof (proof_id, person_kind, person_id, purpose, station_code, is_match, score, threshold, quality,
        template_version, reader_serial, sample_sha256, captured_at, used_for, used_at)
    select :proof, :kind, :person, :purpose, station.station_code, :match, :score, 40, 65, 1, station.reader_serial,
        unhex(sha2(concat('tanam', :proof), 256)), :at, :act, :used
    from posko.station as station where station.tuk_code = :tuk order by station.station_code limit 1"""
_TOLD = """
    insert into posko_audit.audit_event (occurred_at, actor_kind, actor_id, action, entity, entity_key, outcome, payload, writer_id,
        writer_seq, prev, mac)
    select made_at, 'system', 'posko', 'simulasi.tahun', 'session', session_id, 'ok', concat('{"from"\\:null,"to"\\:"', status, '"}'),
        unhex(concat('f7', lpad(hex(session_id), 14, '0'))), 1, repeat(char(0), 32), unhex(sha2(concat('t', session_id), 256))
    from posko.exam_session where session_id = :id"""
_ACTS = {
    "ATTEND": "attendance.record",
    "SCORE": "assessment.score",
    "LOGIN": "auth.login",
    "VERIFY_ASESOR": "asesor.verify",
}


def one(ground: Ground, sql: str, **values: Any) -> dict[str, Any]:
    """Return the one row of a query."""
    return dict(ground.db.execute(sa.text(sql), values).mappings().one())


def add_proof(
    ground: Ground,
    person: tuple[str, str],
    purpose: str,
    tuk_code: str,
    at: dt.datetime,
    *,
    used_at: dt.datetime | None = None,
    is_match: bool = True,
) -> str:
    """Write a finger proof taken at the first station of a TUK and return its number.

    Args:
        ground: the year.
        person: STAFF or TKI, and the number.
        purpose: what it was asked for.
        tuk_code: the TUK.
        at: when it was taken (UTC).
        used_at: when it was used; None: as it was taken.
        is_match: whether it matched.
    """
    number = f"{ground.rng.getrandbits(128):032x}"
    kind, person_id = person
    values = {"proof": number, "kind": kind, "person": person_id, "purpose": purpose, "tuk": tuk_code, "at": at}
    values |= {"match": int(is_match), "score": ground.rng.randint(60, 140) if is_match else ground.rng.randint(4, 26)}
    ground.run(_PROOF, {**values, "act": _ACTS[purpose], "used": used_at or at})
    return number


def tell_session(ground: Ground, session_id: int) -> None:
    """Write what the log tells of a session that was made by an act: one event with the state in which it stands."""
    ground.run(_TOLD, {"id": session_id})


def score_of(ground: Ground, row: dict[str, Any]) -> dict[str, Any]:
    """Return the first score of a journey in its session, with its assessor, and the moments of the session."""
    return one(
        ground,
        "select assessment.*, session.opened_at, session.ended_at, session.scoring_opened_at, session.closed_at"
        " from posko.assessment as assessment join posko.exam_session as session on session.session_id = assessment.session_id"
        " where assessment.session_id = :session and assessment.journey_id = :journey and assessment.version = 1",
        session=row["session_id"],
        journey=row["journey_id"],
    )


def set_scores(ground: Ground, assessment_id: int, result: str) -> None:
    """Let a score say K in every unit, or BK in its first one only."""
    ground.run(
        "update posko.assessment set result = :result where assessment_id = :id",
        {"result": result, "id": assessment_id},
    )
    ground.run("update posko.score_item set result = 'K' where assessment_id = :id", {"id": assessment_id})
    if result == "BK":
        ground.run(
            "update posko.score_item set result = 'BK' where assessment_id = :id order by unit_code limit 1",
            {"id": assessment_id},
        )


def add_version(ground: Ground, score: dict[str, Any], at: dt.datetime, result: str, reason: str) -> None:
    """Write a second version of a score under a fresh finger of its assessor, with the units of the first one and another result."""
    tuk = one(ground, "select tuk_code from posko.exam_session where session_id = :id", id=score["session_id"])[
        "tuk_code"
    ]
    proof = add_proof(ground, ("STAFF", score["assessed_by"]), "SCORE", tuk, at)
    ground.run(
        "insert into posko.assessment (session_id, journey_id, version, met_no, result, proof_id, reason, assessed_at, assessed_by)"
        " select session_id, journey_id, 2, met_no, :result, :proof, :reason, :at, assessed_by from posko.assessment"
        " where assessment_id = :id",
        {"id": score["assessment_id"], "result": result, "proof": proof, "reason": reason, "at": at},
    )
    made = one(
        ground,
        "select max(assessment_id) as made from posko.assessment where session_id = :session and journey_id = :journey",
        session=score["session_id"],
        journey=score["journey_id"],
    )["made"]
    ground.run(
        "insert into posko.score_item (assessment_id, unit_code, result) select :made, unit_code, 'K' from posko.score_item"
        " where assessment_id = :id",
        {"made": made, "id": score["assessment_id"]},
    )
    set_scores(ground, int(made), result)
