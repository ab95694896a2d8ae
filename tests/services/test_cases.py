"""Deviation cases: frozen evidence, clock, hold, every step noted, closed by two who are no subject of it (§5.2; requirements 7.9)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import IllegalMove, Refused
from posko.domain.roles import Principal, Role
from posko.services import cases, replay
from tests.support.decided import EVALUATED_ON, decided, deviation

pytestmark = pytest.mark.server
LONG = "x" * 10_000_001
STEPS = ("triage", "review", "confirm", "dismiss", "sanction")


@pytest.fixture
def found(world):
    world.at(EVALUATED_ON)
    return deviation(world, decided(world, "1"))


def open_(world, *ids, who="BN1", **more):
    return world.desk(who).do(cases.open_case, deviation_ids=list(ids), title="Putusan menyimpang", **more)


def walk(world, case_id, *steps, who="BN1"):
    for step in steps:
        world.desk(who).do(getattr(cases, step), case_id=case_id, note=f"Langkah {step}")


def close(world, case_id, who="BN1", other="SA1"):
    return world.desk(who).do(cases.close, case_id=case_id, note="Selesai", second=world.second(other))


def case(world, *columns):
    (row,) = world.ask(f"select {', '.join(columns)} from posko.deviation_case")
    return row


@pytest.mark.parametrize("way", [("confirm",), ("dismiss",), ("confirm", "sanction")])
def test_a_case_goes_its_way_and_every_step_is_noted(world, found, way):
    case_id = open_(world, found)
    walk(world, case_id, "triage", "review", *way)

    assert close(world, case_id) == "CLOSED"

    assert case(world, "status", "closed_by", "seconded_by") == ("CLOSED", "BN1", "SA1")
    assert world.value("select count(*) from posko.case_note") == 4 + len(way)
    with world.admin().connect() as db:
        assert [each for each in replay.compare_with_tables(db) if each.sentence.startswith("Kasus")] == []


@pytest.mark.parametrize(
    ("severities", "worst", "holds", "days"),
    [("W", "W", 0, 30), ("WH", "H", 1, 7), ("HB", "B", 1, 3), ("I", "I", 0, 90), ("IW", "W", 0, 30)],
)
def test_the_worst_severity_sets_clock_and_hold(world, severities, worst, holds, days):
    journey_id = decided(world, "1")
    world.at(EVALUATED_ON)

    open_(world, *(deviation(world, journey_id, severity=each) for each in severities))

    assert case(world, "severity", "holds_result", "due_at") == (worst, holds, world.now + dt.timedelta(days=days))


def test_the_subjects_come_from_the_deviations_and_from_who_opens(world):
    first = decided(world, "1")
    world.at(EVALUATED_ON)
    ids = [
        deviation(world, first),
        deviation(world, tki_id="77"),
        deviation(world, session_id=1),
        deviation(world, subject_kind="asesor", subject_code="MET.2"),
        deviation(world, mode="P", evidence='{"by":"TU1"}', subject_kind="staff", subject_code="TU1"),
    ]

    open_(world, *ids, subjects=[("TUK", "TUK-3")])

    assert world.ask("select subject_kind, subject_code from posko.case_subject order by 1, 2") == [
        ("asesor", "MET.2"),
        ("journey", str(first)),
        ("session", "1"),
        ("staff", "AS2"),
        ("staff", "TU1"),
        ("tki", "77"),
        ("tuk", "TUK-3"),
    ]


def test_a_subject_neither_handles_nor_closes_the_case(world, found):
    case_id = open_(world, found, subjects=[("staff", "BN1")])
    with pytest.raises(Refused) as refused:
        walk(world, case_id, "triage")
    assert refused.value.code == "CASE_OWN"
    walk(world, case_id, "triage", "review", "confirm", who="BN2")

    for who, other in (("BN1", "BN2"), ("BN2", "BN1")):
        with pytest.raises(Refused, match="pokok kasus"):
            close(world, case_id, who, other)

    assert close(world, case_id, "BN2", "SA1") == "CLOSED"


@pytest.mark.parametrize(
    ("who", "second", "code"),
    [
        ("BN1", None, "SECOND_PERSON_MISSING"),
        ("BN1", "BN1", "SECOND_PERSON_SAME"),
        ("BN1", "AU1", "NotPermitted"),
        ("BN1", "LS1", "NotPermitted"),
        ("AU1", "SA1", "NotPermitted"),
        ("KO1", "SA1", "NotPermitted"),
    ],
)
def test_a_case_is_closed_by_two_of_bnsp_and_super_administrator(world, found, who, second, code):
    case_id = open_(world, found)
    walk(world, case_id, "triage", "review", "dismiss")

    with pytest.raises(Refused) as refused:
        world.desk(who).do(
            cases.close, case_id=case_id, note="Selesai", second=None if second is None else world.second(second)
        )

    assert refused.value.code == code
    assert case(world, "status") == ("DISMISSED",)


@pytest.mark.parametrize("jump", [("review",), ("confirm",), ("dismiss",), ("sanction",), ("triage", "triage")])
def test_a_case_makes_no_jump(world, found, jump):
    case_id = open_(world, found)

    with pytest.raises(IllegalMove):
        walk(world, case_id, *jump)

    assert world.ask("select rule_id from posko.deviation where rule_id = 'DV-X01'") == [("DV-X01",)]


def test_no_case_is_closed_unread(world, found):
    case_id = open_(world, found)

    with pytest.raises(IllegalMove):
        close(world, case_id)


def test_reopening_freezes_the_evidence_anew_and_starts_the_clock_anew(world):
    journey_id = decided(world, "1")
    world.at(EVALUATED_ON)
    case_id = open_(world, deviation(world, journey_id, severity="W"))
    walk(world, case_id, "triage", "review", "dismiss")
    close(world, case_id)
    (before,) = case(world, "evidence_sha256")
    new = deviation(world, journey_id, severity="H")
    world.at(EVALUATED_ON + dt.timedelta(days=20))

    world.desk("BN1").do(cases.reopen, case_id=case_id, note="Bukti baru", deviation_ids=[new])

    status, severity, holds, due_at, after, closed_by = case(
        world, "status", "severity", "holds_result", "due_at", "evidence_sha256", "closed_by"
    )
    assert (status, severity, holds, closed_by) == ("OPEN", "H", 1, None)
    assert due_at == world.now + dt.timedelta(days=7)
    assert after != before
    with pytest.raises(IllegalMove):
        world.desk("BN1").do(cases.reopen, case_id=case_id, note="Lagi")


def test_a_deviation_is_in_one_case_only_even_for_eight_at_once(world, found):
    def opens(_number):
        try:
            return open_(world, found)
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(opens, range(8)))

    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert {answer for answer in answers if isinstance(answer, str)} == {"DEVIATION_IN_CASE"}
    assert world.value("select count(*) from posko.deviation_case") == 1


def test_altered_evidence_opens_no_case(world, found):
    world.write('update posko.deviation set evidence = \'{"by":"lain"}\'')

    with pytest.raises(Refused) as refused:
        open_(world, found)

    assert (refused.value.code, refused.value.rule) == ("EVIDENCE_ALTERED", "DV-X05")


@pytest.mark.parametrize("who", ["BN1", "KO1", "LS1", "TU1", "AU1"])
def test_who_is_touched_by_a_case_and_who_watches_may_comment(world, found, who):
    case_id = open_(world, found)

    world.desk(who).do(cases.comment, case_id=case_id, note="Mohon diperiksa")

    assert world.ask("select noted_by, status_to from posko.case_note order by note_id desc limit 1") == [(who, None)]


@pytest.mark.parametrize("who", ["LS2", "TU2"])
def test_who_is_not_touched_may_not(world, found, who):
    case_id = open_(world, found)

    with pytest.raises(Refused) as refused:
        world.desk(who).do(cases.comment, case_id=case_id, note="Ingin tahu")

    assert refused.value.rule == "DV-X04"


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_only_bnsp_and_super_administrator_handle_cases(world, found, who):
    with pytest.raises(Refused):
        open_(world, found, who=who)
    case_id = open_(world, found)
    for step in STEPS:
        with pytest.raises(Refused) as refused:
            walk(world, case_id, step, who=who)
        assert refused.value.code == "NotPermitted"


def test_the_public_complains_into_the_register_of_complaints(world):
    number = world.office.desk(Principal(Role.PUBLIC)).do(cases.complain, grounds="Sertifikat dijual", lsp_code="LSP-1")

    assert world.ask("select appeal_id, kind, lsp_code, due_on is not null from posko.appeal") == [
        (number, "COMPLAINT", "LSP-1", 1)
    ]
    with pytest.raises(Refused):
        world.desk("AS1").do(cases.complain, grounds="Sertifikat dijual")


def test_the_log_holds_no_note_in_clear(world, found):
    case_id = open_(world, found)
    walk(world, case_id, "triage")

    assert "Langkah" not in str(world.ask("select payload from posko_audit.audit_event"))


@pytest.mark.parametrize(
    ("what", "wrong", "code"),
    [
        ("open_case", {"deviation_ids": []}, "LIST_EMPTY"),
        ("open_case", {"deviation_ids": [999]}, "UNKNOWN_DEVIATION"),
        ("open_case", {"deviation_ids": [1, 1]}, "LIST_DOUBLE"),
        ("open_case", {"deviation_ids": None}, "NOT_A_LIST"),
        ("open_case", {"title": ""}, "TEXT_EMPTY"),
        ("open_case", {"title": LONG}, "TEXT_TOO_LONG"),
        ("open_case", {"subjects": "staff"}, "NOT_A_SUBJECT"),
        ("open_case", {"subjects": [("staff",)]}, "NOT_A_SUBJECT"),
        ("open_case", {"subjects": [("staff", "3603054105830001")]}, "LOOKS_LIKE_NIK"),
        ("open_case", {"subjects": [(None, "x")]}, "TEXT_EMPTY"),
        ("triage", {"case_id": 99}, "UNKNOWN_CASE"),
        ("triage", {"case_id": -1}, "NOT_A_NUMBER"),
        ("triage", {"note": None}, "TEXT_EMPTY"),
        ("triage", {"note": "\x1b[2J"}, "TEXT_CONTROL"),
        ("sanction", {"sanction": "y" * 501}, "TEXT_TOO_LONG"),
        ("comment", {"case_id": 99}, "UNKNOWN_CASE"),
        ("comment", {"note": LONG}, "TEXT_TOO_LONG"),
        ("reopen", {"deviation_ids": [999]}, "IllegalMove"),
        ("close", {"note": ""}, "TEXT_EMPTY"),
        ("complain", {"grounds": ""}, "TEXT_EMPTY"),
        ("complain", {"lsp_code": "LSP-9"}, "NO_SUCH_CODE"),
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(world, found, what, wrong, code):
    case_id = open_(world, found)
    fresh = deviation(world)
    right = {
        "open_case": {"deviation_ids": [fresh], "title": "Judul"},
        "close": {"case_id": case_id, "note": "Catatan", "second": None},
        "complain": {"grounds": "Keluhan"},
    }.get(what, {"case_id": case_id, "note": "Catatan"})

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(getattr(cases, what), **{**right, **wrong})

    assert refused.value.code == code
    assert case(world, "status") == ("OPEN",)
    assert world.value("select count(*) from posko.case_note") == 1
