"""The standing of certificates, exceptions at the door and statements on their pages (R-050, R-121, R-186)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.operator import finger
from apps.operator.fingers import Way
from posko.services import attendance, certificate_status
from tests.support.decided import decided, number_of
from tests.support.exam import exam_day
from tests.support.operator import NO_REASON, labels, press, said, say, texts_of
from tests.support.two_persons import fill, sign, with_second

pytestmark = pytest.mark.server


# standing of a certificate -------------------------------------------------------------------------------------------


@pytest.fixture
def number(world, monkeypatch):
    with_second(world, monkeypatch)
    return number_of(decided(world, "9000001"))


def change(page, way, reason="Terbukti palsu", decree="SK-7", button="standings.lay_down"):
    ways = [one for one in page.radio if one.label == say("standings.which")]
    if ways:
        page = ways[0].set_value(way).run()
    fill(page, "text_area", "standings.reason", reason)
    field = "standings.decree_later" if way == "suspend" else "standings.decree"
    fill(page, "text_input", field, decree)
    return press(page, button)


def status(world):
    return world.value("select status from posko.certificate")


def test_a_certificate_is_revoked_by_two_with_reason_and_decree(world, seen, number):
    page = seen("status-sertifikat")
    page = page.text_input(key="status_sertifikat_search").set_value("9000001").run()
    assert number in texts_of(page)

    page = change(seen("status-sertifikat", nomor=number), "revoke")
    assert status(world) == "VALID"
    assert "SK-7" in texts_of(page)
    page = sign(page, "SA1")

    assert said(page, "success") == [say("standings.done_revoke", number=number)]
    assert world.ask("select status_to, decree_no, noted_by, seconded_by from posko.certificate_note") == [
        ("REVOKED", "SK-7", "BN1", "SA1")
    ]
    assert f"<strong>{say('standings.REVOKED')}</strong>" in texts_of(page)
    assert say("standings.lay_down") not in labels(page)


def test_the_lsp_suspends_its_own_at_once_and_two_of_bnsp_reinstate_it(world, seen, number):
    page = seen("status-sertifikat", "LS1", nomor=number)
    page = change(page, "suspend", "Laporan masyarakat", "", "standings.do_suspend")
    assert said(page, "success") == [say("standings.done_suspend", number=number)]
    assert say("standings.lay_down") not in labels(page)

    page = sign(change(seen("status-sertifikat", nomor=number), "reinstate", "Laporan tidak benar"), "SA1")

    assert said(page, "success") == [say("standings.done_reinstate", number=number)]
    assert status(world) == "VALID"


@pytest.mark.parametrize(
    ("reason", "decree"),
    [("", "SK-7"), ("Palsu", ""), ("a\x00", "SK-7"), ("NIK 3603054105830001", "SK-7")],
)
def test_a_revocation_without_reason_or_decree_is_not_laid_down(world, seen, number, reason, decree):
    page = change(seen("status-sertifikat", nomor=number), "revoke", reason, decree)

    assert len(said(page)) == 1
    assert say("second_person.sign") not in labels(page)
    assert status(world) == "VALID"


def test_a_standing_that_changed_meanwhile_is_shown_with_both_versions(world, seen, number):
    page = change(seen("status-sertifikat", nomor=number), "revoke")
    world.now += dt.timedelta(minutes=1)
    world.desk("LS1").do(certificate_status.suspend, certificate_no=number, reason="Dilaporkan PPTKIS")

    page = sign(page, "SA1")

    shown = texts_of(page)
    assert len(said(page)) == 1
    assert "Dilaporkan PPTKIS" in shown
    assert say("changed.seen") in shown
    assert status(world) == "SUSPENDED"


@pytest.mark.parametrize(("who", "is_own"), [("LS1", True), ("LS2", False), ("AU1", True)])
def test_an_lsp_reads_its_own_and_the_auditor_all_without_changing_any(world, seen, number, who, is_own):
    page = seen("status-sertifikat", who, nomor=number)

    assert ("9000001" in texts_of(page)) is is_own
    assert len(said(page)) == int(not is_own)
    assert say("standings.lay_down") not in labels(page)


def test_the_lsp_remarks_on_its_own(world, seen, number):
    page = seen("status-sertifikat", "LS1", nomor=number)
    fill(page, "text_input", "standings.note", "Sudah <b>kami</b> periksa")

    page = press(page, "standings.remark_add")

    assert said(page, "success") == [say("standings.remarked")]
    assert "Sudah &lt;b&gt;kami&lt;/b&gt; periksa" in texts_of(page)


@pytest.mark.parametrize("address", ["PRT.1025.2026.9999999", "<script>", "' or 1=1 --", "x" * 500])
def test_an_address_that_names_no_certificate_is_a_sentence(world, seen, number, address):
    page = seen("status-sertifikat", nomor=address)

    assert not page.exception
    assert len(said(page)) == 1


# exceptions at the door ----------------------------------------------------------------------------------------------


@pytest.fixture
def day(world):
    made = exam_day(world, "T1", "T2")
    made.open()
    return made


def lay_down(page, tki_id="T1", reason="Jari terluka bakar"):
    page = page.text_input(key="exception_tki").set_value(tki_id).run()
    fill(page, "text_area", "exceptions.reason", reason)
    return press(page, "exceptions.lay_down")


def test_a_candidate_is_let_in_by_a_real_finger_of_the_second_role(world, seen, day):
    world.hands.enrol("LS1", whose="staff:LS1")
    page = seen("pengecualian", "TU1")
    page.session_state[finger.WAY] = Way.DEMO_OWN
    page = lay_down(page)
    assert world.value("select count(*) from posko.attendance") == 0

    page = sign(page, "LS1")

    assert not page.exception
    number = world.value("select statement_no from posko.attendance")
    assert said(page, "success") == [say("exceptions.made", name="NAMA T1", statement=number)]
    assert world.status("T1") == "PRESENT"
    assert day.rules() == ["DV-I09"]
    assert number in texts_of(page)


def test_the_door_leads_to_the_form_of_the_candidate_whose_finger_was_not_read(world, seen, day):
    page = seen("pengecualian", "TU1", tki="T1")

    assert page.text_input(key="exception_tki").value == "T1"
    assert say("exceptions.no_tries") in said(page, "info")
    assert say("exceptions.lay_down") in labels(page)


@pytest.mark.parametrize("second", ["TU1", "TU2", "LS2", "AS1", "XX9"])
def test_the_wrong_second_person_lets_nobody_in(world, seen, day, monkeypatch, second):
    with_second(world, monkeypatch)

    page = sign(lay_down(seen("pengecualian", "TU1")), second)

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.attendance") == 0


@pytest.mark.parametrize("tki_id", ["T9", "<script>", "' or 1=1 --"])
def test_who_is_not_on_the_list_is_not_offered_the_form(world, seen, day, tki_id):
    page = seen("pengecualian", "TU1")

    page = page.text_input(key="exception_tki").set_value(tki_id).run()

    assert len(said(page)) == 1
    assert say("exceptions.lay_down") not in labels(page)


@pytest.mark.parametrize("reason", NO_REASON)
def test_an_exception_needs_a_plain_reason(world, seen, day, reason):
    page = lay_down(seen("pengecualian", "TU1"), reason=reason)

    assert len(said(page)) == 1
    assert say("second_person.sign") not in labels(page)


def test_the_auditor_reads_exceptions_and_makes_none(world, seen, day):
    told = {"session_id": day.session_id, "tki_id": "T1", "reason": "Jari terluka", "second": world.second("LS1")}
    world.desk("TU1").do(attendance.record_exception, **told)

    page = seen("pengecualian", "AU1")

    assert "Jari terluka" in texts_of(page)
    assert say("exceptions.tki") not in labels(page, "text_input")


# statements ----------------------------------------------------------------------------------------------------------


def test_a_statement_is_found_again_and_read_and_a_nik_stands_masked_in_the_list(world, seen, day):
    told = {"session_id": day.session_id, "id_as_typed": "3603054105830001", "reason": "Tidak terdaftar"}
    number = world.desk("TU1").do(attendance.turn_away_unregistered, **told)["statement_no"]

    shown = texts_of(seen("berita-acara", "TU1"))
    assert number in shown
    assert "3603054105830001" not in shown

    shown = texts_of(seen("berita-acara", "TU1", nomor=number))
    assert "3603054105830001" in shown
    assert say("statements.says_TURNED_AWAY_NOT_REGISTERED") in shown


def test_the_statement_of_another_tuk_is_refused(world, seen, day):
    told = {"session_id": day.session_id, "id_as_typed": "404", "reason": "Tidak terdaftar"}
    number = world.desk("TU1").do(attendance.turn_away_unregistered, **told)["statement_no"]

    page = seen("berita-acara", "TU2", nomor=number)

    assert len(said(page)) == 1
    assert "Tidak terdaftar" not in texts_of(page)
