"""The register of cases as its page reads it: filtered in SQL, scoped to the own LSP or TUK, held results named (R-020, R-066)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.services import case_reading, cases, screen_cases
from tests.support.decided import EVALUATED_ON, decided, deviation

pytestmark = pytest.mark.server


@pytest.fixture
def register(world):
    """Three cases: 1 on a journey of LSP-1 (H), 2 on one of LSP-2 (W, taken up), 3 on an LSP by name (I, closed)."""
    world.at(EVALUATED_ON)
    first = decided(world, "1")
    other = decided(world, "2", lsp="LSP-2", tuk="TUK-3", met="MET.3")
    desk = world.desk("BN1")
    desk.do(cases.open_case, deviation_ids=[deviation(world, first)], title="Putusan menyimpang")
    second = deviation(world, other, severity="W", rule="DV-S03")
    desk.do(cases.open_case, deviation_ids=[second], title="Laju pindai 100%_pasti")
    desk.do(cases.triage, case_id=2, note="Dipilah")
    third = deviation(world, severity="I", rule="DV-T07", subject_kind="lsp", subject_code="LSP-1")
    desk.do(cases.open_case, deviation_ids=[third], title="Volume")
    for step in ("triage", "review", "dismiss"):
        desk.do(getattr(cases, step), case_id=3, note=step)
    desk.do(cases.close, case_id=3, note="selesai", second=world.second("SA1"))
    return {"1": first, "2": other}


def ask(world, who="BN1", **asked):
    return world.desk(who).do(screen_cases.listed, **asked)


def numbers(world, who="BN1", **asked):
    return [row["case_id"] for row in ask(world, who, **asked)["rows"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3]),
        ({"status": "ACTIVE"}, [1, 2]),
        ({"status": "TRIAGE"}, [2]),
        ({"status": "CLOSED"}, [3]),
        ({"severity": "H"}, [1]),
        ({"rule_id": "DV-S03"}, [2]),
        ({"rule_id": "DV-X01"}, []),
        ({"search": "MENYIMPANG"}, [1]),
        ({"search": "lsp-1"}, [3]),
        ({"search": "100%_"}, [2]),
        ({"search": "1%p"}, []),
        ({"status": "ACTIVE", "severity": "W", "search": "laju"}, [2]),
        ({"status": "", "search": "  "}, [1, 2, 3]),
    ],
)
def test_each_filter_narrows_the_register(world, register, asked, found):
    assert numbers(world, **asked) == found


@pytest.mark.parametrize(
    ("days", "age", "found"),
    [
        (0, "OVERDUE", []), (8, "OVERDUE", [1]), (40, "OVERDUE", [1, 2]),
        (5, "DUE_3", [1]), (0, "DUE_3", []), (8, "OLD_7", [1, 2]), (8, "OLD_30", []), (40, "OLD_30", [1, 2]),
    ],
)  # fmt: skip
def test_the_age_of_a_case_runs_until_it_is_closed(world, register, days, age, found):
    world.at(EVALUATED_ON + dt.timedelta(days=days), 10)

    assert numbers(world, age=age) == found


def test_a_row_tells_clock_rules_and_whether_it_holds_results(world, register):
    world.at(EVALUATED_ON + dt.timedelta(days=8), 10)

    first, second, third = ask(world)["rows"]

    wanted = {
        "label": "DIBUKA",
        "rules": "DV-N05",
        "deviations": 1,
        "holds_result": True,
        "days": 8,
        "is_overdue": True,
    }
    assert {name: first[name] for name in wanted} == wanted
    assert (second["is_overdue"], second["holds_result"]) == (False, False)
    assert (third["is_overdue"], third["holds_result"]) == (False, False)


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("SA1", [1, 2, 3]),
        ("KO1", [1, 2, 3]),
        ("AU1", [1, 2, 3]),
        ("LS1", [1, 3]),
        ("LS2", [2]),
        ("TU1", [1]),
        ("TU2", []),
    ],
)
def test_an_lsp_or_tuk_finds_and_counts_only_what_touches_it(world, register, who, found):
    answer = ask(world, who)

    assert [row["case_id"] for row in answer["rows"]] == found
    assert answer["total"] == len(found)


def test_the_part_that_is_asked_for_comes_with_the_count_of_all(world, register):
    answer = ask(world, limit=1, offset=1)

    assert ([row["case_id"] for row in answer["rows"]], answer["total"]) == ([2], 3)


def test_an_asesor_reads_no_register(world, register):
    with pytest.raises(Refused):
        ask(world, "AS1")


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "' or 1=1 --"}, {"severity": "X"}, {"rule_id": "DV-Z99"}, {"age": "LAMA"}, {"search": "x" * 65},
        {"search": "a\x07"}, {"search": "3603054105830001"}, {"limit": 0}, {"limit": 10**9}, {"offset": -1}, {"offset": "1"},
    ],
)  # fmt: skip
def test_wrong_filters_are_refused_in_words(world, register, asked):
    with pytest.raises(Refused):
        ask(world, **asked)


def test_the_results_that_a_case_holds_are_named_until_it_is_closed(world, register):
    held = world.desk("BN1").do(case_reading.held, case_id=1)
    assert [(row["tki_id"], row["journey_id"], row["label"]) for row in held] == [("1", register["1"], "DIKIRIM_HASIL")]

    assert world.desk("BN1").do(case_reading.held, case_id=2) == []
    for step in ("triage", "review", "confirm"):
        world.desk("BN1").do(getattr(cases, step), case_id=1, note=step)
    world.desk("BN1").do(cases.close, case_id=1, note="selesai", second=world.second("SA1"))
    assert world.desk("BN1").do(case_reading.held, case_id=1) == []


def test_a_session_or_a_tki_as_subject_holds_every_result_that_it_names(world, register):
    session_id = world.value("select session_id from posko.decision where journey_id = :j", j=register["2"])
    found = deviation(world, session_id=session_id)
    subjects = [("tki", "1")]
    number = world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Sesi", subjects=subjects)

    held = world.desk("BN1").do(case_reading.held, case_id=number)

    assert [row["tki_id"] for row in held] == ["1", "2"]


def test_held_results_are_not_told_to_who_is_not_touched(world, register):
    with pytest.raises(Refused) as refused:
        world.desk("LS2").do(case_reading.held, case_id=1)

    assert refused.value.rule == "DV-X04"


# what was read before a step -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["triage", "comment"])
def test_who_has_not_read_the_last_note_decides_nothing(world, register, step):
    seen = world.desk("BN1").do(case_reading.view, case_id=1)["notes"][-1]["note_id"]
    world.desk("BN2").do(getattr(cases, step), case_id=1, note="Sementara itu")

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(cases.triage, case_id=1, note="Dipilah", seen=seen)

    assert (refused.value.code, refused.value.rule) == ("NOTED_MEANWHILE", None)
    last = world.desk("BN1").do(case_reading.view, case_id=1)["notes"][-1]["note_id"]
    to = cases.triage if step == "comment" else cases.review
    assert world.desk("BN1").do(to, case_id=1, note="Sesudah dibaca", seen=last)


def test_a_case_is_not_closed_past_a_note_that_nobody_read(world, register):
    for step in ("triage", "review", "dismiss"):
        world.desk("BN1").do(getattr(cases, step), case_id=1, note=step)
    seen = world.desk("BN1").do(case_reading.view, case_id=1)["notes"][-1]["note_id"]
    world.desk("LS1").do(cases.comment, case_id=1, note="Kami punya bukti lain")

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(cases.close, case_id=1, note="Selesai", second=world.second("SA1"), seen=seen)

    assert refused.value.code == "NOTED_MEANWHILE"
    assert world.value("select status from posko.deviation_case where case_id = 1") == "DISMISSED"


@pytest.mark.parametrize("seen", ["1", 0, -1, True])
def test_what_was_read_is_the_number_of_a_note(world, register, seen):
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(cases.triage, case_id=1, note="Dipilah", seen=seen)

    assert refused.value.code == "NOT_A_NUMBER"
