"""The sign-in and what stands before every page, as a browser asks: real comparisons (Gambar 1-2; R-042..R-049)."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from apps.operator.session import STATION_COOKIE
from apps.reader_page.routes import COOKIE
from posko.domain.parameters import DEFAULTS
from posko.services import sessions
from tests.support.sign_in import OWN, SECRET, gated, sign_in

pytestmark = pytest.mark.server


@pytest.fixture
def hands(world):
    world.hands.enrol("KO1", whose="staff:KO1")
    return world.hands


@pytest.fixture
def browser(world, hands):
    with gated(world.screens) as client:
        yield client


def test_the_own_finger_opens_the_pages(browser, world):
    answer = sign_in(browser)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/").text == SECRET
    with connect(stream_of(browser), additional_headers=cookie_of(browser), proxy=None) as socket:
        assert socket.recv() == SECRET
    assert world.value("select person_id from posko.login_session where ended_at is null") == "KO1"
    assert world.value("select outcome from posko.finger_attempt where purpose = 'LOGIN'") == "MATCH"


def test_whatever_is_wrong_the_answer_is_the_same(browser, world):
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'LS1'")
    wrong = (
        {"way": "demo_other"},
        {"number": "TIDAK-ADA"},
        {"number": "LS1"},
        {"number": "3603054105830001"},
        {"number": "' or 1=1 --"},
        {"number": "<script>alert(1)</script>"},
        {"station": "ST-9"},
    )

    answers = [sign_in(browser, **one) for one in wrong]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert "KO1" not in answers[0].text
    assert world.ask("select person_id from posko.login_session") == []
    assert browser.get("/").headers["location"] == "/masuk"


def test_the_token_stands_in_a_cookie_that_no_script_reads(browser):
    (token,) = [one for one in sign_in(browser).headers.get_list("set-cookie") if one.startswith(COOKIE)]

    assert "HttpOnly" in token
    assert "SameSite=lax" in token
    assert "Max-Age" not in token


@pytest.mark.parametrize(
    "path",
    ["/", "/cari", "/cari?tki=9264729", "/media/x.csv", "/_stcore/upload_file", "/_stcore/message", "/component/x"],
)
def test_nothing_answers_without_a_session(browser, path):
    answer = browser.get(path)

    assert answer.status_code in {303, 401}
    assert SECRET not in answer.text


def test_no_websocket_opens_without_a_session(browser):
    with pytest.raises(InvalidStatus, match="403"), connect(stream_of(browser), proxy=None):
        pass


def test_a_session_that_was_idle_too_long_is_over(browser, world):
    sign_in(browser)
    world.now += dt.timedelta(minutes=DEFAULTS["session_idle_minutes"].value)

    assert browser.get("/cari").headers["location"] == "/masuk"
    assert world.value("select end_reason from posko.login_session") == "IDLE"


def test_a_session_in_use_is_over_when_it_is_too_old(browser, world):
    sign_in(browser)
    for _ in range(DEFAULTS["session_hours"].value * 6):
        assert browser.get("/cari").text == SECRET
        world.now += dt.timedelta(minutes=10)

    assert browser.get("/cari").headers["location"] == "/masuk"
    assert world.value("select end_reason from posko.login_session") == "EXPIRED"


def test_a_forgotten_tab_that_asks_for_ever_fills_the_log_once(browser, world):
    sign_in(browser)
    world.now += dt.timedelta(hours=9)

    assert {browser.get("/cari").headers["location"] for _ in range(5)} == {"/masuk"}
    assert [action for action, *_ in world.events("failed")].count("session.reject") == 1


def test_signing_out_ends_the_session_in_every_tab(browser, world):
    sign_in(browser)

    desk = sessions.principal_of(world.office, browser.cookies[COOKIE], browser.cookies[STATION_COOKIE])
    desk.do(sessions.logout)

    assert browser.get("/cari").status_code == 303


def test_an_address_that_no_page_has_says_so_in_indonesian(browser):
    sign_in(browser)

    answer = browser.get("/tidak-ada")

    assert answer.status_code == 404
    assert "Alamat ini tidak ada di POSKO." in answer.text


def test_every_answer_has_the_headers(browser):
    sign_in(browser)

    for path in ("/masuk", "/", "/tidak-ada", "/sehat"):
        headers = browser.get(path).headers
        assert (
            "default-src 'none'" in headers["content-security-policy"]
            or "default-src 'self'" in headers["content-security-policy"]
        )
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_a_form_of_another_site_signs_nobody_in(browser, world):
    browser.get("/masuk")

    answer = browser.post("/masuk", data=OWN, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert world.ask("select 1 from posko.login_attempt") == []


@pytest.mark.parametrize("body", [b"", b"number=" + b"9" * 10_000, b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(50))])
def test_a_body_that_is_no_form_writes_nothing(browser, world, body):
    answer = browser.post("/masuk", content=body, headers={"content-type": "application/x-www-form-urlencoded"})

    assert answer.status_code in {200, 403}
    assert world.ask("select 1 from posko.login_attempt") == []


def test_the_form_is_labelled_and_begins_at_the_number(browser):
    class Form(HTMLParser):
        def __init__(self):
            super().__init__()
            self.labels, self.fields = set(), {}

        def handle_starttag(self, tag, attrs):
            told = dict(attrs)
            if tag == "label" and "for" in told:
                self.labels.add(told["for"])
            if tag == "input" and told.get("type") != "radio":
                self.fields[told["id"]] = told

    text = browser.get("/masuk").text
    form = Form()
    form.feed(text)

    assert set(form.fields) == form.labels == {"number", "station"}
    assert "autofocus" in form.fields["number"]
    assert '<html lang="id">' in text
    assert not re.search(r"https?://", text)


def stream_of(browser):
    return f"ws://{browser.base_url.host}:{browser.base_url.port}/_stcore/stream"


def cookie_of(browser):
    return {"Cookie": "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)}


def test_a_sign_in_leads_to_the_page_that_was_asked_for_with_its_filters(browser):
    asked = browser.get("/jadwal?jadwal_cari=BUDI%20A")
    assert (asked.status_code, asked.headers["location"]) == (303, "/masuk")

    answer = sign_in(browser)

    assert answer.headers["location"] == "/jadwal?jadwal_cari=BUDI+A"
    assert sign_in(browser).headers["location"] == "/"


def test_a_page_that_was_open_when_its_session_ended_names_itself_to_the_sign_in(browser):
    browser.get("/masuk?berakhir=1&tujuan=%2Fjadwal%3Fjadwal_bayar%3DLUNAS")

    assert browser.post("/masuk", data=OWN).headers["location"] == "/jadwal?jadwal_bayar=LUNAS"


def test_a_page_of_another_role_is_no_destination(browser):
    browser.get("/absensi?x=1")

    assert sign_in(browser).headers["location"] == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/jadwal",
        "//example.org/jadwal",
        "/\\example.org",
        "/tidak-ada",
        "/masuk",
        "/media/geheim",
        "/jadwal?x=%0d%0aSet-Cookie:a=b",
        "/jadwal?x=" + "a" * 2000,
        "javascript:alert(1)",
        "",
    ],
)
def test_nothing_but_a_page_of_ours_is_a_destination(browser, wanted):
    browser.get("/masuk", params={"tujuan": wanted})

    answer = browser.post("/masuk", data=OWN)

    assert answer.headers["location"] == "/"
    assert "example" not in str(answer.headers)
