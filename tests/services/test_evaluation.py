"""The meeting of BNSP and LSP gates publication, holds single results and freezes what it saw (§14.2; R-067, R-161..R-163, X1)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.services import cases, evaluation, meeting_evidence
from tests.support.decided import EVALUATED_ON, decided, deviation, evaluate
from tests.support.meeting import attend, close, open_

pytestmark = pytest.mark.server


def test_closing_the_minutes_moves_every_result_on(world):
    decided(world, "1")
    decided(world, "2", result="BK")
    meeting_id = open_(world)
    assert attend(world, meeting_id) == ["BNSP", "LSP:LSP-1"]

    answer = close(world, meeting_id)

    assert (answer["evaluated"], answer["held"]) == (2, 0)
    assert [world.status(tki) for tki in ("1", "2")] == ["EVALUATED", "EVALUATED"]
    assert world.value("select hex(minutes_sha256) from posko.evaluation_meeting").lower() == answer["sha256"]


def test_a_held_result_waits_for_a_later_meeting_and_comes_in_as_held(world):
    first, second = decided(world, "1"), decided(world, "2")
    meeting_id = open_(world)
    world.desk("BN1").do(evaluation.hold, meeting_id=meeting_id, journey_id=first, reason="Foto tidak jelas")
    attend(world, meeting_id)
    assert close(world, meeting_id)["held"] == 1
    assert [world.status(tki) for tki in ("1", "2")] == ["ON_HOLD", "EVALUATED"]

    again = open_(world)

    assert world.ask("select journey_id, finding, reason from posko.meeting_item where meeting_id = :m", m=again) == [
        (first, "HOLD", "Foto tidak jelas")
    ]
    attend(world, again)
    closed = close(world, again)
    assert (closed["evaluated"], closed["held"]) == (0, 1)
    assert world.status("1") == "ON_HOLD"
    third = open_(world, first)
    world.desk("SA1").do(evaluation.release_hold, meeting_id=third, journey_id=first, reason="Foto baru diterima")
    attend(world, third)
    assert close(world, third)["evaluated"] == 1
    assert second
    assert world.status("1") == "EVALUATED"


def test_a_case_holds_a_result_until_two_persons_close_it(world):
    journey_id = decided(world, "1")
    found = deviation(world, journey_id)
    world.at(EVALUATED_ON)
    bnsp = world.desk("BN1")
    case_id = bnsp.do(cases.open_case, deviation_ids=[found], title="Putusan menyimpang")
    meeting_id = open_(world)

    with pytest.raises(Refused, match=f"kasus penyimpangan nomor {case_id}") as refused:
        bnsp.do(evaluation.release_hold, meeting_id=meeting_id, journey_id=journey_id, reason="Cepat")

    assert refused.value.code == "HELD_BY_CASE"
    for step in (cases.triage, cases.review, cases.dismiss):
        bnsp.do(step, case_id=case_id, note="Diperiksa")
    bnsp.do(cases.close, case_id=case_id, note="Selesai", second=world.second("SA1"))
    bnsp.do(evaluation.release_hold, meeting_id=meeting_id, journey_id=journey_id, reason="Kasus ditutup")
    attend(world, meeting_id)
    assert close(world, meeting_id)["evaluated"] == 1


@pytest.mark.parametrize(("severity", "status"), [("H", "ON_HOLD"), ("W", "EVALUATED"), ("B", "EVALUATED")])
def test_a_deviation_that_nobody_read_holds_when_it_is_severe(world, severity, status):
    journey_id = decided(world, "1")
    meeting_id = open_(world)
    deviation(world, journey_id, severity=severity)
    attend(world, meeting_id)

    close(world, meeting_id)

    assert world.status("1") == status


def test_a_case_on_a_session_holds_all_its_results(world):
    first, _other = decided(world, "1"), decided(world, "2", met="MET.2")
    found = deviation(world, None, rule="DV-N04")
    world.write(
        "update posko.deviation set session_id = (select session_id from posko.decision where journey_id = :j)", j=first
    )
    world.at(EVALUATED_ON)
    world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Sesi diragukan")

    evaluate(world)

    assert [world.status(tki) for tki in ("1", "2")] == ["ON_HOLD", "EVALUATED"]


def test_the_evidence_shows_results_rates_deviations_cases_and_holds(world):
    first = decided(world, "1")
    decided(world, "2", result="BK")
    decided(world, "3", lsp="LSP-2", tuk="TUK-3", met="MET.3")
    found = deviation(world, first)
    world.at(EVALUATED_ON)
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Putusan")
    meeting_id = open_(world)

    seen = world.desk("AU1").do(evaluation.evidence, meeting_id=meeting_id)
    own = world.desk("LS1").do(evaluation.evidence, meeting_id=meeting_id)

    assert seen["results"] == {"tested": 3, "passed": 2, "passed_permille": 667}
    assert [row["code"] for row in seen["per_lsp"]] == ["LSP-1", "LSP-2"]
    assert seen["per_tuk"][0] == {"code": "TUK-1", "tested": 2, "passed": 1, "passed_permille": 500}
    assert [row["code"] for row in seen["per_asesor"]] == ["MET.1", "MET.3"]
    assert seen["deviations"] == [{"rule_id": "DV-N05", "severity": "H", "found": 1}]
    assert [row["case_id"] for row in seen["open_cases"]] == [case_id]
    assert [row["tki_id"] for row in seen["held"]] == ["1"]
    assert [row["code"] for row in own["per_lsp"]] == ["LSP-1"]


def test_an_lsp_comments_on_its_own_results_only(world):
    decided(world, "1")
    meeting_id = open_(world)
    comment = "Peserta nomor 1 diuji ulang."

    world.desk("LS1").do(evaluation.comment, meeting_id=meeting_id, comment=comment)
    world.desk("BN1").do(evaluation.comment, meeting_id=meeting_id, comment=comment)

    assert world.ask("select lsp_code, made_by from posko.meeting_comment") == [("LSP-1", "LS1"), ("BNSP", "BN1")]
    for what in (evaluation.comment, evaluation.evidence):
        more = {"comment": comment} if what is evaluation.comment else {}
        with pytest.raises(Refused) as refused:
            world.desk("LS2").do(what, meeting_id=meeting_id, **more)
        assert refused.value.rule == "DV-X04"


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ((), "NOBODY_PRESENT"),
        (("BN1", "SA1"), "ORGANISATION_MISSING"),
        (("LS1",), "ORGANISATION_MISSING"),
        (("BN1", "LS2"), "ORGANISATION_MISSING"),
    ],
)
def test_minutes_need_bnsp_and_an_lsp_whose_results_are_on_the_table(world, people, code):
    decided(world, "1")
    meeting_id = open_(world)
    if people:
        attend(world, meeting_id, *people)

    with pytest.raises(Refused) as refused:
        close(world, meeting_id)

    assert refused.value.code == code
    assert world.status("1") == "RESULT_SENT"


def test_an_empty_meeting_has_no_minutes(world):
    decided(world, "1")
    meeting_id = open_(world)
    attend(world, meeting_id)
    world.write("delete from posko.meeting_item")

    with pytest.raises(Refused) as refused:
        close(world, meeting_id)

    assert refused.value.code == "MEETING_EMPTY"


def test_minutes_are_not_closed_before_the_day_of_the_meeting(world):
    decided(world, "1")
    meeting_id = open_(world)
    attend(world, meeting_id)
    world.at(EVALUATED_ON - dt.timedelta(days=1))

    with pytest.raises(Refused) as refused:
        close(world, meeting_id)

    assert refused.value.code == "MEETING_TOO_EARLY"


def test_closed_minutes_cannot_be_changed_and_a_change_past_the_application_shows(world):
    journey_id = decided(world, "1")
    meeting_id = evaluate(world)
    bnsp, ways = world.desk("BN1"), {"meeting_id": meeting_id}
    for what, more in (
        (evaluation.note_participants, {"person_ids": ["SA1"]}),
        (evaluation.hold, {"journey_id": journey_id, "reason": "Terlambat"}),
        (evaluation.release_hold, {"journey_id": journey_id, "reason": "Terlambat"}),
        (evaluation.comment, {"comment": "Terlambat"}),
        (evaluation.close_minutes, {"minutes": "Lain"}),
    ):
        with pytest.raises(Refused) as refused:
            bnsp.do(what, **ways, **more)
        assert refused.value.code == "MEETING_CLOSED"
    with world.admin().connect() as db:
        assert meeting_evidence.altered_minutes(db) == []
    world.write("update posko.meeting_item set finding = 'HOLD', reason = 'belakangan'")
    with world.admin().connect() as db:
        assert meeting_evidence.altered_minutes(db) == [meeting_id]


def test_a_result_is_on_the_table_of_one_open_meeting_only(world):
    journey_id, other = decided(world, "1"), decided(world, "2")
    open_(world, journey_id)

    with pytest.raises(Refused) as refused:
        open_(world, journey_id, other)
    rest = open_(world)

    assert refused.value.code == "NOT_WAITING_FOR_MEETING"
    assert world.ask("select journey_id from posko.meeting_item where meeting_id = :m", m=rest) == [(other,)]
    with pytest.raises(Refused) as nothing:
        open_(world)
    assert nothing.value.code == "NO_RESULTS_WAITING"


def test_sixteen_clerks_who_open_a_meeting_at_once_make_one(world):
    for number in range(20):
        decided(world, str(number + 1))
    world.at(EVALUATED_ON)

    def opens(_number):
        try:
            return world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(opens, range(16)))

    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert {answer for answer in answers if isinstance(answer, str)} <= {"NO_RESULTS_WAITING", "CHANGED_MEANWHILE"}
    assert world.value("select count(*) from posko.meeting_item") == 20


def test_a_double_submit_of_the_minutes_gets_the_first_answer(world):
    decided(world, "1")
    meeting_id = open_(world)
    attend(world, meeting_id)
    desk = world.desk("BN1").once("risalah-1")

    answers = [desk.do(evaluation.close_minutes, meeting_id=meeting_id, minutes="Dibahas.") for _ in range(2)]

    assert answers[0] == answers[1]
