"""Scorecards before the meeting: each figure is its list, and the same rows give the same card again (§14.2; R-162, requirements 8.3)."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from posko.domain.errors import Refused
from posko.domain.scorecard import ALL, CASES, FIGURES, KINDS, SILENT_KINDS, WHOLE
from posko.services import cases, evaluation, exam_session, meeting_evidence, minutes_check, scorecard_lists, scorecards
from tests.support.decided import EVALUATED_ON, TESTED_ON, decided, deviation
from tests.support.exam import exam_day
from tests.support.meeting import attend, close, open_

pytestmark = pytest.mark.server
FAR = {"lsp": "LSP-2", "tuk": "TUK-3", "met": "MET.3"}
DAY = dt.timedelta(days=1)


def busy(world):
    """Results of two LSP, a retake, a result that a meeting held, deviations of every kind, cases open and closed, a silent session."""
    first = decided(world, "1", result="BK", status="CLOSED")
    again = decided(world, "1")
    world.write("update posko.decision set decided_at = '2026-03-10' where journey_id = :j", j=first)
    for number in range(2, 8):
        decided(world, str(number), result="K" if number % 3 else "BK", **(FAR if number % 2 else {}))
    world.write(
        "update posko.exam_session set ended_at = '2026-03-09 05:00', scoring_opened_at = '2026-03-09 05:30',"
        " scored_at = '2026-03-09 08:00', closed_at = '2026-03-09 08:00'"
    )
    exam_day(world, "90", "91", tuk="TUK-2", met="MET.2", slot=4, on=TESTED_ON)
    session_id = world.value("select session_id from posko.decision where journey_id = :j", j=again)
    judged = deviation(world, again, rule="DV-N05")
    opened = deviation(world, None, rule="DV-S06", severity="W", session_id=session_id)
    deviation(world, None, rule="DV-T01", severity="W", subject_kind="asesor", subject_code="MET.3")
    deviation(
        world, None, rule="DV-X04", severity="W", mode="P", is_attempt=1, subject_kind="staff", subject_code="TU1"
    )
    world.at(dt.date(2026, 3, 13))
    bnsp = world.desk("BN1")
    number = bnsp.do(cases.open_case, deviation_ids=[judged], title="Putusan")
    bnsp.do(cases.open_case, deviation_ids=[opened], title="Sesi pendek")
    for step in (cases.triage, cases.review, cases.dismiss):
        bnsp.do(step, case_id=number, note="Diperiksa")
    bnsp.do(cases.close, case_id=number, note="Selesai", second=world.second("SA1"))
    world.at(EVALUATED_ON - DAY)
    early = bnsp.do(evaluation.open_meeting, held_on=EVALUATED_ON - DAY, place="Bogor", journey_ids=[again])
    bnsp.do(evaluation.hold, meeting_id=early, journey_id=again, reason="Foto belum jelas")
    bnsp.do(evaluation.note_participants, meeting_id=early, person_ids=["BN1", "LS1"])
    bnsp.do(evaluation.close_minutes, meeting_id=early, minutes="Ditahan satu.")


def cards_of(world, meeting_id, who="BN1"):
    return world.desk(who).do(scorecard_lists.cards, meeting_id=meeting_id)


def card(found, kind, code):
    return next(one for one in found[kind] if one["code"] == code)


def test_a_card_says_what_the_rows_say(world):
    busy(world)

    found = cards_of(world, open_(world))

    lsp, tuk, asesor = (card(found, *one) for one in (("lsp", "LSP-1"), ("tuk", "TUK-1"), ("asesor", "MET.1")))
    assert {name: lsp[name] for name in ("tested", "passed", "passed_permille", "retakes", "retakes_passed", "held")} == {
        "tested": 5, "passed": 3, "passed_permille": 600, "retakes": 1, "retakes_passed": 1, "held": 1,
    }  # fmt: skip
    assert {name: lsp[name] for name in ("happened", "prevented", *CASES)} == {
        "happened": 2, "prevented": 0, "cases_open": 1, "cases_closed": 1, "cases_confirmed": 0, "cases_dismissed": 1,
    }  # fmt: skip
    assert lsp["rules"][0] == {"rule_id": "DV-N05", "severity": "H", "happened": 1, "prevented": 0, "gone": 0}
    assert (tuk["prevented"], asesor["prevented"], card(found, "asesor", "MET.3")["happened"]) == (1, 0, 1)
    assert (card(found, "lsp", "LSP-2")["happened"], card(found, "tuk", "TUK-3")["tested"]) == (0, 3)
    assert (card(found, "tuk", "TUK-2")["silent_days"], lsp["silent_days"], asesor["silent_days"]) == (1, 1, None)
    assert (tuk["lead_median"], asesor["lead_median"]) == (30, 150)
    assert (lsp["peers_permille"], lsp["standing"]) == (667, "too_few")
    assert lsp["low_permille"] < 600 < lsp["high_permille"]
    # What is about no LSP, such as the assessor's, is in the one card of everything.
    (whole,) = found[WHOLE]
    assert {name: whole[name] for name in ("code", "tested", "happened", "prevented", "held", "standing")} == {
        "code": ALL, "tested": 8, "happened": 3, "prevented": 1, "held": 1, "standing": None,
    }  # fmt: skip


def test_behind_every_figure_stands_a_list_of_as_many(world):
    busy(world)
    meeting_id = open_(world)
    found = cards_of(world, meeting_id)
    seen = 0
    for kind in (WHOLE, *KINDS):
        for one in found[kind]:
            for figure in FIGURES:
                if figure == "silent_days" and kind not in SILENT_KINDS:
                    continue
                told = {"meeting_id": meeting_id, "kind": kind, "code": one["code"], "figure": figure}
                listed = world.desk("BN1").do(scorecard_lists.rows, **told)
                assert listed["total"] == len(listed["rows"]) == one[figure], told
                seen += bool(one[figure])

    assert seen > 40
    rule = {**told, "kind": "lsp", "code": "LSP-1", "figure": "happened", "rule_id": "DV-N05"}
    assert [row["rule_id"] for row in world.desk("BN1").do(scorecard_lists.rows, **rule)["rows"]] == ["DV-N05"]


def closed(world):
    """Return a closed meeting over a busy world."""
    busy(world)
    meeting_id = open_(world)
    attend(world, meeting_id)
    world.at(EVALUATED_ON, 11)
    close(world, meeting_id)
    return meeting_id


def row_of(world, meeting_id):
    with world.admin().connect() as db:
        (row,) = meeting_evidence.closed_meetings(db, meeting_id)
        return row, scorecards.is_same_again(db, row)


def test_cards_made_again_are_identical_whatever_happened_since_and_their_hash_is_in_the_minutes(world):
    meeting_id = closed(world)
    row, is_same = row_of(world, meeting_id)
    assert is_same is True
    kept = json.loads(row["evidence"])
    assert kept["scorecards_sha256"] == scorecards.digest(kept["scorecards"])
    (event,) = world.ask(
        "select payload from posko_audit.audit_event where action = 'evaluation.close_minutes' and outcome = 'ok'"
        " and entity_key = :id", id=str(meeting_id)
    )  # fmt: skip
    assert json.loads(event[0])["scorecards_sha256"] == kept["scorecards_sha256"]

    world.at(EVALUATED_ON + 3 * DAY)
    bnsp = world.desk("BN1")
    decided(world, "50", result="BK")
    world.write(
        "update posko.decision set decided_at = '2026-03-18' where journey_id = (select max(journey_id) from posko.journey)"
    )
    late = deviation(
        world, None, rule="DV-T01", severity="W", subject_kind="asesor", subject_code="MET.1", occurred_at="2026-03-18"
    )
    loose = world.value("select deviation_id from posko.deviation where rule_id = 'DV-T01' and subject_code = 'MET.3'")
    bnsp.do(cases.open_case, deviation_ids=[late, loose], title="Asesor")
    closing = world.value("select case_id from posko.deviation_case where title = 'Sesi pendek'")
    for step in (cases.triage, cases.review, cases.confirm):
        bnsp.do(step, case_id=closing, note="Terbukti")
    bnsp.do(cases.close, case_id=closing, note="Selesai", second=world.second("SA1"))
    reopened = world.value("select case_id from posko.deviation_case where title = 'Putusan'")
    bnsp.do(cases.reopen, case_id=reopened, note="Ada bukti baru")
    silent = world.value("select session_id from posko.exam_session where tuk_code = 'TUK-2'")
    world.desk("KO1").do(exam_session.cancel, session_id=silent, reason="TUK tutup")
    world.write("insert into posko.parameter (parameter_name, valid_from, value, reason, set_by, seconded_by, set_at)"
                " values ('comparison_least_tki', '2026-01-01', '1', 'uji', 'BN1', 'BN2', '2026-03-19')")  # fmt: skip

    assert row_of(world, meeting_id)[1] is True
    assert cards_of(world, meeting_id)["lsp"] != cards_of(world, open_(world))["lsp"]


def test_what_is_written_after_the_opening_is_on_no_card_although_a_played_clock_stands_still(world):
    busy(world)
    meeting_id = open_(world)
    before = cards_of(world, meeting_id)

    loose = deviation(world, None, rule="DV-S06", severity="W", subject_kind="tuk", subject_code="TUK-1")
    world.desk("BN1").do(cases.open_case, deviation_ids=[loose], title="Baru")
    decided(world, "60")
    number = world.value("select case_id from posko.deviation_case where title = 'Sesi pendek'")
    for step in (cases.triage, cases.review, cases.confirm):
        world.desk("BN1").do(step, case_id=number, note="Terbukti")
    world.desk("BN1").do(cases.close, case_id=number, note="Selesai", second=world.second("SA1"))

    assert cards_of(world, meeting_id) == before
    attend(world, meeting_id)
    close(world, meeting_id)
    assert row_of(world, meeting_id)[1] is True


@pytest.mark.parametrize(
    "change",
    [
        "update posko.decision set result = 'BK', reason = 'x' where result = 'K' limit 1",
        "update posko.decision set decided_at = '2026-04-01' limit 1",
        "update posko.deviation set rule_id = 'DV-N03' where rule_id = 'DV-N05'",
        "update posko.exam_session set opened_at = '2026-03-09' where tuk_code = 'TUK-2'",
        "update posko.case_note set status_to = 'CONFIRMED' where status_to = 'DISMISSED'",
        "delete from posko.deviation where rule_id = 'DV-T01'",
    ],
)
def test_whoever_changes_a_row_under_a_card_shows_and_the_register_has_it_once(world, change):
    meeting_id = closed(world)
    world.write(change)

    for _ in range(2):
        found = {row["meeting_id"]: row for row in world.desk(None).do(minutes_check.check)}

    assert (found[meeting_id]["is_intact"], found[meeting_id]["is_same_again"]) == (True, False)
    assert world.ask(
        "select subject_kind, subject_code, count(*) from posko.deviation where rule_id = 'DV-X05' and subject_code = :id"
        " group by 1, 2", id=str(meeting_id)
    ) == [("meeting", str(meeting_id), 1)]  # fmt: skip


def test_whoever_changes_the_frozen_text_shows(world):
    meeting_id = closed(world)
    world.write("update posko.evaluation_meeting set evidence = replace(evidence, 'LSP-1', 'LSP-2')")

    (found,) = world.desk(None).do(minutes_check.check, meeting_id=meeting_id)

    assert (found["is_intact"], found["is_same_again"]) == (False, False)
    with pytest.raises(Refused):
        world.desk(None).do(minutes_check.check, meeting_id=99)


def test_an_lsp_gets_its_own_cards_and_no_others_open_or_closed(world):
    busy(world)
    meeting_id = open_(world)
    own = [cards_of(world, meeting_id, "LS1")]
    attend(world, meeting_id)
    world.at(EVALUATED_ON, 11)
    close(world, meeting_id)
    own.append(cards_of(world, meeting_id, "LS1"))

    assert own[0]["lsp"] == own[1]["lsp"]
    assert [one["is_frozen"] for one in own] == [False, True]
    for found in own:
        assert {kind: [one["code"] for one in found[kind]] for kind in KINDS} == {
            "lsp": ["LSP-1"], "tuk": ["TUK-1", "TUK-2"], "asesor": ["MET.1"],
        }  # fmt: skip
        assert found["lsp"][0]["peers_permille"] is None
    asked = {"meeting_id": meeting_id, "kind": "tuk", "code": "TUK-3", "figure": "tested"}
    assert world.desk("LS1").do(scorecard_lists.rows, **asked)["total"] == 0
    assert world.desk("LS2").do(scorecard_lists.rows, **asked)["total"] == 3


def test_what_the_meeting_saw_stays_what_it_saw(world):
    meeting_id = closed(world)
    world.at(EVALUATED_ON + DAY)
    case_id = world.value("select case_id from posko.deviation_case where title = 'Sesi pendek'")
    before = [world.desk(who).do(evaluation.evidence, meeting_id=meeting_id) for who in ("BN1", "LS1")]
    late = decided(world, "70")
    deviation(world, late)
    world.write("update posko.deviation_case set status = 'CLOSED' where case_id = :id", id=case_id)

    assert [world.desk(who).do(evaluation.evidence, meeting_id=meeting_id) for who in ("BN1", "LS1")] == before
    assert before[0]["state"] == "CLOSED"
    assert [row["code"] for row in before[1]["per_lsp"]] == ["LSP-1"]


def test_a_meeting_may_name_the_day_from_which_its_cards_count(world):
    busy(world)
    world.at(EVALUATED_ON)
    bnsp = world.desk("BN1")
    told = {"held_on": EVALUATED_ON, "place": "Jakarta"}
    with pytest.raises(Refused) as refused:
        bnsp.do(evaluation.open_meeting, **told, cards_since=EVALUATED_ON + DAY)
    assert refused.value.code == "DATES_REVERSED"

    found = cards_of(world, bnsp.do(evaluation.open_meeting, **told, cards_since=TESTED_ON + DAY))

    assert (found["since"], found["until"]) == ("2026-03-10", "2026-03-16")
    assert card(found, "lsp", "LSP-1")["tested"] == 0
    assert card(found, "lsp", "LSP-1")["happened"] == 2


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "x"}, {"figure": "rules"}, {"kind": "asesor", "figure": "silent_days"}, {"code": "a\x00"}, {"meeting_id": 99},
     {"rule_id": "DV-X99"}, {"limit": 0}],
)  # fmt: skip
def test_a_list_that_is_none_is_a_sentence(world, wrong):
    decided(world, "1")
    asked = {"meeting_id": open_(world), "kind": "lsp", "code": "LSP-1", "figure": "happened"}

    with pytest.raises(Refused):
        world.desk("BN1").do(scorecard_lists.rows, **{**asked, **wrong})
