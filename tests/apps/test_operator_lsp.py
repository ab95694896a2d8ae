"""The LSP's pages: decisions with SK, certificates and blanks (§13.9-13.12, Gambar 11), without a browser on a real database."""

from __future__ import annotations

import pytest

from posko.services import assessment, decision, printing, screen_lsp
from tests.support.assessed import assessed, ids
from tests.support.decided import decided, number_of
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.operator import NASTY, press, said, say, texts_of
from tests.support.preparation import refused
from tests.support.tables import edit, tick, values

pytestmark = pytest.mark.server


@pytest.fixture
def seen(seen):
    """Return how a clerk of LSP-1 looks at a page."""
    return lambda path: seen(path, "LS1")


def decide(page, sk_no="SK/1"):
    next(field for field in page.text_input if field.label == "Nomor SK").set_value(sk_no)
    return press(page, "decisions.decide")


# Keputusan ------------------------------------------------------------------------------------------------------------


def test_the_assessors_results_are_the_default_and_one_press_decides_and_certifies(world, seen):
    assessed(world, ids(3), failed=["9000002"])
    page = seen("keputusan")
    assert values(page, "decisions_rows", "result") == ["K", "BK", "K"]

    page = decide(page)

    assert not page.exception
    (told,) = said(page, "success")
    assert told.startswith("3 TKI diputuskan: 2 bersertifikat (PRT.")
    assert said(page, "info") == [say("decisions.none")]
    assert world.ask("select result, count(*) from posko.decision group by result order by result") == [
        ("BK", 1),
        ("K", 2),
    ]


def test_a_deviation_needs_a_reason_which_the_page_asks_for_and_the_service_insists_on(world, seen):
    assessed(world, ids(2))
    page = edit(seen("keputusan"), "decisions_rows", {1: {"result": "BK"}})
    assert said(page, "warning") == [say("decisions.reason_missing", first="9000002")]

    page = decide(page)
    assert said(page)
    assert world.value("select count(*) from posko.decision") == 0
    assert next(field for field in page.text_input if field.label == "Nomor SK").value == "SK/1"

    page = decide(edit(page, "decisions_rows", {1: {"result": "BK", "reason": "Bukti unit 3 tidak ada"}}))

    assert said(page, "success")
    assert world.ask("select asesor_result, result, reason from posko.decision where result = 'BK'") == [
        ("K", "BK", "Bukti unit 3 tidak ada")
    ]
    # The refused attempt stands in the register beside the decision itself.
    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-N05'") == 2


def test_a_result_corrected_since_the_table_opened_is_not_decided_unseen(world, seen):
    assessed(world, ids(2), failed=["9000002"])
    page = seen("keputusan")
    world.write("update posko.assessment set result = 'K'")

    page = decide(page)

    assert said(page)
    assert world.value("select count(*) from posko.decision") == 0


def test_a_session_decided_by_a_colleague_meanwhile_is_refused_and_certifies_nobody_twice(world, seen):
    number = assessed(world, ids(2))
    page = seen("keputusan")
    world.desk("LS1").do(decision.decide, session_id=number, sk_no="SK/0")

    page = decide(page)

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.certificate") == 2


def test_what_the_tuk_sent_is_received_first_and_again_after_a_correction(world, seen):
    day = exam_day(world, "100", "101")
    day.test_with("100", "101")
    day.score({"100": GOOD, "101": POOR})
    page = press(seen("keputusan"), "decisions.receive")
    assert said(page, "success")
    assert values(page, "decisions_rows", "result") == ["K", "BK"]

    world.desk("AS1").do(
        assessment.correct_score, session_id=day.session_id, journey_id=day.journeys["101"], scores=GOOD,
        reason="Salah baca lembar", proof=day.finger(),
    )  # fmt: skip
    page = decide(page)
    assert said(page)
    assert world.value("select count(*) from posko.decision") == 0
    page = press(press(page, "opened.reload"), "decisions.receive")

    assert values(page, "decisions_rows", "result") == ["K", "K"]
    assert said(decide(page), "success")


@pytest.mark.parametrize("typed", ["", "  ", *NASTY])
def test_a_nasty_sk_number_is_a_sentence_or_plain_text(world, seen, typed):
    assessed(world, ids(1))

    page = decide(seen("keputusan"), typed)

    assert not page.exception
    stored = world.ask("select sk_no from posko.decision")
    assert stored == ([(typed,)] if said(page, "success") else [])
    assert len(said(page)) == 1 - len(stored)


def test_the_sessions_of_another_lsp_are_neither_listed_nor_decided(world, seen):
    other = assessed(world, ids(2), lsp="LSP-2")

    page = seen("keputusan")

    assert said(page, "info") == [say("decisions.none")]
    assert refused(world.desk("LS1"), decision.decide, session_id=other, sk_no="SK/1").rule == "DV-X04"


# Sertifikat -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stocked(world):
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000005")
    return world


def blank(page):
    return next(field for field in page.text_input if field.label == "Nomor blangko")


def test_a_first_copy_goes_on_the_next_blank_and_is_counted(stocked, seen):
    number = number_of(decided(stocked, "9000001"))
    page = tick(seen("sertifikat"), "certificates_rows", 0)
    assert blank(page).value == "BL000001"

    page = press(page, "certificates.print")

    assert not page.exception
    assert said(page, "success") == [say("certificates.printed", number=number, blank="BL000001")]
    assert values(page, "certificates_rows", "copies") == [1]
    assert stocked.ask("select copy_no, blank_no from posko.print_event") == [(1, "BL000001")]


def test_a_reprint_is_refused_without_a_reason_and_marked_a_copy_with_one(stocked, seen):
    number = number_of(decided(stocked, "9000001"))
    stocked.desk("LS1").do(printing.print_certificate, certificate_no=number, blank_no="BL000001")
    page = tick(seen("sertifikat"), "certificates_rows", 0)

    page = press(page, "certificates.print")
    assert len(said(page)) == 1
    next(field for field in page.text_input if field.label == "Alasan cetak ulang").set_value("Hilang di jalan")
    page = press(page, "certificates.print")

    assert said(page, "success") == [say("certificates.printed_copy", number=number, copy=2, blank="BL000002")]


@pytest.mark.parametrize("typed", ["", "  ", *NASTY, "BL000001", "BL999999", "X" * 30])
def test_a_blank_that_is_not_free_or_no_blank_at_all_is_a_sentence(stocked, seen, typed):
    decided(stocked, "9000001")
    stocked.desk("LS1").do(printing.spoil_blank, blank_no="BL000001", reason="Sobek")
    page = tick(seen("sertifikat"), "certificates_rows", 0)

    blank(page).set_value(typed)
    page = press(page, "certificates.print")

    assert not page.exception
    assert len(said(page)) == 1
    assert stocked.value("select count(*) from posko.print_event") == 0


def test_a_damaged_blank_leaves_the_stock_with_a_reason(stocked, seen):
    page = seen("sertifikat")
    blank(page).set_value("BL000003")
    next(field for field in page.text_input if field.label == "Alasan").set_value("Kena air")

    page = press(page, "certificates.take_out")

    assert said(page, "success") == [say("certificates.spoiled_done", blank="BL000003")]
    assert stocked.value("select state from posko.blank where blank_no = 'BL000003'") == "SPOILED"


def test_only_the_own_lsps_certificates_are_found(world, seen):
    decided(world, "9000001")
    decided(world, "9000003", lsp="LSP-2", tuk="TUK-3", met="MET.3")
    page = seen("sertifikat")
    assert values(page, "certificates_rows", "tki_id") == ["9000001"]

    page.text_input(key="sertifikat_cari").set_value("9000003").run()

    assert said(page, "info") == [say("listing.nothing_matches")]
    assert refused(world.desk("LS1"), screen_lsp.certificates, lsp_code="LSP-2").rule == "DV-X04"


def test_the_list_turns_page_by_page(world, seen):
    for tki_id in ids(23):
        decided(world, tki_id)
    page = seen("sertifikat")
    first = values(page, "certificates_rows", "tki_id")

    page.session_state["sertifikat_halaman"] = 2
    page = page.run()

    assert not page.exception
    assert [len(first), values(page, "certificates_rows", "tki_id")] == [20, ["9000003", "9000002", "9000001"]]


@pytest.mark.parametrize("typed", NASTY)
def test_a_nasty_search_is_a_sentence_and_no_fault(world, seen, typed):
    decided(world, "9000001")
    page = seen("sertifikat")

    page.text_input(key="sertifikat_cari").set_value(typed).run()

    assert not page.exception
    assert len(said(page) + said(page, "info")) == 1
    assert "9000001" not in texts_of(page)
