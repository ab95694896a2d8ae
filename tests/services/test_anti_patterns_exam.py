"""Named anti-patterns of the exam day, each refused by test (requirements 12.2: numbers 2, 4, 5, 6)."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import FingerProof, Purpose
from posko.services import asesor_check, assessment, attendance
from tests.support.exam import GOOD, exam_day

pytestmark = pytest.mark.server

MIGRATIONS = Path(__file__).parents[2] / "posko" / "db" / "migrations" / "versions"


def test_anti_pattern_2_presence_does_not_default_to_true(world):
    day = exam_day(world, "100", "101")
    day.test_with("100")

    assert (world.status("101"), world.status("100")) == ("ABSENT", "TESTED")
    defaults = world.ask(
        "select column_name from information_schema.columns where table_schema = 'posko' and table_name = 'attendance'"
        " and column_default is not null and column_default <> 'NULL'"
    )
    assert defaults == []


def test_anti_pattern_2_no_migration_writes_presence():
    for file in MIGRATIONS.glob("*.py"):
        assert not re.search(r"(insert\s+into|update)\s+posko\.attendance", file.read_text(), re.IGNORECASE), file.name


def test_anti_pattern_2_a_present_row_without_a_proof_is_refused_by_the_database(world):
    day = exam_day(world, "100")

    with pytest.raises(Exception, match="attendance_presence_is_proven"):
        world.write(
            "insert into posko.attendance (session_id, journey_id, id_as_typed, outcome, tries, recorded_at, recorded_by)"
            " values (:session, :journey, '100', 'PRESENT', 0, '2026-03-09', 'TU1')",
            session=day.session_id,
            journey=day.journeys["100"],
        )


@pytest.mark.parametrize("who", ["SA1", "KO1", "LS1", "LS2", "TU1", "TU2", "AS2", "AS3", "BN1", "AU1"])
def test_anti_pattern_4_nobody_but_the_appointed_assessor_enters_a_result(world, who):
    day = exam_day(world, "100")
    day.test_with("100")
    behalf = {"on_behalf": "Asesor pulang lebih awal"} if who == "SA1" else {}
    number = day.journeys["100"]

    with pytest.raises(NotPermitted):
        world.desk(who, **behalf).do(
            assessment.score, session_id=day.session_id, scores={number: GOOD}, proof=day.finger()
        )
    with pytest.raises(NotPermitted):
        world.desk(who, **behalf).do(
            assessment.correct_score,
            session_id=day.session_id,
            journey_id=number,
            scores=GOOD,
            reason="x",
            proof=day.finger(),
        )

    assert world.value("select count(*) from posko.assessment") == 0
    assert world.status("100") == "TESTED"
    assert len(world.events("refused")) == 2


def test_anti_pattern_4_a_result_alone_issues_no_certificate(world):
    day = exam_day(world, "100")
    day.test_with("100")

    day.score({"100": GOOD})

    assert world.value("select count(*) from posko.certificate") == 0
    assert world.value("select count(*) from posko.decision") == 0


def test_anti_pattern_5_a_failed_match_is_stored_with_score_quality_and_event(world):
    day = exam_day(world, "100")
    day.open()
    world.matcher.misses["100"] = 3

    for _ in range(3):
        day.scan("100")

    assert (
        world.ask("select is_match, score, quality, used_for from posko.finger_proof")
        == [(0, 12, 80, "attendance.record")] * 3
    )
    assert world.ask("select outcome, score, quality, tries from posko.attendance") == [
        ("TURNED_AWAY_NO_MATCH", 12, 80, 3)
    ]
    stored = "select count(*) from posko_audit.audit_event where action = 'attendance.record' and payload like :told"
    assert world.value(stored, told='%"score":12%') >= 3


def _posted(world, proof: FingerProof) -> list[object]:
    """Return what a page could post in place of a match."""
    return [
        "100",
        "cocok",
        True,
        None,
        120,
        {"is_match": True, "score": 120, "person_id": proof.person_id},
        dataclasses.asdict(proof),
        dataclasses.replace(proof, score=400),
        dataclasses.replace(proof, seal=b""),
        dataclasses.replace(proof, is_match=True, seal=bytes(32)),
    ]


@pytest.mark.parametrize("place", range(10))
def test_anti_pattern_6_no_text_or_posted_value_is_a_fingerprint(world, place):
    day = exam_day(world, "100")
    day.open()
    world.matcher.impostors = frozenset({"100"})
    candidate = _posted(world, day.proof("100"))[place]
    asesor = _posted(world, world.proof("STAFF", "AS1", Purpose.VERIFY_ASESOR))[place]

    for what, asked in (
        (attendance.record_attendance, {"tki_id": "100", "proof": candidate}),
        (asesor_check.verify_asesor, {"proof": asesor}),
    ):
        with pytest.raises(Refused) as refused:
            world.desk("TU1").do(what, session_id=day.session_id, **asked)
        assert (refused.value.code, refused.value.rule) in {("PROOF_MISSING", "DV-N01"), ("PROOF_FORGED", "DV-N01")}

    assert (world.status("100"), day.state()) == ("ACKNOWLEDGED", "OPEN")
    assert world.value("select count(*) from posko.finger_proof") == 0


def test_anti_pattern_6_a_score_needs_a_finger_too(world):
    day = exam_day(world, "100")
    day.test_with("100")

    for posted in _posted(world, day.finger()):
        with pytest.raises(Refused) as refused:
            world.desk("AS1").do(
                assessment.score, session_id=day.session_id, scores={day.journeys["100"]: GOOD}, proof=posted
            )
        assert refused.value.rule == "DV-N01"

    assert world.status("100") == "TESTED"
