"""Edges of the rules of sessions and scores that no plant of the simulated year reaches (requirements 7.4, 7.5)."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.parameters import DEFAULTS
from posko.services import assessment, decision, results
from tests.support.exam import GOOD, POOR, ExamDay, exam_day
from tests.support.exam_rows import MINUTE, NOON, Rows
from tests.support.rule_views import PROJECT, RuleViews

pytestmark = pytest.mark.server


def received(world, *tki_ids: str) -> ExamDay:
    """A session played by its people: everybody came, was scored K, and the LSP took the table over."""
    day = exam_day(world, *tki_ids)
    day.test_with(*tki_ids)
    day.score(dict.fromkeys(tki_ids, GOOD))
    world.desk("LS1").do(results.receive_results, session_id=day.session_id)
    return day


@pytest.fixture
def rows(world) -> Rows:
    return Rows(world)


@pytest.fixture
def views(world) -> RuleViews:
    return RuleViews(world)


def scored(rows: Rows, sheets: list[str], *, after: dt.timedelta = 40 * MINUTE) -> int:
    """A session scored in one submit."""
    session = rows.session()
    for units in sheets:
        rows.score(session, rows.journey(session), units, NOON + after)
    return session


def test_the_defaults_of_the_seed_are_those_of_the_acts() -> None:
    with Path(PROJECT, "seeds", "parameter.csv").open(encoding="utf-8", newline="") as lines:
        seed = {
            row["param_code"]: float(row["value"]) for row in csv.DictReader(lines) if row["param_code"] in DEFAULTS
        }

    assert seed == {name: float(DEFAULTS[name].value) for name in seed}
    assert seed.keys() >= {"proof_minutes", "retake_days", "attempts_most"}


def test_a_test_in_which_another_assessor_took_over_counts_from_the_opening(rows, views) -> None:
    usual, taken_over = rows.session(minutes=14), rows.session(minutes=14)
    for session in (usual, taken_over):
        rows.journey(session)
    rows.add(
        "appointment", session_id=taken_over, met_no="MET.2", appointed_at="2026-03-02", appointed_by="KO1",
        ended_at=NOON - 20 * MINUTE,
    )  # fmt: skip

    found = views.found("s06")

    assert list(found) == [str(usual)]
    told = json.loads(found[str(usual)]["evidence"])
    assert (told["peserta"], told["menit"], told["menit_tersingkat"]) == (1, 14, 15)


def test_who_was_absent_takes_no_time_of_the_test(rows, views) -> None:
    session = rows.session(minutes=15)
    rows.journey(session)
    rows.journey(session, outcome="ABSENT")

    assert views.found("s06") == {}


def test_a_late_upload_that_the_act_noted_is_not_found_again_and_hides_no_other(world, rows, views) -> None:
    session = rows.session()
    noted, other = rows.journey(session), rows.journey(session)
    world.write("update posko.finger_proof set captured_at = captured_at - interval 25 hour where person_kind = 'TKI'")
    world.write(
        "update posko.attendance set recorded_at = recorded_at + interval 1 minute where journey_id = :j", j=other
    )
    assert list(views.found("s07")) == [f"{session}:{noted}", f"{session}:{other}"]

    rows.add(
        "deviation", rule_id="DV-S07", severity="W", mode="P", session_id=session, subject_kind="session", subject_code=str(session),
        evidence="{}", evidence_sha256=b"0" * 32, occurred_at=NOON - 200 * MINUTE,
    )  # fmt: skip

    assert list(views.found("s07")) == [f"{session}:{other}"]


def test_a_decision_without_any_score_is_found_until_there_is_one(rows, views) -> None:
    session = rows.session()
    journey = rows.journey(session)
    rows.decision(session, journey, "K")
    assert list(views.found("n05")) == [str(journey)]

    rows.score(session, journey, "KKK", NOON + 60 * MINUTE)

    assert views.found("n05") == {}


def test_the_clock_of_a_station_may_differ_by_two_minutes(rows, views) -> None:
    for station, skew in (("ST-1", 120_000), ("ST-2", -120_001)):
        rows.add(
            "station_seen",
            station_code=station,
            key_id="0" * 32,
            seen_at=NOON,
            skew_ms=skew,
            last_counter=1,
            version="1",
        )

    assert [row["subject_code"] for row in views.found("s07").values()] == ["ST-2"]


def test_a_tuk_is_silent_only_while_others_tested_all_the_time(world, rows, views) -> None:
    rows.session(exam_on=EXAM_ON - dt.timedelta(days=91), tuk_code="TUK-2")
    for tuk, days in (("TUK-1", 0), ("TUK-1", 91), ("TUK-2", 90)):
        rows.session(exam_on=EXAM_ON - dt.timedelta(days=days), tuk_code=tuk)
    assert list(views.found("s08")) == ["sejak:awal"]

    world.write("update posko.exam_session set exam_on = exam_on - interval 1 day where tuk_code = 'TUK-2'")
    assert {row["subject_code"]: key for key, row in views.found("s08").items()} == {
        "TUK-2": f"sejak:{EXAM_ON - dt.timedelta(days=91)}",
        "TUK-3": "sejak:awal",
    }

    world.write(
        "insert into posko.suspension (party_kind, party_code, suspended_from, suspended_until, reason)"
        " values ('LSP', 'LSP-2', '2026-03-01', '2026-03-02', 'Audit')"
    )
    assert [row["subject_code"] for row in views.found("s08").values()] == ["TUK-2"]


def test_a_network_that_has_just_begun_has_no_silent_tuk(rows, views) -> None:
    rows.session()

    assert views.found("s08") == {}


def test_nobody_leaves_by_finger_where_most_do_not(rows, views) -> None:
    session = rows.session()
    journeys = [rows.journey(session) for _ in range(4)]
    for journey in journeys[:2]:
        rows.add(
            "exit_scan", session_id=session, journey_id=journey, proof_id=rows.proof("TKI", "5", "EXIT", NOON), score=90, threshold=40,
            quality=60, station_code="ST-1", scanned_at=NOON, recorded_by="TU1",
        )  # fmt: skip

    assert views.found("s09") == {}


def test_what_bnsp_set_for_the_age_of_a_finger_counts_from_its_day(world, rows, views) -> None:
    session = scored(rows, ["KKK"])
    world.write("update posko.finger_proof set captured_at = captured_at - interval 7 minute where purpose = 'SCORE'")
    assert len(views.found("n01")) == 1

    for day, minutes in ((EXAM_ON, 10), (EXAM_ON + dt.timedelta(days=1), 5)):
        rows.add(
            "parameter", parameter_name="proof_minutes", valid_from=day, value=str(minutes), reason="Uji", set_by="BN1",
            seconded_by="BN2", set_at="2026-03-01",
        )  # fmt: skip

    assert (views.found("n01"), session) == ({}, session)


@pytest.mark.parametrize(
    ("sheets", "is_found"),
    [
        (["KKB"] * 10, True),
        (["BBB"] * 10, True),
        (["KKK"] * 20, False),
        (["KKB"] * 9, False),
        (["KKB"] * 9 + ["KBB"], False),
        (["KKB"] * 19 + ["KKK"], False),
    ],
)
def test_the_same_units_not_yet_competent_for_everybody_are_uniform(rows, views, sheets, is_found) -> None:
    session = scored(rows, sheets)

    assert list(views.found("n03")) == [f"{session}:seragam"] * is_found


def test_one_submit_of_a_whole_session_is_honest_work(rows, views) -> None:
    scored(rows, ["KKK"] * 20, after=MINUTE)

    assert views.found("n03") == {}


def test_a_correction_that_the_act_noted_is_not_found_again(world, views) -> None:
    day = received(world, "100")
    world.now += MINUTE
    world.desk("AS1").do(
        assessment.correct_score, session_id=day.session_id, journey_id=day.journeys["100"], scores=POOR, reason="Salah baca lembar",
        proof=day.finger(),
    )  # fmt: skip
    assert (day.rules(), views.found("n04")) == (["DV-N04"], {})

    world.write("update posko.deviation set rule_id = 'DV-X99'")

    (found,) = views.found("n04").values()
    assert (found["subject_code"], found["journey_id"]) == ("MET.1", day.journeys["100"])


def test_the_second_of_two_tests_within_three_days_is_too_soon_and_the_fifth_of_all_too_often(rows, views) -> None:
    for number, days in enumerate((100, 80, 60, 2, 0), 1):
        session = rows.session(exam_on=EXAM_ON - dt.timedelta(days=days))
        journey = rows.journey(session, tki="5999999", journey_no=number)
        rows.decision(session, journey, "BK")

    assert set(views.found("n08")) == {f"{journey}:cepat", f"{journey}:sering"}


def test_a_certificate_older_than_the_test_is_found(rows, views) -> None:
    session = rows.session()
    journey = rows.journey(session)
    rows.decision(session, journey, "K")
    tki = rows.world.value("select tki_id from posko.journey where journey_id = :id", id=journey)
    rows.add(
        "certificate", journey_id=journey, decision_id=1, tki_id=tki, scheme_code="TLRT", lsp_code="LSP-1",
        certificate_no="PRT.1025.2026.0000001", secure_code_digest=b"0" * 16, secure_code_cipher=b"0", valid_until="2029-03-08",
        certified_on=EXAM_ON - dt.timedelta(days=1), status_at=NOON,
    )  # fmt: skip

    assert list(views.found("n07")) == [f"sertifikat:{journey}"]


def test_a_played_day_leaves_nothing_to_find(world, views) -> None:
    day = received(world, "100", "101")
    told = {"results": {day.journeys["101"]: "BK"}, "reasons": {day.journeys["101"]: "Bukti portofolio kurang"}}
    world.desk("LS1").do(decision.decide, session_id=day.session_id, sk_no="SK/1", **told)

    assert day.rules() == ["DV-N05"]
    for rule in (
        "s01",
        "s02",
        "s03",
        "s04",
        "s05",
        "s07",
        "s08",
        "s09",
        "n01",
        "n02",
        "n03",
        "n04",
        "n05",
        "n06",
        "n07",
        "n08",
    ):
        assert views.found(rule) == {}, rule
