"""What a page sends is held against its request: bound to a web session, answered once, in time, one small PNG (§8.2; DV-I10, DV-I12)."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import httpx
import pytest
from PIL import Image

from apps.reader_page import page
from apps.reader_page.routes import COOKIE
from apps.station_api.app import make_app
from biometrics.station.keys import ServerKeys
from biometrics.station.service import Service
from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import captures, page_captures
from tests.biometrics.stub_client.client import READER
from tests.biometrics.stub_client.site import Site, png
from tests.support.bad_pictures import BAD

# over HTTP ------------------------------------------------------------------------------------------------------------


@dataclass
class Sender:
    """A browser of one session that sends what it likes."""

    site: Site

    def __post_init__(self):
        self.http = httpx.Client(base_url=self.site.address, cookies=self.site.cookies)

    def page(self, request):
        return self.http.get(f"/pembaca/{request['request_id']}")

    def send(self, request, body=b"", *, nonce=None, reader=READER, why=None):
        headers = {"X-Posko-Nonce": nonce or request["nonce"], "X-Posko-Reader": reader}
        headers |= {} if why is None else {"X-Posko-Why": why}
        return self.http.post(f"/pembaca/{request['request_id']}", content=body, headers=headers)


@pytest.fixture
def sender(site):
    made = Sender(site)
    yield made
    made.http.close()


@pytest.mark.server
def test_a_good_picture_is_compared_and_its_proof_waits_for_the_asker(site, sender):
    site.enrol()
    request = site.ask()

    told = sender.send(request, png())

    assert (told.status_code, told.json()["outcome"], told.json()["tone"]) == (200, "MATCH", "good")
    proof = site.take(request)
    assert proof is not None
    assert (proof.is_match, proof.person_id, proof.station_code, proof.reader_serial) == (True, "100", "ST-1", READER)
    assert site.attempts() == [("MATCH", "BROWSER", READER, None)]


@pytest.mark.server
def test_the_same_picture_a_second_time_is_refused_and_recorded(site, sender):
    site.enrol()
    sender.send(site.ask(), png())
    request = site.ask()

    told = sender.send(request, png())

    assert (told.status_code, told.json()["outcome"]) == (403, "SAMPLE_REPLAYED")
    assert site.read(request)["outcome"] == "READER_ERROR"
    assert site.take(request) is None
    assert [outcome for outcome, *_ in site.attempts()] == ["MATCH", "REPLAYED"]
    assert site.refusals() == (["SAMPLE_REPLAYED"], ["DV-I10"])
    assert told.json()["sentence"].endswith(".")


@pytest.mark.server
def test_the_same_pixels_in_another_file_are_the_same_picture(site, sender):
    site.enrol()
    sender.send(site.ask(), png())
    again = io.BytesIO()
    with Image.open(io.BytesIO(png())) as shown:
        shown.save(again, "PNG", compress_level=1)
    assert again.getvalue() != png()

    assert sender.send(site.ask(), again.getvalue()).json()["outcome"] == "SAMPLE_REPLAYED"


@pytest.mark.server
def test_a_request_is_answered_once(site, sender):
    request = site.ask()
    sender.send(request, png())

    told = sender.send(request, png(2))

    assert (told.status_code, told.json()["outcome"]) == (403, "CAPTURE_USED")
    assert site.refusals() == (["CAPTURE_USED"], ["DV-I10"])
    assert len(site.attempts()) == 1


@pytest.mark.server
@pytest.mark.parametrize(
    ("other", "code"),
    [({"nonce": "0" * 32}, "CAPTURE_UNKNOWN"), ({"nonce": "é"}, "CAPTURE_UNKNOWN")],
)
def test_an_unknown_nonce_is_refused_and_leaves_the_request_open(site, sender, other, code):
    request = site.ask()
    other = {"nonce": other["nonce"].encode()} if not other["nonce"].isascii() else other

    told = sender.send(request, png(), **other)

    assert told.json()["outcome"] == code
    assert site.refusals() == ([code], ["DV-I12"])
    assert site.read(request)["state"] == "ASKED"
    assert site.attempts() == []


@pytest.mark.server
def test_an_answer_after_its_time_is_refused_and_the_page_is_over(site, sender):
    request = site.ask()
    site.world.now += dt.timedelta(seconds=60)

    assert sender.page(request).status_code == 410
    assert sender.send(request, png()).json()["outcome"] == "CAPTURE_EXPIRED"
    assert site.refusals()[0] == ["CAPTURE_EXPIRED"]
    assert site.attempts() == []


@pytest.mark.server
def test_another_web_session_sees_no_page_and_cannot_answer(site):
    request = site.ask()
    for cookies in ({COOKIE: "another" * 8}, {}):
        stranger = Sender(site)
        with stranger.http:
            stranger.http.cookies = cookies
            assert stranger.page(request).status_code == 404
            told = stranger.send(request, png())
            assert (told.status_code, told.json()["outcome"]) == (403, "CAPTURE_ELSEWHERE")

    assert site.refusals()[0] == ["CAPTURE_ELSEWHERE"] * 2
    assert set(site.refusals()[1]) == {"DV-I12"}
    assert site.read(request)["state"] == "ASKED"


@pytest.mark.server
def test_a_request_that_is_bound_to_no_web_session_is_answered_by_no_page(site, sender):
    asked = {"station_code": "ST-1", "kind": "TKI", "person_id": "100", "purpose": Purpose.ATTEND}
    request = site.world.desk(None).do(captures.ask, channel="BROWSER", **asked)

    assert sender.page(request).status_code == 404
    assert sender.send(request, png()).json()["outcome"] == "CAPTURE_ELSEWHERE"
    assert site.refusals()[0] == ["CAPTURE_ELSEWHERE"]


@pytest.mark.server
def test_a_request_for_a_station_is_no_page(site, sender):
    asked = {"station_code": "ST-1", "kind": "TKI", "person_id": "100", "purpose": Purpose.ATTEND}
    digest = page_captures.digest_of(site.session)
    request = site.world.desk(None).do(captures.ask, session_digest=digest, **asked)

    assert sender.page(request).status_code == 404
    assert sender.send(request, png()).json()["outcome"] == "CAPTURE_UNKNOWN"


@pytest.mark.server
@pytest.mark.parametrize("session", ["", "short", None, 7])
def test_nobody_asks_for_a_page_without_a_web_session(site, session):
    with pytest.raises(Refused) as refused:
        site.ask(session=session)

    assert refused.value.code == "CAPTURE_UNBOUND"
    assert site.refusals()[0] == ["CAPTURE_UNBOUND"]


@pytest.mark.server
def test_a_web_session_has_one_open_request(site, sender):
    first, second = site.ask(), site.ask()

    assert sender.page(first).status_code == 410
    assert sender.send(first, png()).json()["outcome"] == "CAPTURE_USED"
    assert sender.page(second).status_code == 200
    assert site.read(first)["outcome"] == "REPLACED"


@pytest.mark.server
@pytest.mark.parametrize("code", BAD)
def test_a_picture_that_cannot_be_used_is_an_attempt_with_its_reason(site, sender, code):
    request = site.ask()

    told = sender.send(request, BAD[code])

    assert (told.status_code, told.json()["outcome"]) == (200, "READER_ERROR")
    assert site.attempts() == [("READER_ERROR", "NONE", READER, code)]
    assert site.read(request)["outcome"] == "READER_ERROR"
    assert site.take(request) is None


@pytest.mark.server
@pytest.mark.parametrize(
    ("why", "reason"), [("READER_UNPLUGGED", "READER_UNPLUGGED"), ("<script>", "READER_FAILED"), ("", "READER_FAILED")]
)
def test_a_page_without_a_finger_says_why_and_an_unknown_reason_is_not_kept(site, sender, why, reason):
    request = site.ask()

    assert sender.send(request, why=why, reader="-").json()["outcome"] == "READER_ERROR"
    assert site.attempts() == [("READER_ERROR", "NONE", "-", reason)]


@pytest.mark.server
def test_a_fake_finger_is_refused_and_an_attempt(site, sender):
    request = site.ask()

    told = sender.send(request, why="FAKE_FINGER")

    assert (told.status_code, told.json()["outcome"]) == (403, "FAKE_FINGER")
    assert site.attempts() == [("READER_ERROR", "NONE", READER, "FAKE_FINGER")]
    assert site.read(request)["outcome"] == "FAKE_FINGER"
    assert site.refusals()[0] == ["FAKE_FINGER"]


@pytest.mark.server
def test_another_reader_than_the_registered_one_is_refused_and_recorded(site, sender):
    site.enrol()
    request = site.ask()

    assert sender.send(request, png(), reader="READER-9").json()["outcome"] == "STATION_OTHER_READER"
    assert site.refusals() == (["STATION_OTHER_READER"], ["DV-I12"])
    assert site.take(request) is None


@pytest.mark.server
def test_a_sign_in_does_not_tell_who_is_known_or_whose_finger_it_was(site, sender):
    sent = []
    for person, picture_ in (("BN1", png()), ("NOBODY", png(2)), ("AU1", png(3))):
        request = site.ask(kind="STAFF", person_id=person, purpose=Purpose.LOGIN)
        sent.append(sender.send(request, picture_).json())

    assert sent[0]["outcome"] == "SENT"
    assert sent == [sent[0]] * 3


@pytest.mark.server
def test_the_page_says_what_for_and_which_finger_but_not_whose(site, sender):
    request = site.ask()

    shown = sender.page(request)

    assert "Absensi peserta" in shown.text
    assert "telunjuk kanan" in shown.text
    assert 'data-seconds="60"' in shown.text
    assert request["request_id"] not in shown.text
    assert '"100"' not in shown.text


@pytest.mark.server
def test_every_answer_forbids_other_hosts_frames_and_keeping(site, sender):
    request = site.ask()
    answers = [sender.page(request), sender.http.get("/pembaca/x"), sender.send(request, png())]
    for answer in answers:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["connect-src"] == "'self' https://127.0.0.1:* wss://127.0.0.1:*"
        assert policy["frame-ancestors"] == "'self'"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.server
def test_the_stations_server_has_the_page_beside_its_own_addresses(site):
    keys = ServerKeys.of(site.world.settings)
    made = make_app(Service(site.world.office, site.hands.verifier, site.hands.vault, keys))

    assert {route.path for route in site.app.routes} < {route.path for route in made.routes}


@pytest.mark.server
def test_only_the_files_of_the_page_are_served(site, sender):
    for name in page.FILES:
        assert sender.http.get(f"{page.FOLDER}/{name}").status_code == 200
    for name in ("page.html", "..%2Fbrowser.py", "%2e%2e/%2e%2e/vault.py", "vendor/README.md"):
        assert sender.http.get(f"{page.FOLDER}/{name}").status_code == 404
