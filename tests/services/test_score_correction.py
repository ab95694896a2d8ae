"""Corrections of scores keep the old one and need a reason and a finger; the sheet shows what stands (§13.7, Gambar 10; R-131)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import assessment, decision, results
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.world import UNITS

pytestmark = pytest.mark.server


def _released(world, *tki_ids):
    day = exam_day(world, *(tki_ids or ("100",)))
    day.test_with(*(tki_ids or ("100",)))
    return day


def _correct(world, day, scores=POOR, *, tki="100", who="AS1", **more):
    asked = {
        "session_id": day.session_id,
        "journey_id": day.journeys.get(tki, tki),
        "scores": scores,
        "reason": "Salah baca lembar",
        "proof": day.finger(who),
    }
    return world.desk(who).do(assessment.correct_score, **{**asked, **more})


def _before_the_end(world):
    day = exam_day(world, "100")
    day.open()
    day.scan("100")
    day.verify()
    return day


def _before_the_release(world):
    day = _before_the_end(world)
    day.end()
    return day


def test_a_correction_keeps_the_old_score(world):
    day = _released(world, "100", "101")
    day.score({"100": GOOD})

    made = _correct(world, day)

    assert made == {"version": 2, "result": "BK", "batch_id": None}
    assert world.ask("select version, result, reason from posko.assessment order by version") == [
        (1, "K", None),
        (2, "BK", "Salah baca lembar"),
    ]
    assert world.value("select count(*) from posko.score_item") == 6
    assert (world.status("100"), day.rules()) == ("ASSESSED", [])
    payload = json.loads(world.value("select payload from posko_audit.audit_event where action = 'assessment.correct'"))
    assert (payload["before"], payload["after"], payload["units_changed"]) == ("K", "BK", [UNITS[1]])


def test_a_correction_after_the_lsp_saw_the_table_is_a_deviation(world):
    day = _released(world)
    day.score({"100": GOOD})
    assert _correct(world, day)["batch_id"]
    assert day.rules() == []
    world.desk("LS1").do(results.receive_results, session_id=day.session_id)

    _correct(world, day, GOOD)

    assert world.ask("select rule_id, severity, mode, tki_id is null from posko.deviation") == [("DV-N04", "H", "D", 0)]


def test_the_lsp_does_not_decide_while_a_correction_is_on_its_way(world):
    day = _released(world)
    day.score({"100": GOOD})
    world.desk("LS1").do(results.receive_results, session_id=day.session_id)
    _correct(world, day)
    decide = {"session_id": day.session_id, "sk_no": "SK/1"}

    with pytest.raises(Refused) as refused:
        world.desk("LS1").do(decision.decide, **decide)
    assert refused.value.code == "RESULTS_NOT_RECEIVED"
    world.desk("LS1").do(results.receive_results, session_id=day.session_id)
    assert world.desk("LS1").do(decision.decide, **decide)["not_passed"] == 1


@pytest.mark.parametrize("status", ["DECIDED", "CERTIFIED", "NOT_PASSED", "RESULT_SENT", "CLOSED"])
def test_after_the_decision_nothing_is_corrected(world, status):
    day = _released(world)
    day.score({"100": GOOD})
    world.write("update posko.journey set status = :status", status=status)

    with pytest.raises(Refused) as refused:
        _correct(world, day)

    assert (refused.value.code, refused.value.rule) == ("CORRECTION_TOO_LATE", "DV-N04")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"scores": GOOD}, "NOTHING_CORRECTED"),
        ({"scores": {}}, "UNITS_DIFFER"),
        ({"scores": None}, "SCORES_SHAPE"),
        ({"reason": ""}, "TEXT_EMPTY"),
        ({"reason": "x" * 501}, "TEXT_TOO_LONG"),
        ({"proof": "AS1"}, "PROOF_MISSING"),
        ({"journey_id": "x"}, "NOT_A_NUMBER"),
        ({"journey_id": 999}, "NOT_SCORED"),
        ({"tki": "101"}, "NOT_SCORED"),
        ({"who": "AS2"}, "NotPermitted"),
        ({"session_id": 99}, "NotPermitted"),
    ],
)
def test_a_correction_needs_a_score_a_reason_a_change_and_the_own_finger(world, more, code):
    day = _released(world, "100", "101")
    day.score({"100": GOOD})

    with pytest.raises(Refused) as refused:
        _correct(world, day, **more)

    assert refused.value.code == code
    assert world.value("select count(*) from posko.assessment") == 1


def test_corrections_at_once_are_versions_one_after_the_other(world):
    day = _released(world)
    day.score({"100": GOOD})
    proofs = [day.finger() for _ in range(8)]

    def corrects(proof):
        try:
            return _correct(world, day, proof=proof)["version"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        found = sorted(map(str, pool.map(corrects, proofs)))

    assert found == ["2"] + ["NOTHING_CORRECTED"] * 7
    assert world.ask("select version from posko.handoff_line order by batch_id") == [(1,), (2,)]


def test_nothing_is_corrected_before_the_release(world):
    day = _before_the_release(world)

    with pytest.raises(Refused) as refused:
        _correct(world, day)

    assert (refused.value.code, refused.value.rule) == ("SCORING_NOT_OPEN", "DV-N02")


def test_the_sheet_shows_who_sat_and_what_stands(world):
    day = exam_day(world, "100", "101", "102")
    day.test_with("100", "101")
    day.score({"100": POOR})

    form = world.desk("AS1").do(assessment.sheet, session_id=day.session_id)

    assert form["session"]["tuk_name"] == "TUK 1"
    assert form["session"]["asesor_name"] == "Asesor 1"
    assert [unit["unit_code"] for unit in form["units"]] == list(UNITS)
    assert [(row["tki_id"], row["full_name"], row["result"], row["units"]) for row in form["candidates"]] == [
        ("100", "NAMA 100", "BK", POOR),
        ("101", "NAMA 101", None, {}),
    ]
    assert json.loads(json.dumps(form)) == form
    assert ("assessment.sheet", "session", str(day.session_id)) in world.events()


def test_the_sheet_is_for_the_appointed_assessor_after_the_release(world):
    day = _before_the_end(world)
    with pytest.raises(Refused) as refused:
        world.desk("AS1").do(assessment.sheet, session_id=day.session_id)
    assert refused.value.code == "SHEET_NOT_OPEN"

    for who in ("AS2", "TU1", "LS1", "KO1", "BN1", "SA1", "AU1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(assessment.sheet, session_id=day.session_id)
