"""Attendance by finger: present, try again, turned away, refused (§13.2-13.6; R-120..R-124, DV-S01, DV-S02, DV-I07)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose, seal_of
from posko.services import attendance
from tests.support.exam import exam_day

pytestmark = pytest.mark.server

ROWS = "select outcome, tries, score, threshold, quality, statement_no is not null from posko.attendance"


def _opened(world, *tki_ids, **more):
    day = exam_day(world, *(tki_ids or ("100",)), **more)
    day.open()
    return day


def _blurred(world, proof):
    """Return the proof as a bad capture would have made it."""
    poor = dataclasses.replace(proof, is_match=False, score=3, quality=11)
    return dataclasses.replace(poor, seal=seal_of(poor, world.office.keys["finger-proof"]))


def test_a_matching_finger_makes_her_present_and_shows_her_data(world):
    day = _opened(world)

    seen = day.scan("100")

    assert (seen["outcome"], seen["tries"], seen["statement_no"]) == ("PRESENT", 1, None)
    assert seen["candidate"]["full_name"] == "NAMA 100"
    assert seen["candidate"]["born_on"] == "1983-05-01"
    assert {"address", "phone", "email"}.isdisjoint(seen["candidate"])
    assert world.status("100") == "PRESENT"
    assert world.ask(ROWS) == [("PRESENT", 1, 120, 40, 80, 0)]
    assert world.value("select count(*) from posko.attendance join posko.finger_proof using (proof_id)") == 1
    assert day.rules() == []


def test_a_finger_that_does_not_match_is_kept_and_shows_nobodys_data(world):
    day = _opened(world)
    world.matcher.misses["100"] = 1

    seen = day.scan("100")

    assert seen == {"outcome": "TRY_AGAIN", "statement_no": None, "tries": 1, "candidate": None}
    assert world.status("100") == "ACKNOWLEDGED"
    assert world.ask("select person_id, is_match, score, quality from posko.finger_proof") == [("100", 0, 12, 80)]
    assert '"score":12' in world.value("select payload from posko_audit.audit_event where action = 'attendance.record'")


def test_after_three_misses_she_is_turned_away_for_the_day_with_a_statement(world):
    day = _opened(world)
    world.matcher.misses["100"] = 9

    seen = [day.scan("100") for _ in range(3)]

    assert [found["outcome"] for found in seen] == ["TRY_AGAIN", "TRY_AGAIN", "TURNED_AWAY_NO_MATCH"]
    assert [found["tries"] for found in seen] == [1, 2, 3]
    assert seen[-1]["candidate"] is None
    assert world.status("100") == "TURNED_AWAY_NO_MATCH"
    assert world.ask(ROWS) == [("TURNED_AWAY_NO_MATCH", 3, 12, 40, 80, 1)]
    assert world.ask("select rule_id, severity, mode, tki_id is null, subject_code from posko.deviation") == [
        ("DV-I07", "B", "P", 0, "100/TLRT/1")
    ]
    world.matcher.misses.clear()
    with pytest.raises(Refused) as refused:
        day.scan("100")
    assert refused.value.code == "TURNED_AWAY_TODAY"


def test_how_many_misses_turn_away_is_a_dated_parameter(world):
    world.write(
        "insert into posko.parameter values ('attendance_tries', '2026-01-01', '1', 'uji', 'SA1', 'BN1', '2026-01-01')"
    )
    day = _opened(world)
    world.matcher.misses["100"] = 1

    assert day.scan("100")["outcome"] == "TURNED_AWAY_NO_MATCH"


def test_a_match_after_a_miss_is_noted_as_a_warning(world):
    day = _opened(world)
    world.matcher.misses["100"] = 1
    day.scan("100")

    assert day.scan("100")["tries"] == 2

    assert world.ask("select rule_id, severity from posko.deviation") == [("DV-I07", "W")]
    evidence = json.loads(world.value("select evidence from posko.deviation"))
    assert (evidence["tries"], evidence["score"], evidence["threshold"]) == (2, 120, 40)


def test_a_bad_capture_is_an_outcome_of_its_own_and_counts_as_no_try(world):
    day = _opened(world)

    seen = [day.scan("100", proof=_blurred(world, day.proof("100"))) for _ in range(4)]

    assert {found["outcome"] for found in seen} == {"POOR_QUALITY"}
    assert {found["tries"] for found in seen} == {0}
    assert day.scan("100")["outcome"] == "PRESENT"
    assert day.rules() == []


def test_misses_of_another_day_do_not_count(world):
    early = _opened(world, "100", on=EXAM_ON - dt.timedelta(1))
    world.matcher.misses["100"] = 2
    early.scan("100")
    early.scan("100")
    world.write("update posko.exam_session set exam_on = :day, status = 'PLANNED', opened_at = null", day=EXAM_ON)
    world.at(EXAM_ON, 8)
    early.open()
    world.matcher.misses["100"] = 1

    assert early.scan("100")["tries"] == 1


def test_twenty_scans_at_once_make_one_row(world):
    day = _opened(world)
    proofs = [day.proof("100") for _ in range(20)]

    def scans(proof):
        try:
            return day.scan("100", proof=proof)["outcome"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(20) as pool:
        found = sorted(pool.map(scans, proofs))

    assert found == ["ATTENDANCE_RECORDED"] * 19 + ["PRESENT"]
    assert world.value("select count(*) from posko.attendance") == 1


def test_misses_at_once_are_all_counted(world):
    day = _opened(world)
    world.matcher.misses["100"] = 8
    proofs = [day.proof("100") for _ in range(8)]

    def scans(proof):
        try:
            return day.scan("100", proof=proof)["outcome"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(scans, proofs))

    assert found == ["TRY_AGAIN"] * 2 + ["TURNED_AWAY_NO_MATCH"] + ["TURNED_AWAY_TODAY"] * 5
    assert world.value("select count(*) from posko.finger_proof where is_match = 0") == 3


def test_a_double_submit_gives_the_first_answer(world):
    day = _opened(world)
    desk, proof = world.desk("TU1").once("scan-1"), day.proof("100")

    first = desk.do(attendance.record_attendance, session_id=day.session_id, tki_id="100", proof=proof)

    assert desk.do(attendance.record_attendance, session_id=day.session_id, tki_id="100", proof=proof) == first


def _not_open(world):
    return exam_day(world, "100"), "100"


def _ended(world):
    day = _opened(world)
    day.end()
    return day, "100"


def _next_day(world):
    day = _opened(world)
    world.at(EXAM_ON + dt.timedelta(1), 8)
    return day, "100"


def _unknown(world):
    return _opened(world), "999"


def _other_tuk(world):
    exam_day(world, "200", tuk="TUK-2", met="MET.2")
    return _opened(world), "200"


def _other_slot(world):
    exam_day(world, "200", met="MET.2", slot=2)
    return _opened(world), "200"


def _not_acknowledged(world):
    return _opened(world, status="DISTRIBUTED"), "100"


def _earlier_attempt(world):
    day = _opened(world)
    world.write("update posko.journey set attempt_no = 2")
    return day, "100"


@pytest.mark.parametrize(
    ("made", "code", "rule"),
    [
        (_not_open, "SESSION_NOT_OPEN", "DV-S02"),
        (_ended, "SESSION_NOT_OPEN", "DV-S02"),
        (_next_day, "NOT_THE_DAY", "DV-S02"),
        (_unknown, "NOT_ON_LIST", "DV-S01"),
        (_other_tuk, "NOT_ON_LIST", "DV-S01"),
        (_other_slot, "EXPECTED_ANOTHER_TIME", "DV-S01"),
        (_not_acknowledged, "NOT_ACKNOWLEDGED", "DV-S01"),
        (_earlier_attempt, "NOT_ON_LIST", "DV-S01"),
    ],
)
def test_who_is_not_expected_here_now_is_refused_under_its_rule(world, made, code, rule):
    day, tki_id = made(world)

    with pytest.raises(Refused) as refused:
        day.scan(tki_id)

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert day.rules() == [rule]
    assert world.value("select count(*) from posko.finger_proof") == 0


def test_another_tuk_is_not_named_but_the_register_knows(world):
    day, tki_id = _other_tuk(world)

    with pytest.raises(Refused) as refused:
        day.scan(tki_id)

    assert "TUK-2" not in str(refused.value)
    assert world.ask("select tki_id, evidence like '%expected_session%' from posko.deviation") == [("200", 1)]


@pytest.mark.parametrize("who", ["TU2", "KO1", "LS1", "AS1", "BN1", "AU1", "SA1"])
def test_only_the_own_tuk_checks_candidates_in(world, who):
    day = _opened(world)

    with pytest.raises(NotPermitted):
        world.desk(who).do(
            attendance.record_attendance, session_id=day.session_id, tki_id="100", proof=day.proof("100")
        )

    assert world.status("100") == "ACKNOWLEDGED"


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (lambda day: day.proof("101"), "PROOF_WRONG_PERSON"),
        (lambda day: day.proof("100", "ST-2"), "PROOF_WRONG_PLACE"),
        (lambda day: day.proof("100", "ST-0"), "PROOF_WRONG_PLACE"),
        (lambda day: day.world.proof("TKI", "100", Purpose.SUBJECT_VIEW), "PROOF_WRONG_PURPOSE"),
        (lambda day: {"person_id": "100", "is_match": True, "score": 400}, "PROOF_MISSING"),
    ],
)
def test_only_her_own_finger_taken_here_for_this_counts(world, proof, code):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        day.scan("100", proof=proof(day))

    assert (refused.value.code, refused.value.rule) == (code, "DV-N01")
    assert world.status("100") == "ACKNOWLEDGED"


WRONG_IDS = [("", "TEXT_EMPTY"), (None, "TEXT_EMPTY"), (100, "TEXT_EMPTY"), (["100"], "TEXT_EMPTY")]
WRONG_IDS += [("1" * 65, "TEXT_TOO_LONG"), ("1" * 10_000_000, "TEXT_TOO_LONG"), ("10\x000", "TEXT_CONTROL")]
WRONG_IDS += [("\ud800", "TEXT_CONTROL"), ("3603054105830001", "NOT_ON_LIST"), ("100' or '1'='1", "NOT_ON_LIST")]


@pytest.mark.parametrize(("tki_id", "code"), WRONG_IDS)
def test_what_is_no_id_on_the_list_is_refused_and_changes_nothing(world, tki_id, code):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        day.scan(tki_id, proof=day.proof("100"))

    assert refused.value.code == code
    assert world.value("select count(*) from posko.attendance") == 0


def test_blanks_around_an_id_do_not_matter(world):
    day = _opened(world)

    assert day.scan(" 100 ", proof=day.proof("100"))["outcome"] == "PRESENT"
