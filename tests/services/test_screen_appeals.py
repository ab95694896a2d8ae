"""Appeals and complaints as their page reads them: filters, scope, notes of their progress, results to appeal against (R-189)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.services import appeal_notes, appeals, screen_appeals
from tests.support.decided import EVALUATED_ON, decided

pytestmark = pytest.mark.server


@pytest.fixture
def register(world):
    """Appeal 1 of LSP-1's TKI, complaint 2 about LSP-2, complaint 3 that arrived at TUK-1 and names nobody, decided appeal 4."""
    world.at(EVALUATED_ON)
    journeys = {"8001": decided(world, "8001", result="BK"), "8002": decided(world, "8002", result="BK")}
    for who, facts in (
        ("LS1", {"kind": "APPEAL", "journey_id": journeys["8001"]}),
        ("BN1", {"kind": "COMPLAINT", "lsp_code": "LSP-2"}),
        ("TU1", {"kind": "COMPLAINT"}),
        ("BN1", {"kind": "APPEAL", "journey_id": journeys["8002"]}),
    ):
        world.desk(who).do(appeals.record, grounds="Nilai unit 2 keliru", **facts)
    decide(world, 4)
    return journeys


def decide(world, number, **more):
    told = {"outcome": "REJECTED", "answer": "Nilai benar", "second": world.second("SA1"), **more}
    return world.desk("BN1").do(appeals.decide, appeal_id=number, **told)


def numbers(world, who="BN1", **asked):
    found = world.desk(who).do(screen_appeals.listed, **asked)
    assert found["total"] == len(found["rows"])
    return [row["appeal_id"] for row in found["rows"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"kind": "APPEAL"}, [1, 4]),
        ({"state": "OPEN"}, [1, 2, 3]),
        ({"state": "DECIDED"}, [4]),
        ({"state": "OVERDUE"}, []),
        ({"search": "8001"}, [1]),
        ({"search": "lsp-2"}, [2]),
        ({"search": "%"}, []),
    ],
)
def test_each_filter_narrows_the_register(world, register, asked, found):
    assert numbers(world, **asked) == found


def test_what_is_past_its_day_is_overdue_until_it_is_decided(world, register):
    world.at(EVALUATED_ON + dt.timedelta(days=40))

    assert numbers(world, state="OVERDUE") == [1, 2, 3]


@pytest.mark.parametrize(
    ("who", "found"), [("LS1", [1, 4]), ("LS2", [2]), ("TU1", [1, 3, 4]), ("TU2", []), ("AU1", [1, 2, 3, 4])]
)
def test_an_lsp_or_tuk_sees_its_own_and_what_arrived_at_its_desk(world, register, who, found):
    assert numbers(world, who) == found


@pytest.mark.parametrize("who", ["KO1", "AS1"])
def test_others_read_nothing(world, register, who):
    for act, asked in (
        (screen_appeals.listed, {}),
        (screen_appeals.view, {"appeal_id": 1}),
        (screen_appeals.results, {"tki_id": "8001"}),
    ):
        with pytest.raises(Refused) as refused:
            world.desk(who).do(act, **asked)
        assert refused.value.code == "NotPermitted"


def test_one_shows_grounds_result_answer_and_notes(world, register):
    note = world.desk("LS1").do(appeal_notes.note, appeal_id=1, note="Lembar nilai terlampir")

    seen = world.desk("TU1").do(screen_appeals.view, appeal_id=1)

    assert (seen["grounds"], seen["result"]["result"], seen["result"]["sk_no"]) == ("Nilai unit 2 keliru", "BK", "SK-1")
    assert [(one["note"], one["noted_by"]) for one in seen["notes"]] == [("Lembar nilai terlampir", "LS1")]
    assert seen["seen"] == note
    assert world.desk("BN1").do(screen_appeals.view, appeal_id=4)["answer"] == "Nilai benar"


@pytest.mark.parametrize(("who", "number"), [("LS2", 1), ("TU2", 1), ("LS1", 2), ("LS1", 3), ("TU2", 3)])
def test_another_lsp_or_tuk_does_not_see_it(world, register, who, number):
    with pytest.raises(Refused) as refused:
        world.desk(who).do(screen_appeals.view, appeal_id=number)

    assert refused.value.rule == "DV-X04"


@pytest.mark.parametrize(("number", "code"), [(99, "UNKNOWN_APPEAL"), ("1", "NOT_A_NUMBER"), (None, "NOT_A_NUMBER")])
def test_what_is_not_there_is_a_sentence(world, register, number, code):
    for act, more in ((screen_appeals.view, {}), (appeal_notes.note, {"note": "x"})):
        with pytest.raises(Refused) as refused:
            world.desk("BN1").do(act, appeal_id=number, **more)
        assert refused.value.code == code


def test_the_results_of_a_tki_are_offered_where_they_are_the_own(world, register):
    (found,) = world.desk("LS1").do(screen_appeals.results, tki_id="8001")
    assert (found["journey_id"], found["result"], found["is_appealed"]) == (register["8001"], "BK", True)

    assert world.desk("LS2").do(screen_appeals.results, tki_id="8001") == []
    assert world.desk("BN1").do(screen_appeals.results, tki_id="404") == []
    assert len(world.desk("TU1").do(screen_appeals.results, tki_id="8002")) == 1


# notes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "code"),
    [("LS2", "NotPermitted"), ("TU1", "NotPermitted"), ("KO1", "NotPermitted"), ("AU1", "NotPermitted")],
)
def test_only_who_decides_and_the_own_lsp_write_notes(world, register, who, code):
    with pytest.raises(Refused) as refused:
        world.desk(who).do(appeal_notes.note, appeal_id=1, note="Ingin tahu")

    assert refused.value.code == code
    assert world.value("select count(*) from posko.appeal_note") == 0


@pytest.mark.parametrize("note", ["", None, "x" * 2001, "a\x1b", "3603054105830001"])
def test_a_note_is_plain_text(world, register, note):
    with pytest.raises(Refused):
        world.desk("BN1").do(appeal_notes.note, appeal_id=1, note=note)

    assert world.value("select count(*) from posko.appeal_note") == 0


def test_the_log_holds_no_note_in_clear_and_a_decided_one_takes_none(world, register):
    world.desk("BN1").do(appeal_notes.note, appeal_id=1, note="Rahasia peserta")
    assert "Rahasia" not in str(world.ask("select payload from posko_audit.audit_event"))

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(appeal_notes.note, appeal_id=4, note="Terlambat")
    assert refused.value.code == "APPEAL_DECIDED"


def test_nobody_decides_past_a_note_that_she_has_not_read(world, register):
    seen = world.desk("BN1").do(screen_appeals.view, appeal_id=1)["seen"]
    note = world.desk("LS1").do(appeal_notes.note, appeal_id=1, note="Tunggu, ada lembar lain")

    with pytest.raises(Refused) as refused:
        decide(world, 1, seen=seen)
    assert refused.value.code == "NOTED_MEANWHILE"
    assert world.value("select decided_at is null from posko.appeal where appeal_id = 1") == 1

    assert decide(world, 1, seen=note) == "REJECTED"
