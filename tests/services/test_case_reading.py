"""Cases are read by who handles, watches or is touched by them, with their clock and the proof of their evidence (R-020, R-066)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import case_reading, cases
from tests.support.decided import EVALUATED_ON, decided, deviation

pytestmark = pytest.mark.server


@pytest.fixture
def case_id(world):
    world.at(EVALUATED_ON)
    return world.desk("BN1").do(cases.open_case, deviation_ids=[deviation(world, decided(world, "1"))], title="Putusan")


def test_the_list_shows_the_clock(world, case_id):
    world.at(EVALUATED_ON + dt.timedelta(days=8))

    (row,) = world.desk("AU1").do(case_reading.list_cases)

    assert (row["case_id"], row["label"], row["holds_result"], row["is_overdue"]) == (case_id, "DIBUKA", True, True)
    assert world.desk("BN1").do(case_reading.list_cases, status="CLOSED") == []


@pytest.mark.parametrize(("who", "count"), [("LS1", 1), ("TU1", 1), ("LS2", 0), ("TU2", 0), ("KO1", 1), ("SA1", 1)])
def test_an_lsp_or_tuk_sees_what_touches_it(world, case_id, who, count):
    assert len(world.desk(who).do(case_reading.list_cases)) == count
    if not count:
        with pytest.raises(Refused) as refused:
            world.desk(who).do(case_reading.view, case_id=case_id)
        assert refused.value.rule == "DV-X04"


def test_one_case_shows_evidence_subjects_and_notes_and_whether_it_is_intact(world, case_id):
    world.desk("BN1").do(cases.triage, case_id=case_id, note="Dipilah")

    seen = world.desk("LS1").do(case_reading.view, case_id=case_id)

    assert seen["is_intact"] is True
    assert seen["subjects"] == [["journey", "1"]]
    assert [note["status_to"] for note in seen["notes"]] == ["OPEN", "TRIAGE"]
    assert [each["rule_id"] for each in seen["deviations"]] == ["DV-N05"]
    world.write("update posko.deviation set evidence = '{} '")
    assert world.desk("AU1").do(case_reading.view, case_id=case_id)["is_intact"] is False


def test_others_read_no_case(world, case_id):
    for desk in (world.desk("AS1"), world.office.desk(Principal(Role.PUBLIC))):
        with pytest.raises(Refused):
            desk.do(case_reading.list_cases)
        with pytest.raises(Refused):
            desk.do(case_reading.view, case_id=case_id)


@pytest.mark.parametrize(("number", "code"), [(99, "UNKNOWN_CASE"), (None, "NOT_A_NUMBER")])
def test_an_unknown_case_is_refused(world, number, code):
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(case_reading.view, case_id=number)

    assert refused.value.code == code


def test_an_unknown_state_is_refused(world):
    with pytest.raises(Refused):
        world.desk("BN1").do(case_reading.list_cases, status="SELESAI")
