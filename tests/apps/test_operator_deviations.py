"""The page of deviations: one explained with its history, and the rules with thresholds and false alarms (§5.2; R-020, F44)."""

from __future__ import annotations

import pytest

from posko.domain.rules import RULES
from posko.services import cases
from tests.services.test_findings import finding, sync
from tests.support.decided import EVALUATED_ON, deviation
from tests.support.operator import labels, said, say, tab, texts_of

pytestmark = pytest.mark.server


@pytest.fixture
def day(world):
    world.at(EVALUATED_ON)
    return world


def test_a_deviation_is_explained_with_its_evidence_history_and_case(day, seen):
    sync(day, finding(evidence={"menit": 4, "kode_lain": "<b>x</b>"}))
    sync(day, finding(evidence={"menit": 5}))
    sync(day)

    page = seen("penyimpangan", penyimpangan=1)

    shown = texts_of(page)
    for expected in ("DV-S06", RULES["DV-S06"].description, "asesor MET.1", "&lt;b&gt;x&lt;/b&gt;", "(/kasus?kasus=1)"):
        assert expected in shown, expected
    for change in ("FOUND", "CHANGED", "GONE"):
        assert say(f"deviations.change_{change}") in shown
    assert say("deviations.todo_W") in said(page, "info")
    assert say("picked.back") in labels(page)


def test_what_is_to_be_done_follows_the_case_and_how_it_came_is_said(day, seen):
    first = sync(day, finding())
    for step in (cases.triage, cases.review, cases.dismiss):
        day.desk("BN1").do(step, case_id=1, note="Diperiksa")
    day.desk("BN1").do(cases.close, case_id=1, note="Selesai", second=day.second("SA1"))
    told = '{"outcome":"TURNED_AWAY_NO_MATCH","statement":null,"is_late":true,"kode_tuk":"TUK-1"}'
    loose = deviation(day, rule="DV-I07", severity="W", mode="P", evidence=told)
    held = deviation(day, rule="DV-N05", severity="H", mode="P")

    assert first["new"] == 1
    assert said(seen("penyimpangan", penyimpangan=1), "info") == [say("deviations.todo_closed")]
    page = seen("penyimpangan", penyimpangan=loose)
    assert said(page, "info") == [say("deviations.todo_loose")]
    shown = texts_of(page)
    for expected in (
        say("cases.mode_noted"),
        "TOLAK_TIDAK_COCOK",
        "Is late",
        say("frame.yes"),
        "Kode TUK",
        "<dd>—</dd>",
    ):
        assert expected in shown, expected
    assert "None" not in shown
    assert said(seen("penyimpangan", penyimpangan=held), "info") == [say("deviations.todo_H")]
    noted = deviation(day, rule="DV-I07", severity="B", mode="P")
    day.desk("BN1").do(cases.open_case, deviation_ids=[noted], title="Orang lain di pintu")
    assert said(seen("penyimpangan", penyimpangan=noted), "info") == [say("deviations.todo_noted")]


def test_a_row_of_the_register_leads_to_its_explanation(day, seen):
    sync(day, finding())
    page = seen("penyimpangan")

    choice = next(box for box in page.selectbox if box.label == say("deviations.explain"))
    page = choice.select_index(0).run()

    assert not page.exception
    assert say("deviations.heading", number=1, rule="DV-S06") in texts_of(page)


def test_a_refused_attempt_has_no_history_and_evidence_that_was_altered_is_not_shown(day, seen):
    number = deviation(day, rule="DV-X01", severity="B", mode="P", evidence='{"by":"TU1"}')
    day.write(
        'update posko.deviation set evidence = \'{"by":"TU2"}\', is_attempt = 1 where deviation_id = :id', id=number
    )

    page = seen("penyimpangan", penyimpangan=number)

    assert say("deviations.todo_attempt") in said(page, "info")
    assert say("cases.altered") in texts_of(page)
    assert "TU2" not in texts_of(page)
    assert say("deviations.history") not in texts_of(page)


@pytest.mark.parametrize("number", ["999", "0", "x", "-1", "9" * 40, "<script>"])
def test_a_number_that_is_none_is_said_or_passed_over(day, seen, number):
    page = seen("penyimpangan", penyimpangan=number)

    is_number = number.isdecimal() and len(number) < 19
    assert bool(said(page)) is is_number
    assert (say("deviations.tab_register") in [one.label for one in page.tabs]) is not is_number


def test_the_rules_stand_with_their_thresholds_and_a_threshold_that_errs_is_named(day, seen):
    sync(day, *(finding(code=f"MET.{number}", kind="tuk") for number in range(20)))
    for number in range(1, 21):
        for step in (cases.triage, cases.review, cases.dismiss if number > 8 else cases.confirm):
            day.desk("BN1").do(step, case_id=number, note="Diperiksa")

    page = tab(seen("penyimpangan"), "deviations_tabs", "deviations.tab_rules")

    assert said(page, "warning") == [say("deviations.review", rule="DV-S06", dismissed=12, judged=20)]
    shown = texts_of(page)
    assert RULES["DV-E01"].description in shown
    assert "/penyimpangan?penyimpangan_rule_id=DV-E01" in shown


def test_a_rule_that_was_judged_rarely_or_mostly_confirmed_is_not_called_into_question(day, seen):
    sync(day, *(finding(code=f"MET.{number}", kind="tuk") for number in range(3)))
    for number in range(1, 4):
        for step in (cases.triage, cases.review, cases.dismiss):
            day.desk("BN1").do(step, case_id=number, note="Diperiksa")

    assert said(tab(seen("penyimpangan"), "deviations_tabs", "deviations.tab_rules"), "warning") == []


def test_a_search_among_the_rules_narrows_them(day, seen):
    page = tab(seen("penyimpangan", aturan_cari="sidik jari keluar"), "deviations_tabs", "deviations.tab_rules")

    assert "DV-S09" in texts_of(page)
    assert RULES["DV-E01"].description not in texts_of(page)
