"""Hand-overs: packages taken over or refused, batches withdrawn, assessors substituted (§12.6-12.11, §13.6-13.7; R-100..R-106, R-126)."""

from __future__ import annotations

import pytest

from posko.services import asesor_check, distribution
from tests.support.exam import exam_day
from tests.support.operator import NO_REASON, field, labels, press, said, say, texts_of
from tests.support.preparation import released, returned

pytestmark = pytest.mark.server


def take(page, count):
    label = say("packages.take", count=count)
    return next(button for button in page.button if button.label == label).click().run()


# Terima ---------------------------------------------------------------------------------------------------------------


def test_a_tuk_sees_what_came_and_takes_it_over_with_one_press(world, seen):
    released(world, "100", "101")
    page = seen("terima", "TU1")
    shown = texts_of(page)
    assert say("packages.whole") in said(page, "success")
    digest = world.value(
        "select lower(hex(rows_sha256)) from posko.handoff_batch join posko.distribution using (batch_id)"
        " where receiver_code = 'TUK-1'"
    )
    assert shown.count(digest) == 2
    assert "LSP LSP-1" not in shown

    page = take(page, 2)

    assert not page.exception
    assert said(page, "success")[0].endswith("2 TKI.")
    assert world.ask("select receiver_code from posko.distribution where acknowledged_at is not null") == [("TUK-1",)]
    assert say("packages.take", count=2) not in labels(page)


def test_a_package_is_refused_with_a_reason_and_stays_to_be_taken_over(world, seen):
    released(world, "100")
    page = seen("terima", "LS1")
    field(page, "packages.reason").set_value("Bukan peserta kami <b>")

    page = press(page, "packages.refuse")

    assert not page.exception
    assert say("packages.REFUSED") in texts_of(page)
    assert "Bukan peserta kami" in said(page, "warning")[0]
    assert world.status("100") == "DISTRIBUTED"
    assert say("packages.take", count=1) in labels(page)


@pytest.mark.parametrize("typed", NO_REASON)
def test_a_refusal_without_a_proper_reason_is_a_sentence_and_writes_nothing(world, seen, typed):
    released(world, "100")
    page = seen("terima", "LS1")
    field(page, "packages.reason").set_value(typed)

    page = press(page, "packages.refuse")

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.package_refusal") == 0


def test_what_did_not_arrive_as_it_was_sent_says_so_and_cannot_be_loaded(world, seen):
    released(world, "100")
    world.write("update posko.candidate set full_name = 'LAIN'")
    page = seen("terima", "TU1")
    assert say("packages.not_whole") in said(page)

    page = take(page, 1)

    assert len(said(page)) == 2
    assert world.value("select count(*) from posko.distribution where acknowledged_at is not null") == 0


def test_a_package_taken_over_elsewhere_meanwhile_is_refused_in_words(world, seen):
    parts = {part["receiver_code"]: part["batch_id"] for part in released(world, "100")}
    page = seen("terima", "TU1")
    world.desk("TU1").do(distribution.acknowledge, batch_id=parts["TUK-1"])

    page = take(page, 1)

    assert not page.exception
    assert len(said(page)) == 1
    assert ("distribution.acknowledge", "handoff", str(parts["TUK-1"])) in world.events("refused")


def test_a_receiver_without_packages_is_told_so(world, seen):
    released(world, "100")

    assert said(seen("terima", "TU2"), "info") == [say("packages.none")]


# Tarik kembali --------------------------------------------------------------------------------------------------------


def unbalanced(world, *tki_ids):
    batch_id = returned(world, *tki_ids)
    world.write("update posko.allocation_return set allocated_count = 99, is_whole = 0")
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    return batch_id


def test_the_konsorsium_withdraws_what_bnsp_found_unbalanced(world, seen):
    batch_id = unbalanced(world, "100")
    page = seen("kirim", "KO1")
    assert len(said(page)) == 1  # what BNSP found
    field(page, "withdrawal.reason").set_value("Jumlahnya salah")

    page = press(page, "withdrawal.withdraw")

    assert not page.exception
    assert said(page, "success") == [say("withdrawal.done", number=batch_id, count=1)]
    assert world.status("100") == "ALLOCATED"
    assert say("withdrawal.WITHDRAWN") in texts_of(page)
    assert say("send.send", count=1) in labels(page)
    shown = texts_of(seen("keseimbangan", "BN1"))
    assert say("balance.WITHDRAWN") in shown
    assert say("balance.INCOMPLETE") not in shown


@pytest.mark.parametrize("typed", NO_REASON)
def test_a_withdrawal_without_a_proper_reason_writes_nothing(world, seen, typed):
    unbalanced(world, "100")
    page = seen("kirim", "KO1")
    field(page, "withdrawal.reason").set_value(typed)

    page = press(page, "withdrawal.withdraw")

    assert not page.exception
    assert len(said(page)) == 2
    assert world.value("select count(*) from posko.allocation_withdrawal") == 0


def test_a_batch_checked_again_while_the_form_was_open_is_not_withdrawn(world, seen):
    batch_id = unbalanced(world, "100")
    page = seen("kirim", "KO1")
    field(page, "withdrawal.reason").set_value("Jumlahnya salah")
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)

    page = press(page, "withdrawal.withdraw")

    assert not page.exception
    assert world.value("select count(*) from posko.allocation_withdrawal") == 0


def test_a_balanced_batch_cannot_be_withdrawn_on_the_page(world, seen):
    batch_id = returned(world, "100")
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)

    assert say("withdrawal.withdraw") not in labels(seen("kirim", "KO1"))


# Asesor pengganti -----------------------------------------------------------------------------------------------------


def appoint(page, met_no, reason):
    field(page, "substitutes.substitute", "selectbox").set_value(met_no)
    field(page, "substitutes.reason").set_value(reason)
    return press(page, "substitutes.appoint")


def test_the_konsorsium_appoints_another_assessor_before_the_test(world, seen):
    day = exam_day(world, "100")

    page = appoint(seen("asesor-pengganti", "KO1"), "MET.2", "Sakit")

    assert not page.exception
    assert said(page, "success") == [say("substitutes.appointed", met_no="MET.2", number=day.session_id)]
    assert world.value("select met_no from posko.exam_session") == "MET.2"
    assert "MET.2 · Asesor 2" in texts_of(page)


def test_after_the_test_the_substitute_only_scores(world, seen):
    day = exam_day(world, "100")
    day.test_with("100")
    page = seen("asesor-pengganti", "KO1")
    assert say("substitutes.SCORING_help") in said(page, "warning")

    page = appoint(page, "MET.2", "Mengundurkan diri")

    assert not page.exception
    assert world.ask("select met_no, tested_met_no from posko.exam_session") == [("MET.2", "MET.1")]
    assert day.rules() == ["DV-A10"]


def test_an_appointment_made_while_the_form_was_open_is_not_overwritten(world, seen):
    world.write("insert into posko.asesor values ('MET.9', 'Asesor 9', 'LSP-1', '2025-01-01', '2030-12-31')")
    world.write("insert into posko.asesor_scheme values ('MET.9', 'TLRT', '2025-01-01', '2030-12-31')")
    world.write(
        "insert into posko.staff (person_id, full_name, role, met_no, state, enrolled_at)"
        " values ('AS9', 'Petugas AS9', 'ASESOR', 'MET.9', 'ACTIVE', '2026-01-01')"
    )
    day = exam_day(world, "100")
    page = seen("asesor-pengganti", "KO1")
    world.desk("KO1").do(asesor_check.substitute_asesor, session_id=day.session_id, met_no="MET.9", reason="Sakit")

    page = appoint(page, "MET.2", "Sakit juga")

    assert not page.exception
    assert world.value("select met_no from posko.exam_session") == "MET.9"


@pytest.mark.parametrize("typed", NO_REASON)
def test_an_appointment_without_a_proper_reason_is_a_sentence(world, seen, typed):
    exam_day(world, "100")

    page = appoint(seen("asesor-pengganti", "KO1"), "MET.2", typed)

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select met_no from posko.exam_session") == "MET.1"


def test_an_appointment_of_nobody_is_a_sentence(world, seen):
    exam_day(world, "100")

    page = appoint(seen("asesor-pengganti", "KO1"), None, "Sakit")

    assert not page.exception
    assert len(said(page)) == 1


def test_where_no_other_assessor_is_in_force_the_page_says_so(world, seen):
    exam_day(world, "200", tuk="TUK-3", lsp="LSP-2", met="MET.3")

    page = seen("asesor-pengganti", "KO1")

    assert said(page) == [say("substitutes.nobody")]
    assert say("substitutes.appoint") not in labels(page)
