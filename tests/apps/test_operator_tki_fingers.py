"""Fingers of TKI on their page, without a browser: the reference, what was of no use, enrolment by two officers (§6.1; R-026, X11)."""

from __future__ import annotations

import pytest

from posko.services import enrolment_steps, intake, registration, screen_fingers
from tests.support.enrol_page import opened, prove, sign, take_all
from tests.support.operator import cookies_of, field, labels, look, press, said, say, texts_of
from tests.support.preparation import refused

pytestmark = pytest.mark.server
TKI = "9264729"


@pytest.fixture
def second_konsorsium(world):
    """Another officer of the Konsorsium, with fingers."""
    world.write(
        "insert into posko.staff (person_id, full_name, role, state, enrolled_at)"
        " values ('KO2', 'Petugas KO2', 'KONSORSIUM', 'ACTIVE', '2026-01-01')"
    )
    world.hands.enrol("KO2", whose="staff:KO2")


def test_a_tki_without_a_print_is_enrolled_by_two_officers_of_the_konsorsium(world, monkeypatch, second_konsorsium):
    world.add_tki(TKI)
    page = opened(look("sidik-jari", cookies_of(world, "KO1"), monkeypatch), TKI, "tki")
    assert say("finger_history.none") in said(page, "info")

    page = prove(take_all(press(page, "enrol.begin")))
    page = sign(press(page, "tki_fingers.to_second"), "KO2")

    assert said(page, "success") == [say("tki_fingers.enrolled", tki_id=TKI, version=1)]
    assert world.ask(
        "select distinct state, provenance, taken_by, seconded_by from posko_biometric.finger_template where person_id = :id",
        id=TKI,
    ) == [("ACTIVE", "ENROLMENT", "KO1", "KO2")]


def test_the_print_of_bnp2tki_is_shown_as_the_reference_and_nothing_is_offered_over_it(world, monkeypatch):
    world.add_tki(TKI)
    world.hands.know(TKI)

    page = opened(look("sidik-jari", cookies_of(world, "KO1"), monkeypatch), TKI, "tki")

    assert say("tki_fingers.reference") in said(page, "info")
    assert say("enrol.begin") not in labels(page)
    assert say("finger_history.BNP2TKI") in texts_of(page)


def test_a_print_that_could_not_be_used_says_why_and_the_tki_can_be_enrolled(world, monkeypatch):
    world.add_tki(TKI)
    world.hands.send_print(TKI, 2, b"no finger at all")
    world.hands.import_all()

    page = opened(look("sidik-jari", cookies_of(world, "KO1"), monkeypatch), TKI, "tki")

    assert say("tki_fingers.refused") in texts_of(page)
    assert say("enrol.begin") in labels(page)


def test_a_super_administrator_reads_and_enrols_only_on_behalf(world, monkeypatch):
    world.add_tki(TKI)

    page = opened(look("sidik-jari", cookies_of(world, "SA2"), monkeypatch), TKI, "tki")

    assert say("tki_fingers.behalf") in said(page, "info")
    assert refused(world.desk("SA2"), enrolment_steps.begin, kind="TKI", person_id=TKI, fingers=[2, 7])


@pytest.mark.parametrize("typed", ["9999999", "<script>alert(1)</script>", "0" * 16, "' or 1=1 --"])
def test_a_tki_that_bnp2tki_never_sent_is_a_sentence(world, monkeypatch, typed):
    page = look("sidik-jari", cookies_of(world, "KO1"), monkeypatch)
    field(page, "tki_fingers.id").set_value(typed)

    page = press(page, "tki_fingers.go")

    assert not page.exception
    assert len(said(page)) == 1
    assert "<script>alert" not in texts_of(page)


def test_who_waits_without_a_finger_is_listed_with_the_cause(world):
    for tki_id in ("9000001", "9000002", "9000003"):
        world.add_tki(tki_id)
    world.desk(None).do(intake.send_eligible)
    for tki_id in ("9000001", "9000002", "9000003"):
        world.desk("KO1").do(registration.register, tki_id=tki_id)
    world.hands.know("9000001")
    world.hands.send_print("9000002", 2, b"no finger at all")
    world.hands.import_all()

    def found(**asked):
        told = world.desk("KO1").do(screen_fingers.without, limit=20, offset=0, **asked)
        return [(row["tki_id"], row["why"]) for row in told["rows"]]

    assert found() == [("9000002", "UNUSABLE"), ("9000003", "MISSING")]
    assert found(why="MISSING") == [("9000003", "MISSING")]
    assert found(search="9000002") == [("9000002", "UNUSABLE")]
    for asked in ({"why": "x"}, {"search": "a\x00"}, {"search": "0" * 16}):
        assert refused(world.desk("KO1"), screen_fingers.without, limit=20, offset=0, **asked)
    assert refused(world.desk("BN1"), screen_fingers.without, limit=20, offset=0)
