"""Appeals and complaints have a register, a clock and a decision of two persons (R-189)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import appeals
from tests.support.decided import EVALUATED_ON, decided

pytestmark = pytest.mark.server
LONG = "x" * 10_000_001


def record(world, who="LS1", **facts):
    return world.desk(who).do(appeals.record, **{"kind": "APPEAL", "grounds": "Nilai unit 2 keliru", **facts})


def decide(world, appeal_id, **facts):
    said = {"outcome": "GRANTED", "answer": "Uji ulang tanpa biaya", "second": world.second("SA1"), **facts}
    return world.desk("BN1").do(appeals.decide, appeal_id=appeal_id, **said)


def public(world):
    return world.office.desk(Principal(Role.PUBLIC))


@pytest.fixture
def journey_id(world):
    world.at(EVALUATED_ON)
    return decided(world, "9811262", result="BK")


def test_an_appeal_stands_beside_the_result_until_two_persons_decide_it(world, journey_id):
    appeal_id = record(world, journey_id=journey_id)
    assert world.ask("select kind, tki_id, lsp_code, tuk_code, due_on, recorded_by from posko.appeal") == [
        ("APPEAL", "9811262", "LSP-1", "TUK-1", (EVALUATED_ON.replace(month=4, day=15)), "LS1")
    ]
    assert world.ask("select status, is_appealed from posko.journey") == [("RESULT_SENT", 1)]

    assert decide(world, appeal_id) == "GRANTED"

    assert world.ask("select status, is_appealed from posko.journey") == [("RESULT_SENT", 0)]
    assert world.ask("select outcome, decided_by, seconded_by from posko.appeal") == [("GRANTED", "BN1", "SA1")]
    assert "keliru" not in str(world.ask("select payload from posko_audit.audit_event"))


def test_a_decided_appeal_is_not_decided_again_and_another_may_follow(world, journey_id):
    first = record(world, journey_id=journey_id)
    with pytest.raises(Refused) as pending:
        record(world, who="BN1", journey_id=journey_id)
    decide(world, first, outcome="REJECTED")

    with pytest.raises(Refused) as decided_:
        decide(world, first)

    assert (pending.value.code, decided_.value.code) == ("APPEAL_PENDING", "APPEAL_DECIDED")
    assert record(world, journey_id=journey_id) > first


def test_eight_appeals_at_once_are_one(world, journey_id):
    def appeal(_number):
        try:
            return record(world, journey_id=journey_id)
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(appeal, range(8)))

    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert {answer for answer in answers if isinstance(answer, str)} == {"APPEAL_PENDING"}


def test_the_public_may_complain_and_nothing_else(world, journey_id):
    appeal_id = public(world).do(
        appeals.record, kind="COMPLAINT", grounds="Asesor tidur", tki_id="404", lsp_code="LSP-1"
    )

    assert world.ask("select kind, journey_id, tki_id, recorded_by, appeal_id from posko.appeal") == [
        ("COMPLAINT", None, "404", None, appeal_id)
    ]
    for facts, code in (
        ({"kind": "APPEAL"}, "NotPermitted"),
        ({"kind": "COMPLAINT", "journey_id": journey_id}, "COMPLAINT_NAMES_PARTICIPANT"),
    ):
        with pytest.raises(Refused) as refused:
            public(world).do(appeals.record, grounds="Asesor tidur", **facts)
        assert refused.value.code == code
    assert decide(world, appeal_id, outcome="REJECTED") == "REJECTED"


@pytest.mark.parametrize(
    ("who", "facts"),
    [
        ("LS2", {}),
        ("TU2", {}),
        ("LS1", {"kind": "COMPLAINT", "journey_id": None, "lsp_code": "LSP-2"}),
        ("TU1", {"kind": "COMPLAINT", "journey_id": None, "tuk_code": "TUK-2"}),
    ],
)
def test_an_lsp_or_tuk_records_only_what_is_its_own(world, journey_id, who, facts):
    with pytest.raises(Refused) as refused:
        record(world, who=who, **{"journey_id": journey_id, **facts})

    assert refused.value.rule == "DV-X04"


@pytest.mark.parametrize("who", ["TU1", "BN1", "SA1"])
def test_it_is_recorded_where_it_arrives(world, journey_id, who):
    assert record(world, who=who, journey_id=journey_id)
    assert record(world, who=who, kind="COMPLAINT")


@pytest.mark.parametrize("who", ["KO1", "AS1", "AU1"])
def test_others_record_nothing(world, journey_id, who):
    with pytest.raises(Refused) as refused:
        record(world, who=who, journey_id=journey_id)

    assert refused.value.code == "NotPermitted"


def test_the_register_shows_the_clock_and_an_lsp_its_own(world, journey_id):
    record(world, journey_id=journey_id)
    record(world, who="LS2", kind="COMPLAINT", lsp_code="LSP-2")
    world.at(EVALUATED_ON.replace(month=5))

    all_of_them = world.desk("AU1").do(appeals.list_appeals)
    own = world.desk("LS2").do(appeals.list_appeals, is_open=True)

    assert [(row["kind"], row["is_overdue"]) for row in all_of_them] == [("COMPLAINT", True), ("APPEAL", True)]
    assert [row["lsp_code"] for row in own] == ["LSP-2"]
    assert world.desk("BN1").do(appeals.list_appeals, is_open=False) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "BANDING"}, "NOT_IN_LIST"),
        ({"kind": None}, "NOT_IN_LIST"),
        ({"kind": LONG}, "NOT_IN_LIST"),
        ({"grounds": ""}, "TEXT_EMPTY"),
        ({"grounds": LONG}, "TEXT_TOO_LONG"),
        ({"grounds": "a\x07"}, "TEXT_CONTROL"),
        ({"journey_id": None}, "APPEAL_NEEDS_RESULT"),
        ({"journey_id": 999}, "UNKNOWN_JOURNEY"),
        ({"journey_id": "1"}, "NOT_A_NUMBER"),
        ({"lsp_code": "LSP-9"}, "NO_SUCH_CODE"),
        ({"lsp_code": "LSP-2"}, "APPEAL_DIFFERS"),
        ({"tuk_code": "TUK-2"}, "APPEAL_DIFFERS"),
        ({"tki_id": "1"}, "APPEAL_DIFFERS"),
        ({"tki_id": "3603054105830001"}, "LOOKS_LIKE_NIK"),
        ({"tki_id": LONG}, "TEXT_TOO_LONG"),
    ],
)
def test_wrong_values_record_nothing(world, journey_id, facts, code):
    with pytest.raises(Refused) as refused:
        record(world, who="BN1", **{"journey_id": journey_id, **facts})

    assert refused.value.code == code
    assert world.value("select count(*) from posko.appeal") == 0
    assert world.value("select is_appealed from posko.journey") == 0


def test_there_is_no_appeal_before_the_decision(world):
    journey_id = decided(world, "1", status="ASSESSED")
    world.write("delete from posko.certificate")
    world.write("delete from posko.decision")

    with pytest.raises(Refused) as refused:
        record(world, who="BN1", journey_id=journey_id)

    assert refused.value.code == "APPEAL_NEEDS_RESULT"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"appeal_id": 99}, "UNKNOWN_APPEAL"),
        ({"appeal_id": None}, "NOT_A_NUMBER"),
        ({"outcome": "MUNGKIN"}, "NOT_IN_LIST"),
        ({"answer": " "}, "TEXT_EMPTY"),
        ({"second": None}, "SECOND_PERSON_MISSING"),
        ({"second": "BN2"}, "PROOF_MISSING"),
    ],
)
def test_wrong_values_decide_nothing(world, journey_id, facts, code):
    appeal_id = record(world, journey_id=journey_id)

    with pytest.raises(Refused) as refused:
        decide(world, facts.pop("appeal_id", appeal_id), **facts)

    assert refused.value.code == code
    assert world.value("select is_appealed from posko.journey") == 1


@pytest.mark.parametrize(("who", "other"), [("LS1", "SA1"), ("BN1", "BN1"), ("BN1", "LS1"), ("KO1", "SA1")])
def test_only_two_of_bnsp_and_super_administrator_decide(world, journey_id, who, other):
    appeal_id = record(world, journey_id=journey_id)

    with pytest.raises(Refused):
        world.desk(who).do(
            appeals.decide, appeal_id=appeal_id, outcome="GRANTED", answer="Ya", second=world.second(other)
        )

    assert world.value("select decided_at is null from posko.appeal") == 1
