"""The page in a real browser, HID's unchanged SDK in it, and a stub of HID's client: by keyboard alone, every trouble in words (R-041).

The stub speaks what the SDK asks: TLS on port 52181, SRP-6a, the sealed WebSocket. No real reader or Windows PC was tried.
"""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from posko.domain.proof import Purpose
from tests.biometrics.stub_client.client import READER, StubClient
from tests.biometrics.stub_client.site import Site, png
from tests.support.reader_screen import Screen, context_of

pytestmark = pytest.mark.server
pytest_plugins = ["tests.support.reader_screen_fixtures"]


# the way that works ---------------------------------------------------------------------------------------------------


def test_a_finger_on_the_reader_ends_as_a_proof_and_nothing_is_loaded_from_elsewhere(screen, client, site):
    site.enrol()
    client.plug()
    request = site.ask()

    screen.open(request)
    screen.shows("LETAKKAN JARI", "telunjuk kanan")
    expect(screen.page.locator("#left")).to_contain_text("detik")
    expect(screen.page.locator("#reader")).to_have_text(f"Pembaca {READER}")
    client.put(png())

    screen.shows("COCOK", "Lanjutkan di layar utama.")
    proof = site.take(request)
    assert proof is not None
    assert (proof.is_match, proof.reader_serial) == (True, READER)
    assert site.attempts() == [("MATCH", "BROWSER", READER, None)]
    channel = f"127.0.0.1:{client.channel_port}"
    assert screen.hosts == {site.address, "https://127.0.0.1:52181", f"https://{channel}", f"wss://{channel}"}
    client.wait(lambda: not client.is_capturing)


def test_another_persons_finger_does_not_match_and_the_page_says_what_next(screen, client, site):
    site.enrol()
    client.plug()
    request = site.ask()
    screen.open(request)
    client.put(png(2))

    screen.shows("TIDAK COCOK", "Ulangi dengan jari yang sama.")
    proof = site.take(request)
    assert proof is not None
    assert not proof.is_match


def test_a_sign_in_looks_the_same_whoever_it_is(screen, client, site):
    client.plug()
    screen.open(site.ask(kind="STAFF", person_id="NOBODY", purpose=Purpose.LOGIN))
    client.put(png())

    screen.shows("TERKIRIM", "layar masuk")


# the reader and its client --------------------------------------------------------------------------------------------


def test_without_the_client_the_page_says_what_to_install_and_goes_on_by_keyboard(screen, alone, site):
    site.enrol()
    screen.open(site.ask())
    screen.shows("KLIEN BELUM TERPASANG", "HID Authentication Device Client")
    screen.has_focus("Coba lagi")

    with StubClient.run() as client:
        client.plug()
        screen.press()
        client.put(png())
        screen.shows("COCOK")


def test_a_reader_that_is_not_plugged_in_is_missed_and_found(screen, client, site):
    site.enrol()
    screen.open(site.ask())
    screen.shows("PEMBACA TERCABUT", "kabel USB")

    client.plug()
    screen.shows("LETAKKAN JARI")
    client.unplug()
    screen.shows("PEMBACA TERCABUT")
    client.plug()
    screen.shows("LETAKKAN JARI")
    client.put(png())
    screen.shows("COCOK")


def test_a_client_that_was_restarted_is_reached_with_its_new_credentials(screen, client, site):
    site.enrol()
    client.plug()
    screen.open(site.ask())
    screen.shows("LETAKKAN JARI")

    client.restart()
    screen.shows("KLIEN TIDAK MENJAWAB", "Jalankan ulang")
    screen.has_focus("Coba lagi")
    screen.press()
    screen.shows("LETAKKAN JARI")
    client.put(png())
    screen.shows("COCOK")


def test_an_error_of_the_reader_is_shown_with_its_number(screen, client, site):
    client.plug()
    screen.open(site.ask())
    screen.shows("LETAKKAN JARI")
    client.fail(-2147483638)

    screen.shows("PEMBACA BERMASALAH", "0x8000000a")


def test_a_reader_whose_number_changes_says_so(screen, client, site):
    client.is_volatile = True
    client.plug()
    screen.open(site.ask())

    expect(screen.page.locator("#reader")).to_contain_text("tidak dapat didaftarkan")


def test_another_reader_than_the_registered_one_is_refused_in_words(screen, client, site):
    client.plug("99999999-0000-4500-8000-000000000000")
    screen.open(site.ask())
    client.put(png())

    screen.shows("DITOLAK", "Pembaca ini bukan yang terdaftar")


def test_a_browser_that_may_not_reach_this_pc_says_so_and_goes_on_once_it_is_allowed(start, site, client):
    client.plug()
    # Chromium is told that the page comes from the internet, as it does at a TUK; then it asks before it lets it reach this PC.
    public = start(f"--ip-address-space-overrides={site.address.removeprefix('http://')}=public")
    screen = Screen(context_of(public, site).new_page(), site)
    screen.open(site.ask())
    screen.shows("PERAMBAN MENOLAK", "Izinkan")
    screen.has_focus("Coba lagi")

    screen.page.context.grant_permissions(["local-network-access"], origin=site.address)
    screen.press()
    screen.shows("LETAKKAN JARI")
    public.close()


# the finger -----------------------------------------------------------------------------------------------------------


def test_a_bad_capture_says_what_to_do_and_the_next_one_counts(screen, client, site):
    site.enrol()
    client.plug()
    screen.open(site.ask())
    screen.shows("LETAKKAN JARI")
    for code, hint in ((3, "Tekan lebih ringan"), (21, "Keringkan jari"), (99, "Bersihkan jari")):
        client.put(b"", quality=code)
        screen.shows("ULANGI", hint)
    assert site.attempts() == []

    client.put(png())
    screen.shows("COCOK")


def test_a_fake_finger_is_refused_and_recorded(screen, client, site):
    client.plug()
    request = site.ask()
    screen.open(request)
    screen.shows("LETAKKAN JARI")
    client.put(b"", quality=22)

    screen.shows("DITOLAK", "tiruan")
    assert site.attempts() == [("READER_ERROR", "NONE", READER, "FAKE_FINGER")]
    assert site.read(request)["outcome"] == "FAKE_FINGER"


def test_the_picture_of_an_earlier_finger_is_refused_and_recorded(screen, client, site):
    site.enrol()
    client.plug()
    for heading in ("COCOK", "DITOLAK"):
        request = site.ask()
        screen.open(request)
        client.put(png())
        screen.shows(heading)

    screen.shows("DITOLAK", "sama persis")
    expect(screen.page.locator("#closing")).to_contain_text("Catatan")
    assert site.take(request) is None
    assert site.refusals() == (["SAMPLE_REPLAYED"], ["DV-I10"])


def test_a_picture_of_a_wrong_colour_mode_is_an_attempt_and_the_page_says_why(screen, client, site):
    made = io.BytesIO()
    with Image.open(io.BytesIO(png())) as shown:
        shown.convert("1").save(made, "PNG")
    client.plug()
    screen.open(site.ask())
    client.put(made.getvalue())

    screen.shows("TIDAK ADA SIDIK JARI", "1 bit")
    assert site.attempts() == [("READER_ERROR", "NONE", READER, "COLOUR")]


# the request ----------------------------------------------------------------------------------------------------------


def test_a_request_that_nobody_answers_ends_with_its_reason(screen, client, site):
    request = site.ask()
    site.world.now += dt.timedelta(seconds=56)
    screen.open(request)

    screen.shows("TIDAK ADA SIDIK JARI")
    assert site.attempts() == [("READER_ERROR", "NONE", "-", "READER_UNPLUGGED")]
    assert site.read(request)["outcome"] == "READER_ERROR"


def test_the_operator_stops_a_request_by_keyboard(screen, client, site):
    client.plug()
    screen.open(site.ask())
    screen.shows("LETAKKAN JARI")
    screen.press("Tab")
    screen.has_focus("Hentikan")
    screen.press()

    screen.shows("TIDAK ADA SIDIK JARI")
    assert [reason for *_, reason in site.attempts()] == ["STOPPED"]


def test_the_page_of_another_web_session_is_not_shown(screen, site):
    other = Site(site.world, site.hands, address=site.address)
    screen.open(other.ask())

    expect(screen.page.get_by_role("heading", level=1)).to_have_text("PERMINTAAN TIDAK ADA")


def test_a_finger_that_could_not_be_sent_is_sent_again_by_keyboard(screen, client, site):
    site.enrol()
    client.plug()
    screen.open(site.ask())
    screen.page.route("**/pembaca/*", lambda route: route.abort(), times=1)
    client.put(png())

    screen.shows("SERVER TIDAK TERJANGKAU", "belum terkirim")
    screen.has_focus("Kirim lagi")
    screen.press()
    screen.shows("COCOK")


def test_a_finger_whose_acknowledgement_was_lost_is_not_sent_twice(screen, client, site):
    site.enrol()
    client.plug()
    request = site.ask()
    screen.open(request)

    def lose(route):
        route.fetch()
        route.abort()

    screen.page.route("**/pembaca/*", lose, times=1)
    client.put(png())
    screen.shows("SERVER TIDAK TERJANGKAU")
    screen.press()

    screen.shows("SUDAH SELESAI")
    assert site.refusals() == ([], [])
    assert site.read(request)["outcome"] == "MATCH"


def test_the_page_is_read_aloud_and_fits_small_screens(screen, client, site):
    client.plug()
    for width, height in ((1366, 768), (1024, 640)):
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.open(site.ask())
        screen.shows("LETAKKAN JARI")
        size = screen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [width, height]
    page = screen.page
    assert page.get_attribute("html", "lang") == "id"
    assert page.get_by_role("status").get_attribute("aria-live") == "assertive"
    assert page.get_by_role("heading", level=1).count() == 1
