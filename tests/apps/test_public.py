"""What strangers reach: verdict before person, one answer for whatever is not known, few tries, nothing written (§14.3; R-160, R-166)."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from contextlib import closing

import pymysql
import pytest

from apps.public.certificates import Certificates
from apps.public_app import FLOOR, Public, make_app
from exports import certificate_claim
from exports.certificate_claim import Claim
from exports.certificate_keys import Signer
from posko.domain.errors import ConnectionFailed
from posko.services import certificate_status, certification, decision
from tests.support.assessed import assessed
from tests.support.certificates import KEYS, SIGNER, STATUS_LIST
from tests.support.served import served

pytestmark = pytest.mark.server
NUMBER, NONE = "PRT.1025.2026.0000001", "PRT.1025.2026.0000009"
PERSON = ("9811262", "N***", "LSP 1", "10 Maret 2026")


@pytest.fixture
def code(world):
    """The secure code of the one certificate."""
    session = assessed(world, ["9811262"])
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")
    (row,) = world.desk("LS1").do(certification.certificates, session_id=session)
    return row["secure_code"]


@pytest.fixture
def public(world, tmp_path):
    key = world.office.keys["secure-code-digest"]
    made = Public(
        Certificates(world.server, key, KEYS), tmp_path / "aktif", ("127.0.0.1",), 1000, clock=lambda: world.now
    )
    yield made
    made.pool.shutdown()


@pytest.fixture
def client(public):
    with served(make_app(public)) as made:
        yield made


def wrong(code):
    return f"{int(code, 16) ^ 1:06X}"


def ask(client, number, code, source="203.0.113.7"):
    return client.post("/verifikasi", data={"nomor": number, "kode": code}, headers={"X-Forwarded-For": source})


def qr(signer=SIGNER, **other):
    told = {
        "certificate_no": NUMBER, "tki_id": "9811262", "full_name": "TKI 9811262", "scheme_code": "TLRT", "lsp_code": "LSP-1",
        "certified_on": dt.date(2026, 3, 10), "valid_until": dt.date(2029, 3, 10), "status_list": STATUS_LIST,
    }  # fmt: skip
    return certificate_claim.write(Claim(**{**told, **other}), signer)


def test_a_genuine_pair_is_valid_and_the_verdict_stands_before_the_person(client, code):
    answer = ask(client, f" {NUMBER.lower()} ", f" {code.lower()}")

    assert answer.status_code == 200
    verdict = answer.text.index("SAH")
    assert all(answer.text.index(word) > verdict for word in (NUMBER + "<", "9811262", "T***", "10 Maret 2029"))
    assert not re.search(r"\b1983\b", answer.text)
    assert code not in answer.text


def test_an_unknown_number_a_wrong_code_and_no_number_get_one_answer(client, code):
    answers = [
        ask(client, NUMBER, wrong(code)),
        ask(client, NONE, code),
        ask(client, "<script>alert(1)</script>", "x'--"),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert "TIDAK DIKENAL" in answers[0].text
    assert not [word for word in PERSON if word in answers[0].text]


def test_no_answer_comes_sooner_than_another(client, code):
    seconds = []
    for number, given in ((NUMBER, code), (NUMBER, wrong(code)), (NONE, code)):
        began = time.monotonic()
        ask(client, number, given)
        seconds.append(time.monotonic() - began)

    assert min(seconds) >= FLOOR


@pytest.mark.parametrize(("status", "words"), [("suspend", "SEDANG DITANGGUHKAN"), ("revoke", "SUDAH DICABUT")])
def test_suspended_and_revoked_are_told_first(world, client, code, status, words):
    second = {} if status == "suspend" else {"second": world.second("BN2"), "decree_no": "SK-9"}
    world.desk("BN1").do(getattr(certificate_status, status), certificate_no=NUMBER, reason="Laporan", **second)

    answer = ask(client, NUMBER, code)

    assert answer.text.index(words) < answer.text.index("9811262")
    assert "SAH<" not in answer.text
    assert words in client.post("/verifikasi", data={"qr": qr()}).text


def test_after_its_last_day_it_is_told_as_expired(world, client, code):
    world.at(dt.date(2029, 3, 10))
    assert "SAH<" in ask(client, NUMBER, code).text

    world.at(dt.date(2029, 3, 11))
    assert "MASA BERLAKU HABIS" in ask(client, NUMBER, code).text


def test_nobody_vouches_for_a_row_that_was_altered(world, client, code):
    world.write("update posko.certificate set valid_until = '2039-03-10'")

    assert ask(client, NUMBER, code).content == ask(client, NONE, code).content


def test_a_signed_code_is_answered_by_the_row_and_a_forged_one_like_any_unknown(client, code):
    genuine = client.post("/verifikasi", data={"qr": f" {qr()}\n"})
    unknown = ask(client, NONE, code)
    forged = [
        qr(Signer(b"1" * 32)),
        qr(tki_id="1"),
        qr(certificate_no=NONE),
        qr(valid_until=dt.date(2039, 3, 10)),
        "POSKO1:",
        "x" * 4000,
    ]

    assert genuine.text.index("SAH") < genuine.text.index("9811262")
    assert {client.post("/verifikasi", data={"qr": text}).content for text in forged} == {unknown.content}


def test_after_five_wrong_codes_a_number_is_locked_whoever_asks_and_a_right_one_locks_nobody(client, code):
    for _ in range(10):
        assert ask(client, NUMBER, code).status_code == 200

    answers = [ask(client, NUMBER, wrong(code), f"203.0.113.{place}").status_code for place in range(7)]

    assert answers == [200] * 5 + [429] * 2
    assert ask(client, NUMBER, code).status_code == 429
    assert ask(client, NONE, code).status_code == 200
    assert client.post("/verifikasi", data={"qr": qr()}).status_code == 200


def test_after_twenty_wrong_tries_a_place_is_locked_and_others_are_not(client, code):
    answers = [ask(client, f"PRT.1025.2026.{place:07d}", "000000").status_code for place in range(100, 122)]

    assert answers == [200] * 20 + [429] * 2
    assert ask(client, NUMBER, code).status_code == 429
    assert ask(client, NUMBER, code, "203.0.113.8").status_code == 200


def test_the_limits_are_those_that_bnsp_has_set(world, client, code):
    world.write(
        "insert into posko.parameter values ('verification_tries_number', '2026-03-01', '2', 'Rapat', 'SA1', 'BN1', '2026-03-01')"
    )

    assert [ask(client, NUMBER, wrong(code)).status_code for _ in range(3)] == [200, 200, 429]


def test_so_many_requests_a_minute_come_from_one_place(public, client):
    public.asked.size = 3

    answers = [ask(client, NONE, "000000") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"nomor": NUMBER}, 400),
        ({"kode": "C680C6"}, 400),
        ({"nomor": "  ", "kode": "  "}, 400),
        ({"nomor": "1\x00", "kode": "\x1b[2J"}, 200),
        ({"nomor": "' or 1=1 --", "kode": "' or 1=1 --"}, 200),
        ({"nomor": "9" * 3000, "kode": "9" * 3000}, 200),
        ({"qr": "x" * 20_000}, 413),
        ({str(place): "1" for place in range(50)}, 413),
    ],
)
def test_whatever_is_typed_gets_a_sentence_and_is_shown_to_nobody(client, code, given, status):
    answer = client.post("/verifikasi", data=given)

    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert not [value for value in given.values() if len(value) > 3 and value != NUMBER and value in answer.text]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"nomor=%FF%FE&kode=1", b"{}"])
def test_what_is_no_form_gets_a_sentence_too(client, code, body):
    assert client.post("/verifikasi", content=body).status_code in {400, 413}


def test_the_log_holds_nothing_that_was_typed_and_nothing_is_written(world, client, code, caplog):
    events = world.value("select count(*) from posko_audit.audit_event")
    with caplog.at_level(logging.INFO, logger="posko.public"):
        ask(client, NUMBER, code)
        client.get(f"/verifikasi?nomor={NUMBER}&kode={code}")
        client.get(f"/{code}")
        client.post("/hasil", data={"id_tki": "9811262", "tanggal_lahir": "1983-05-01"})

    ours = [line for line in caplog.records if line.name == "posko.public"]
    assert [line.getMessage().rsplit(" ", 2)[0] for line in ours] == [
        "POST /verifikasi 200", "GET /verifikasi 200", "GET - 404", "POST /hasil 200",
    ]  # fmt: skip
    assert world.value("select count(*) from posko_audit.audit_event") == events
    assert world.value("select count(*) from posko.verification_try") == 0


def test_every_answer_has_the_policy_and_no_other_host(client, code):
    answers = [client.get("/"), client.get("/verifikasi"), client.get("/tidak-ada"), ask(client, NUMBER, code)]

    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "//" not in answer.text.replace("<!doctype", "")
        assert 'lang="id"' in answer.text


def test_its_account_sees_two_views_and_nothing_below_them(world, code):
    with closing(world.server.connect("posko_public", "posko")) as raw, raw.cursor() as cursor:
        assert cursor.execute("select * from posko.public_certificate") == 1
        columns = {column[0] for column in cursor.description}
        for sql in (
            "select * from posko.certificate",
            "select * from posko.candidate",
            "delete from posko.public_certificate",
        ):
            with pytest.raises(pymysql.err.OperationalError):
                cursor.execute(sql)

    assert not columns & {"full_name", "born_on", "address", "phone", "email", "secure_code_cipher", "birth_place"}


def test_when_the_database_is_away_it_says_so_and_takes_no_try(public, client, code, monkeypatch):
    def away(*_given):
        raise ConnectionFailed("tidak menjawab")

    ask(client, NUMBER, code)
    monkeypatch.setattr(public.certificates, "_row", away)
    answers = [ask(client, NUMBER, wrong(code)).status_code for _ in range(7)]
    monkeypatch.undo()

    assert answers == [503] * 7
    assert "SAH<" in ask(client, NUMBER, code).text


def test_a_connection_that_was_cut_is_opened_anew(world, client, code):
    assert "SAH<" in ask(client, NUMBER, code).text
    with closing(world.server.connect(world.server.admin, "mysql", autocommit=True)) as raw, raw.cursor() as cursor:
        cursor.execute("select id from information_schema.processlist where user = 'posko_public'")
        for (number,) in cursor.fetchall():
            cursor.execute(f"kill {number}")

    assert "SAH<" in ask(client, NUMBER, code).text
