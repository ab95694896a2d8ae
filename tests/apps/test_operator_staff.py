"""Staff on their page, without a browser: six touches, two persons, suspension, return, retired templates (§8.2; R-048, R-070, F03)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.services import enrolment, screen_staff, staff_templates
from tests.support.enrol_page import as_other, begins, opened, prove, sign, take_all
from tests.support.operator import cookies_of, field, labels, look, press, said, say, texts_of
from tests.support.preparation import refused

pytestmark = pytest.mark.server


@pytest.fixture
def world(world):
    world.hands.enrol("BN1", whose="staff:BN1")
    return world


@pytest.fixture
def page(world, monkeypatch):
    """The staff as SA1 sees them; BN1 has a finger to sign with."""
    return look("petugas", cookies_of(world, "SA1"), monkeypatch)


def who_is_new(page, number="NEW-1", name="Petugas Baru", role="KONSORSIUM"):
    page = press(page, "staff.new")
    field(page, "staff.person_id").set_value(number)
    field(page, "staff.full_name").set_value(name)
    field(page, "staff.role", "selectbox").set_value(role).run()
    return press(page, "staff.check")


# Petugas --------------------------------------------------------------------------------------------------------------


def test_a_new_officer_is_enrolled_with_six_touches_her_own_proof_and_a_second_person(world, page):
    page = press(who_is_new(page), "enrol.begin")
    assert begins(page, "Rekam telunjuk kanan (1 dari 3)") is not None

    page = prove(take_all(page))
    assert world.ask("select count(*) from posko.staff where person_id = 'NEW-1'") == [(0,)]
    page = sign(press(page, "staff.to_second"))

    assert said(page, "success") == [say("staff.enrolled", number="NEW-1", role="Administrator Konsorsium")]
    assert world.ask("select role, state, enrolled_by, seconded_by from posko.staff where person_id = 'NEW-1'") == [
        ("KONSORSIUM", "ACTIVE", "SA1", "BN1")
    ]
    assert world.ask(
        "select state, count(*), count(distinct finger) from posko_biometric.finger_template where person_id = 'NEW-1' group by state"
    ) == [("ACTIVE", 6, 2)]
    assert say("finger_history.waiting") in said(page, "info")


@pytest.mark.parametrize(
    ("number", "name", "role"),
    [
        ("", "Nama", "BNSP"), ("0" * 16, "Nama", "BNSP"), ("<script>alert(1)", "Nama", "BNSP"), ("' or 1=1", "Nama", "BNSP"),
        ("NEW-1", "", "BNSP"), ("NEW-1", "a\x00b", "BNSP"), ("KO1", "Nama", "BNSP"), ("KO1", "Nama", "KONSORSIUM"),
        ("NEW-1", "Nama", "LSP"), ("SA1", "Nama", "BNSP"),
    ],
)  # fmt: skip
def test_who_may_not_be_enrolled_is_told_before_any_finger_is_taken(world, page, number, name, role):
    page = who_is_new(page, number, name, role)

    assert not page.exception
    assert len(said(page)) == 1
    assert say("enrol.begin") not in labels(page)
    assert "<script>alert" not in texts_of(page)


def test_a_touch_of_somebody_else_is_told_and_does_not_count(world, page):
    page = press(who_is_new(page), "enrol.begin")
    page = begins(page, "Rekam ").click().run()
    page = begins(as_other(page), "Rekam ").click().run()

    shown = texts_of(page)
    assert say("enrol.counts_not") in shown
    assert "tidak saling cocok" in shown
    assert begins(page, "Rekam telunjuk kanan (2 dari 3)") is not None


def test_another_persons_finger_does_not_prove_what_was_taken(world, page):
    page = as_other(take_all(press(who_is_new(page), "enrol.begin")))

    page = press(page, "finger.take")

    assert said(page) == [say("enrol.not_proven")]
    assert say("staff.to_second") not in labels(page)


def test_a_cancelled_enrolment_leaves_nothing_and_can_begin_again(world, page):
    page = begins(press(who_is_new(page), "enrol.begin"), "Rekam ").click().run()

    page = press(page, "enrol.cancel")

    assert world.value("select count(*) from posko_biometric.enrolment_impression where ciphertext is not null") == 0
    assert say("enrol.begin") in labels(page)


def test_an_enrolment_whose_time_ran_out_says_so(world, page):
    page = begins(press(who_is_new(page), "enrol.begin"), "Rekam ").click().run()
    world.now += dt.timedelta(minutes=15)
    world.write("update posko.login_session set last_seen_at = :now", now=world.now)

    page = page.run()

    assert say("enrol.expired") in said(page, "warning")
    assert say("enrol.begin") in labels(page)


def test_an_officer_is_suspended_at_once_and_her_session_ends(world, page):
    cookies_of(world, "KO1")
    page = opened(page, "KO1")
    assert len(said(press(page, "staff.suspend"))) == 1  # no reason

    field(page, "staff.reason").set_value("Jarinya dipakai orang lain")
    page = press(page, "staff.suspend")

    assert said(page, "success") == [say("staff.suspended", number="KO1", sessions=1)]
    assert world.value("select state from posko.staff where person_id = 'KO1'") == "SUSPENDED"


def test_a_suspended_officer_comes_back_with_new_fingers_by_two_persons(world, page):
    world.desk("SA2").do(enrolment.suspend, person_id="KO1", reason="Cuti panjang")
    page = press(opened(page, "KO1"), "staff.reinstate")

    page = prove(take_all(press(page, "enrol.begin")))
    page = sign(press(page, "staff.to_second"))

    assert said(page, "success") == [say("staff.replaced", number="KO1", version=2)]
    assert world.ask("select state, suspended_at from posko.staff where person_id = 'KO1'") == [("ACTIVE", None)]


def test_templates_of_a_suspended_officer_are_retired_by_two_persons_and_stay_as_history(world, page):
    world.hands.enrol("KO1", second=world.second("BN2"))
    world.desk("SA2").do(enrolment.suspend, person_id="KO1", reason="Pensiun")
    page = opened(page, "KO1")

    next(one for one in page.text_input if one.label == say("staff.reason")).set_value("Pensiun")
    page = sign(press(page, "staff.to_second"))

    assert said(page, "success") == [say("staff.retired", number="KO1", count=6)]
    assert world.ask(
        "select distinct state, retired_by, retired_reason from posko_biometric.finger_template where person_id = 'KO1'"
    ) == [("RETIRED", "SA1", "Pensiun")]


def test_templates_of_an_active_officer_or_ones_own_are_not_retired(world):
    world.hands.enrol("KO1", second=world.second("BN2"))
    desk = world.desk("SA1")
    world.now += dt.timedelta(minutes=1)
    told = {"reason": "Pensiun", "second": world.second("BN2")}
    assert refused(desk, staff_templates.retire, person_id="KO1", **told).code == "NOT_SUSPENDED"
    assert refused(desk, staff_templates.retire, person_id="SA1", **told).code == "OWN_FINGER"
    assert refused(desk, staff_templates.retire, person_id="XX9", **told).code == "UNKNOWN_STAFF"
    world.desk("SA2").do(enrolment.suspend, person_id="LS1", reason="x")
    assert refused(desk, staff_templates.retire, person_id="LS1", **told).code == "NO_TEMPLATES"
    world.desk("SA2").do(enrolment.suspend, person_id="KO1", reason="x")
    assert (
        refused(desk, staff_templates.retire, person_id="KO1", reason="x", second=None).code == "SECOND_PERSON_MISSING"
    )


def test_oneself_is_shown_and_not_offered(world, page):
    page = opened(page, "SA1")

    assert say("staff.oneself") in said(page, "info")
    assert say("staff.replace") not in labels(page)


@pytest.mark.parametrize("number", ["XX9", "<script>alert(1)</script>", "0" * 16, "' or 1=1 --"])
def test_a_number_that_nobody_has_is_a_sentence(world, page, number):
    page = opened(page, number)

    assert not page.exception
    assert len(said(page)) == 1
    assert "<script>alert" not in texts_of(page)


def test_the_staff_are_searched_and_filtered_in_the_database(world):
    def numbers(**asked):
        return [
            row["person_id"] for row in world.desk("BN1").do(screen_staff.listed, limit=20, offset=0, **asked)["rows"]
        ]

    assert numbers(role="LSP") == ["LS1", "LS2"]
    assert numbers(search="tuk-2") == ["TU2"]
    assert "BN1" not in numbers(state="NO_FINGER")
    assert numbers(order="-role")[0] in {"TU1", "TU2"}
    for asked in ({"role": "PUBLIC"}, {"state": "x"}, {"order": "person_id; drop"}, {"search": "0" * 16}):
        assert refused(world.desk("BN1"), screen_staff.listed, limit=20, offset=0, **asked)
    assert refused(world.desk("AU1"), screen_staff.listed, limit=20, offset=0)
