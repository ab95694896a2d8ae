"""Enrolment of staff by two persons, once a person, with a finger that matches (§8.2; R-048, R-070, F03)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import enrolment
from tests.support.signing_in import new_finger

pytestmark = pytest.mark.server


def enrol(world, by="SA1", **more):
    given = {"person_id": "NEW1", "full_name": "Petugas Baru", "role": "KONSORSIUM"} | more
    given.setdefault("proof", new_finger(world, "NEW1"))
    given.setdefault("second", world.second("BN1"))
    return world.desk(by).do(enrolment.enrol, **given)


def refused(world, **more):
    before = world.ask("select count(*), sum(state = 'ACTIVE') from posko.staff")
    with pytest.raises(Refused) as found:
        enrol(world, **more)
    assert world.ask("select count(*), sum(state = 'ACTIVE') from posko.staff") == before
    assert len(world.events("refused")) == 1
    return found.value


def empty_staff(world):
    world.write("delete from posko.staff")


def test_two_persons_enrol_a_third(world):
    assert enrol(world) == {"person_id": "NEW1", "role": "KONSORSIUM", "template_version": 1}

    assert world.ask("select role, state, enrolled_by, seconded_by from posko.staff where person_id = 'NEW1'") == [
        ("KONSORSIUM", "ACTIVE", "SA1", "BN1")
    ]
    assert world.events() == [("staff.enrol", "staff", "NEW1")]


@pytest.mark.parametrize(
    ("role", "scope"),
    [("LSP", {"lsp_code": "LSP-1"}), ("TUK", {"tuk_code": "TUK-1"}), ("BNSP", {}), ("AUDITOR", {}), ("SUPER", {})],
)
def test_every_role_is_enrolled_with_its_own_scope(world, role, scope):
    assert enrol(world, role=role, **scope)["role"] == role


def test_an_assessor_is_enrolled_with_a_met_number_of_the_register(world):
    world.write("insert into posko.asesor values ('MET.9', 'Asesor 9', 'LSP-1', '2025-01-01', '2026-12-31')")

    assert enrol(world, role="ASESOR", met_no="MET.9")["role"] == "ASESOR"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"person_id": None}, "NUMBER_WRONG"),
        ({"person_id": ""}, "NUMBER_WRONG"),
        ({"person_id": "3603054105830001"}, "NUMBER_WRONG"),
        ({"person_id": "A" * 10_000_000}, "NUMBER_WRONG"),
        ({"person_id": "A\x00B"}, "NUMBER_WRONG"),
        ({"full_name": None}, "TEXT_EMPTY"),
        ({"full_name": "x" * 256}, "TEXT_TOO_LONG"),
        ({"full_name": "a\x07b"}, "TEXT_CONTROL"),
        ({"role": "PUBLIC"}, "ROLE_WRONG"),
        ({"role": "RAJA"}, "ROLE_WRONG"),
        ({"role": None}, "ROLE_WRONG"),
        ({"role": ["LSP"]}, "ROLE_WRONG"),
        ({"role": "LSP"}, "SCOPE_MISSING"),
        ({"role": "TUK"}, "SCOPE_MISSING"),
        ({"role": "ASESOR"}, "SCOPE_MISSING"),
        ({"lsp_code": "LSP-1"}, "SCOPE_TOO_MUCH"),
        ({"role": "LSP", "lsp_code": "LSP-1", "tuk_code": "TUK-1"}, "SCOPE_TOO_MUCH"),
        ({"role": "LSP", "lsp_code": "LSP-9"}, "STAFF_LSP_OUT"),
        ({"role": "LSP", "lsp_code": 7}, "TEXT_EMPTY"),
        ({"role": "TUK", "tuk_code": "TUK-9"}, "STAFF_TUK_OUT"),
        ({"role": "ASESOR", "met_no": "MET.77"}, "STAFF_ASESOR_OUT"),
        ({"role": "ASESOR", "met_no": "MET.1"}, "MET_TAKEN"),
        ({"person_id": "KO1"}, "STAFF_EXISTS"),
        ({"person_id": "SA1"}, "OWN_FINGER"),
        ({"proof": None}, "PROOF_MISSING"),
        ({"proof": "NEW1"}, "PROOF_MISSING"),
        ({"second": None}, "SECOND_PERSON_MISSING"),
        ({"second": "BN1"}, "PROOF_MISSING"),
        ({"by": "KO1"}, "NotPermitted"),
        ({"by": "AU1"}, "NotPermitted"),
    ],
)
def test_wrong_enrolments_are_refused_and_change_nothing(world, more, code):
    assert refused(world, **more).code == code


@pytest.mark.parametrize(
    ("second", "code"), [("SA1", "SECOND_PERSON_SAME"), ("KO1", "NotPermitted"), ("XX1", "SECOND_PERSON_UNKNOWN")]
)
def test_the_second_person_is_another_one_with_the_right(world, second, code):
    assert refused(world, second=world.second(second)).code == code


def test_the_enrolled_person_is_not_the_second_person(world):
    assert refused(world, second=world.second("NEW1")).code == "SECOND_IS_SUBJECT"


def test_a_finger_that_does_not_match_is_not_enrolled(world):
    world.matcher.misses["NEW1"] = 1

    assert refused(world).code == "NO_MATCH"
    assert world.ask("select rule_id from posko.deviation") == [("DV-N01",)]


def test_a_finger_that_was_asked_for_something_else_is_not_enrolled(world):
    assert refused(world, proof=world.proof("STAFF", "NEW1", Purpose.LOGIN, "ST-0")).code == "PROOF_WRONG_PURPOSE"


@pytest.mark.parametrize("until", ["2026-03-01", "2025-06-01"])
def test_an_assessor_whose_licence_is_over_is_not_enrolled(world, until):
    world.write("insert into posko.asesor values ('MET.9', 'Asesor 9', 'LSP-1', '2025-01-01', :until)", until=until)

    assert refused(world, role="ASESOR", met_no="MET.9").rule == "DV-A05"


def test_a_person_has_one_role_also_when_two_enrol_her_at_once(world):
    roles = ["KONSORSIUM", "BNSP", "AUDITOR", "SUPER"] * 2
    made = [(role, new_finger(world, "NEW1"), world.second("BN1")) for role in roles]

    def attempt(one):
        role, proof, second = one
        try:
            return enrol(world, role=role, proof=proof, second=second)["role"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, made))

    assert answers.count("STAFF_EXISTS") == 1
    assert answers.count("TWO_ROLES") == 6
    assert world.value("select count(*) from posko.staff where person_id = 'NEW1'") == 1


def test_a_second_role_for_the_same_person_is_a_deviation(world):
    assert refused(world, person_id="LS1", role="TUK", tuk_code="TUK-1").rule == "DV-N06"


def test_the_same_role_again_is_a_slip_and_no_deviation(world):
    assert refused(world, person_id="KO1").rule is None


# the first administrator -----------------------------------------------------------------------------------------


def bootstrap(world, person_id="SA9"):
    proof = new_finger(world, person_id)
    return world.desk(None).do(enrolment.bootstrap, person_id=person_id, full_name="Admin Pertama", proof=proof)


def test_the_first_administrator_comes_in_once(world):
    empty_staff(world)

    assert bootstrap(world)["role"] == "SUPER"
    with pytest.raises(Refused) as again:
        bootstrap(world, "SA8")
    assert again.value.code == "BOOTSTRAP_OVER"
    assert world.ask("select person_id, role, enrolled_by from posko.staff") == [("SA9", "SUPER", None)]


def test_nobody_comes_in_as_the_first_while_there_is_staff(world):
    with pytest.raises(Refused, match="sudah ada"):
        bootstrap(world)


def test_of_sixteen_first_administrators_at_once_one_comes_in(world):
    empty_staff(world)

    def attempt(number):
        try:
            return bootstrap(world, f"SA{number}")["person_id"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(attempt, range(16)))

    assert answers.count("BOOTSTRAP_OVER") == 15
    assert world.value("select count(*) from posko.staff") == 1


@pytest.mark.parametrize("proof", [None, "SA9", {"is_match": True}])
def test_the_first_administrator_needs_a_finger_too(world, proof):
    empty_staff(world)

    with pytest.raises(Refused) as found:
        world.desk(None).do(enrolment.bootstrap, person_id="SA9", full_name="Admin", proof=proof)
    assert found.value.code == "PROOF_MISSING"
    assert world.value("select count(*) from posko.staff") == 0


def test_a_refused_first_administrator_may_try_again(world):
    empty_staff(world)
    world.matcher.misses["SA9"] = 1

    with pytest.raises(Refused):
        bootstrap(world)
    assert bootstrap(world)["person_id"] == "SA9"
