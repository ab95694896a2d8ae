"""Pages behind the decision: publication, returns, secure codes (§14.1-14.5, Gambar 12; R-160..R-170)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.services import decision, evaluation, publication_stop, returns
from posko.services.certification import MASK
from tests.support.assessed import assessed, ids
from tests.support.decided import (
    EVALUATED_ON,
    decided,
    deviation,
    evaluate,
    number_of,
    publish,
    read_back,
    revoke,
    send_back,
)
from tests.support.operator import NO_REASON, field, labels, press, said, say, tab, texts_of

pytestmark = pytest.mark.server


# Publikasi ------------------------------------------------------------------------------------------------------------


def test_the_publication_is_stopped_and_goes_on_each_with_its_reason(world, seen):
    page = seen("publikasi")
    assert said(page, "success") == [say("publication.running")]
    field(page, "publication.reason").set_value("Daftar diperiksa")
    page = press(page, "publication.stop")
    assert any("Daftar diperiksa" in one for one in said(page))

    field(page, "publication.reason").set_value("Daftar benar")
    page = press(page, "publication.resume")

    assert say("publication.running") in said(page, "success")
    assert world.ask("select stop_reason, resume_reason from posko.publication_stop") == [
        ("Daftar diperiksa", "Daftar benar")
    ]
    assert "Daftar benar" in texts_of(tab(page, "publication_tabs", "publication.tab_stops"))


@pytest.mark.parametrize("typed", NO_REASON)
def test_a_stop_without_a_proper_reason_is_a_sentence(world, seen, typed):
    page = seen("publikasi")
    field(page, "publication.reason").set_value(typed)

    page = press(page, "publication.stop")

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.publication_stop") == 0


def test_a_stop_by_somebody_else_meanwhile_is_said(world, seen):
    page = seen("publikasi")
    world.desk("BN2").do(publication_stop.stop, reason="Lebih dahulu")
    field(page, "publication.reason").set_value("Daftar diperiksa")

    page = press(page, "publication.stop")

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.publication_stop") == 1


def test_behind_an_open_gate_bnsp_publishes_what_is_not_held(world, seen):
    decided(world, "1")
    held = decided(world, "2")
    evaluate(world)
    deviation(world, held)
    page = seen("publikasi")
    assert say("publication.gate_open") in texts_of(page)

    page = press(page, "publication.publish")

    assert say("publication.published_now", published=1) in said(page, "success")
    assert [world.status(tki) for tki in "12"] == ["PUBLISHED", "EVALUATED"]
    shown = texts_of(tab(page, "publication_tabs", "publication.tab_held"))
    assert "belum diputus dalam kasus" in shown
    assert "NURUL" not in shown
    assert say("publication.KOMPETEN") in texts_of(tab(page, "publication_tabs", "publication.tab_public"))


def test_behind_a_shut_gate_nothing_can_be_published(world, seen):
    decided(world, "1")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")

    page = seen("publikasi")

    assert say("publication.gate_shut") in texts_of(page)
    assert say("publication.publish") not in labels(page)


def test_the_auditor_reads_the_publication_and_has_no_button(world, seen):
    decided(world, "1")
    evaluate(world)

    page = seen("publikasi", "AU1")

    assert not {say(f"publication.{name}") for name in ("stop", "resume", "publish")} & set(labels(page))
    assert say("publication.gate_open") in texts_of(page)


# Kembali --------------------------------------------------------------------------------------------------------------


def test_bnsp_starts_a_return_and_reads_it_back(world, seen):
    decided(world, "1")
    publish(world)
    page = press(seen("kembali"), "returns.start")
    number = world.value("select return_batch_id from posko.return_batch")
    assert said(page, "success") == [say("returns.started", number=number, count=1)]

    assert say("returns.look") not in labels(page)
    world.desk(None).do(returns.relay, return_batch_id=number)
    page = press(seen("kembali"), "returns.look")

    told = {"closed": 0, "different": 0, "missing": 1}
    assert said(page, "success") == [say("returns.looked", number=number, **told)]
    page = press(page, "returns.start")
    assert said(page, "success") == [say("returns.nothing_due")]


def test_lines_show_versions_differences_and_what_is_overdue(world, seen):
    first = decided(world, "1")
    decided(world, "2")
    publish(world)
    return_id = send_back(world)
    wrong = read_back(world, "2", no_sertifikasi_kompetensi=number_of(77))
    world.desk(None).do(returns.acknowledge, return_batch_id=return_id, read_back=wrong)
    revoke(world, first)
    send_back(world)
    world.at(EVALUATED_ON + dt.timedelta(days=8))

    shown = texts_of(tab(seen("kembali"), "returns_tabs", "returns.tab_lines"))

    for state in ("DIFFERENT", "OVERDUE", "REPLACED"):
        assert say(f"returns.{state}") in shown
    assert number_of(77) in shown
    shown = texts_of(tab(seen("kembali"), "returns_tabs", "returns.tab_open"))
    assert say("open_list.RETURN") in shown
    assert say("open_list.is_late") in shown


@pytest.mark.parametrize("typed", ["<script>", "' or 1=1 --", "x\x00", "9" * 30, "-1"])
@pytest.mark.parametrize("label", ["returns.tki_id", "returns.number"])
def test_a_search_for_nonsense_among_the_lines_is_a_sentence(world, seen, label, typed):
    page = tab(seen("kembali"), "returns_tabs", "returns.tab_lines")

    page = field(page, label).set_value(typed).run()

    assert not page.exception
    assert len(said(page)) == 1


def test_the_auditor_reads_returns_and_starts_none(world, seen):
    decided(world, "1")
    publish(world)
    send_back(world)

    page = seen("kembali", "AU1")

    assert not {say("returns.start"), say("returns.look")} & set(labels(page))


# Secure Code ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(world):
    session_id = assessed(world, ids(2))
    world.desk("LS1").do(decision.decide, session_id=session_id, sk_no="SK/1")
    return world


def headings(page):
    html = next(element.proto.body for element in page.get("html") if "posko-list" in element.proto.body)
    return [part.split("</th>")[0].split(">", 1)[1] for part in html.split("<th ")[1:]]


def test_the_window_has_the_title_and_the_columns_of_gambar_12(certified, seen):
    page = seen("secure-code")

    assert [title.value for title in page.title] == ["TLRT - Secure Code"]
    assert headings(page)[:5] == ["ID", "Nama", "Tanggal", "No Sertifikat", "Secure Code"]
    assert MASK not in texts_of(page)
    assert not page.get("download_button")


def test_the_auditor_sees_the_codes_masked_and_an_lsp_only_its_own(certified, seen):
    decided(certified, "900", lsp="LSP-2", tuk="TUK-3", met="MET.3")

    masked, own = texts_of(seen("secure-code", "AU1")), texts_of(seen("secure-code", "LS1"))

    assert masked.count(MASK) == 3
    assert say("secure_code.masked") in masked
    assert "9000001" in own
    assert number_of(certified.journey_id("900")) not in own
