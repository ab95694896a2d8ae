"""Frauds and near misses of scores and decisions, DV-N01..DV-N08 (§13.7-13.10), as they stand in the tables afterwards."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.planting import Planted
from apps.fraud.rows_sn import add_proof, add_version, one, score_of, set_scores
from posko.domain.audit import canonical

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

SECOND, MINUTE, DAY = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(days=1)
OTHER = {"K": "BK", "BK": "K"}


def stale_finger(ground: Ground, k: int) -> list[Planted]:
    """DV-N01: a score on a finger of 20 minutes ago, of somebody else, or taken to sign in; near: 4 minutes old."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        score, is_fraud = score_of(ground, row), place % 2 == 0
        who, purpose, age = score["assessed_by"], "SCORE", 4 * MINUTE
        if is_fraud:
            who, purpose, age = (
                (who, "SCORE", 20 * MINUTE),
                (f"ADM-{row['tuk_code']}", "SCORE", MINUTE),
                (who, "LOGIN", MINUTE),
            )[place // 2 % 3]
        at = score["assessed_at"]
        proof = add_proof(ground, ("STAFF", who), purpose, row["tuk_code"], at - age, used_at=at)
        ground.run(
            "update posko.assessment set proof_id = :proof where assessment_id = :id",
            {"proof": proof, "id": score["assessment_id"]},
        )
        made.append(
            Planted("DV-N01", "asesor", score["met_no"], f"{row['session_id']}:{row['journey_id']}:1", is_fraud)
        )
    return made


def too_early(ground: Ground, k: int) -> list[Planted]:
    """DV-N02: a score from before the release or before the end of the test; near: half a minute after the release."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        score, is_fraud = score_of(ground, row), place % 2 == 0
        early = score["ended_at"] - 30 * MINUTE if place % 4 == 0 else score["scoring_opened_at"] - 20 * SECOND
        at = early if is_fraud else score["scoring_opened_at"] + 30 * SECOND
        proof = add_proof(
            ground, ("STAFF", score["assessed_by"]), "SCORE", row["tuk_code"], at - 20 * SECOND, used_at=at
        )
        ground.run(
            "update posko.assessment set proof_id = :proof, assessed_at = :at where assessment_id = :id",
            {"proof": proof, "at": at, "id": score["assessment_id"]},
        )
        made.append(
            Planted("DV-N02", "asesor", score["met_no"], f"{row['session_id']}:{row['journey_id']}:1", is_fraud)
        )
    return made


def in_seconds(ground: Ground, k: int) -> list[Planted]:
    """DV-N03: a sheet scored within 2 seconds a head, in one submit after the release or in many; near: 4 seconds a head."""
    made = []
    for place, session in enumerate(ground.sessions(2 * k, least=10)):
        is_fraud, is_one_submit = place % 2 == 0, place % 4 < 2
        rows = [score_of(ground, row) for row in session["journeys"]]
        for number, score in enumerate(rows):
            pace = (2.0 if is_fraud else 4.0) + ground.rng.random() * 0.5
            at = session["scoring_opened_at"] + 20 * MINUTE + number * pace * SECOND
            if is_one_submit:
                at = session["scoring_opened_at"] + len(rows) * (2 if is_fraud else 4) * SECOND
            proof = add_proof(
                ground, ("STAFF", score["assessed_by"]), "SCORE", session["tuk_code"], at - SECOND, used_at=at
            )
            ground.run(
                "update posko.assessment set proof_id = :proof, assessed_at = :at where assessment_id = :id",
                {"proof": proof, "at": at, "id": score["assessment_id"]},
            )
        made.append(Planted("DV-N03", "asesor", session["met_no"], f"{session['session_id']}:cepat", is_fraud))
    return made


def changed_afterwards(ground: Ground, k: int) -> list[Planted]:
    """DV-N04: another result after the LSP decided, past the act; near: a typing error mended before the LSP took the table over."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        score, is_fraud = score_of(ground, row), place % 2 == 0
        if is_fraud:
            add_version(ground, score, row["decided_at"] + DAY, OTHER[score["result"]], "Diminta pihak TKI")
        else:
            set_scores(ground, int(score["assessment_id"]), OTHER[score["result"]])
            add_version(ground, score, score["closed_at"] - MINUTE, score["result"], "Salah ketik")
        made.append(
            Planted("DV-N04", "asesor", score["met_no"], f"{row['session_id']}:{row['journey_id']}:2", is_fraud)
        )
    return made


def against_the_asesor(ground: Ground, k: int) -> list[Planted]:
    """DV-N05: decided K over the assessor's BK, and nobody told; near: BK over K with a reason, which the act of deciding noted."""
    frauds, noted = ground.journeys(k, result="K"), ground.journeys(k, result="BK")
    for row in frauds:
        set_scores(ground, int(score_of(ground, row)["assessment_id"]), "BK")
    for row in noted:
        set_scores(ground, int(score_of(ground, row)["assessment_id"]), "K")
        ground.run(
            "update posko.decision set asesor_result = 'K', reason = 'Bukti portofolio kurang' where decision_id = :id",
            {"id": row["decision_id"]},
        )
        _note(ground, row)
    return [
        Planted("DV-N05", "lsp", row["lsp_code"], str(row["journey_id"]), is_fraud)
        for rows, is_fraud in ((frauds, True), (noted, False))
        for row in rows
    ]


def _note(ground: Ground, row: dict[str, Any]) -> None:
    """Write what the act of deciding writes of a decision against the assessor."""
    evidence = canonical({"asesor": "K", "lsp": "BK", "by": f"ADM-{row['lsp_code']}"})
    ground.run(
        "insert into posko.deviation (rule_id, severity, mode, tki_id, journey_id, session_id, subject_kind, subject_code, evidence,"
        " evidence_sha256, occurred_at) values ('DV-N05', 'H', 'P', :tki, :journey, :session, 'journey', :name, :evidence, :hash, :at)",
        {
            "tki": row["tki_id"], "journey": row["journey_id"], "session": row["session_id"], "at": row["decided_at"],
            "name": f"{row['tki_id']}/{row['scheme_code']}/{row['journey_no']}", "evidence": evidence,
            "hash": sha256(evidence.encode()).digest(),
        },
    )  # fmt: skip


def two_parts(ground: Ground, k: int) -> list[Planted]:
    """DV-N06: decided by the assessor, or by who kept the door; near: the LSP's own administrator answered for an exception at the door."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        score, is_fraud = score_of(ground, row), place % 2 == 0
        decision = one(ground, "select decided_by from posko.decision where decision_id = :id", id=row["decision_id"])
        by = decision["decided_by"]
        if is_fraud:
            by = score["assessed_by"] if place % 4 == 0 else f"ADM-{row['tuk_code']}"
            ground.run(
                "update posko.decision set decided_by = :by where decision_id = :id",
                {"by": by, "id": row["decision_id"]},
            )
        else:
            ground.run(
                "update posko.attendance set recorded_by = :by, tries = 0, score = null, threshold = null, reason = 'Sidik jari aus',"
                " statement_no = concat('BA/', :id, '/N') where attendance_id = :id",
                {"by": by, "id": row["attendance_id"]},
            )
        made.append(Planted("DV-N06", "staff", by, str(row["journey_id"]), is_fraud))
    return made


def same_day(ground: Ground, k: int) -> list[Planted]:
    """DV-N07: tested on the day on which her training ended, or before; near: the day after."""
    made = []
    for place, row in enumerate(ground.journeys(2 * k)):
        is_fraud = place % 2 == 0
        day = row["exam_on"] + (place // 2 % 2) * DAY if is_fraud else row["exam_on"] - DAY
        ground.run(
            "update posko.candidate set training_ended_on = :day where journey_id = :id",
            {"day": day, "id": row["journey_id"]},
        )
        made.append(Planted("DV-N07", "tki", row["tki_id"], f"uji:{row['session_id']}", is_fraud))
    return made


_RETAKES = """
    select second.journey_id, second.tki_id, passed.lsp_code, session.exam_on, failed.decision_id, first_.journey_id as failed_journey
    from posko.journey as second
    join posko.decision as passed on passed.journey_id = second.journey_id and passed.result = 'K'
    join posko.exam_session as session on session.session_id = passed.session_id
    join posko.journey as first_ on first_.tki_id = second.tki_id and first_.journey_no = 1
    join posko.decision as failed on failed.journey_id = first_.journey_id and failed.result = 'BK'
    where second.journey_no = 2 order by second.journey_id"""
_ELSEWHERE = """
    select session.session_id, session.lsp_code, session.tuk_code, session.exam_on, session.closed_at + interval 1 day as decided_at
    from posko.exam_session as session
    where session.closed_at is not null and (session.lsp_code = :lsp_code) = :same
    and datediff(:exam_on, session.exam_on) between :least and :most order by session.session_id limit 1"""


def shopping(ground: Ground, k: int) -> list[Planted]:
    """DV-N08: failed with one LSP and passed with another within 14 days; near: with the same LSP, or after 15 days and more."""
    made: list[Planted] = []
    rows = [dict(row) for row in ground.db.execute(sa.text(_RETAKES)).mappings()]
    for row in ground.rng.sample(rows, len(rows)):
        is_fraud, is_same = len(made) % 2 == 0, len(made) % 4 == 1
        least, most = (4, 14) if is_fraud or is_same else (15, 60)
        asked = {**row, "same": int(is_same), "least": least, "most": most}
        found = ground.db.execute(sa.text(_ELSEWHERE), asked).mappings().first()
        if len(made) < 2 * k and found is not None:
            _move_failure(ground, row, dict(found))
            made.append(Planted("DV-N08", "tki", row["tki_id"], f"{row['journey_id']}:lsp-lain", is_fraud))
    return made


def _move_failure(ground: Ground, row: dict[str, Any], to: dict[str, Any]) -> None:
    """Let the decision "BK" of a first journey, and what was published of it, be of another session."""
    ground.run(
        "update posko.decision set session_id = :session_id, lsp_code = :lsp_code, decided_at = :decided_at"
        " where decision_id = :decision_id",
        {**to, "decision_id": row["decision_id"]},
    )
    ground.run(
        "update posko.publication set lsp_code = :lsp_code, tuk_code = :tuk_code, tested_on = :exam_on where journey_id = :journey",
        {**to, "journey": row["failed_journey"]},
    )


PLANTERS: dict[str, Planter] = {
    "DV-N01": stale_finger, "DV-N02": too_early, "DV-N03": in_seconds, "DV-N04": changed_afterwards, "DV-N05": against_the_asesor,
    "DV-N06": two_parts, "DV-N07": same_day, "DV-N08": shopping,
}  # fmt: skip
