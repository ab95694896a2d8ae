"""When a set of templates came into force, and where, stands where the rules read it, without a template (§3.3; R-026, DV-I08)."""

from __future__ import annotations

import pytest

from posko.domain.proof import Purpose
from posko.services import enrolment, template_capture

pytestmark = pytest.mark.server


def registered(world):
    return world.ask(
        "select person_kind, person_id, version, provenance, station_code, activated_by, activated_at = :now from posko.template_set"
        " order by template_set_id",
        now=world.now,
    )


def captured(hands, kind, who, by):
    hands.enroller.capture(hands.world.desk(by), kind, who, hands.six(who), station_code="ST-0")
    return hands.verify(kind, who, Purpose.ENROL, station="ST-0").proof


@pytest.fixture
def tki(world):
    """T1 was sent by BNP2TKI, and the Konsorsium has a second officer."""
    world.add_tki("T1")
    world.write(
        "insert into posko.staff (person_id, full_name, role, state, enrolled_at)"
        " values ('KO2', 'Petugas KO2', 'KONSORSIUM', 'ACTIVE', '2026-01-01')"
    )
    return "T1"


def test_a_captured_set_is_registered_when_it_comes_into_force_and_not_before(world, hands, tki):
    proof = captured(hands, "TKI", tki, "KO1")
    assert registered(world) == []

    world.desk("KO1").do(template_capture.enrol_tki, tki_id=tki, proof=proof, second=world.second("KO2"))

    assert registered(world) == [("TKI", "T1", 1, "ENROLMENT", "ST-0", "KO1", 1)]


def test_an_officers_set_is_registered_too(world, hands):
    proof = captured(hands, "STAFF", "NEW", "SA1")
    values = {"person_id": "NEW", "full_name": "Petugas Baru", "role": "KONSORSIUM", "proof": proof}

    world.desk("SA1").do(enrolment.enrol, **values, second=world.second("BN1"))

    assert registered(world) == [("STAFF", "NEW", 1, "ENROLMENT", "ST-0", "SA1", 1)]


def test_the_print_of_bnp2tki_that_takes_its_place_is_the_next_set(world, hands, tki):
    proof = captured(hands, "TKI", tki, "KO1")
    world.desk("KO1").do(template_capture.enrol_tki, tki_id=tki, proof=proof, second=world.second("KO2"))
    hands.know("T1", fingers=(3,))

    assert registered(world) == [
        ("TKI", "T1", 1, "ENROLMENT", "ST-0", "KO1", 1),
        ("TKI", "T1", 2, "BNP2TKI", None, "posko", 1),
    ]
