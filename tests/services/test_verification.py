"""Whether a certificate is genuine: number and code, few wrong tries, no word about anybody before the verdict (§13.13, §14.3; R-166)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain import secure_code
from posko.domain.audit import Place
from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import certificate_status, certification, decision, parameters, verification
from tests.support.assessed import DECIDE_ON, assessed, sums

pytestmark = pytest.mark.server

NUMBER = "PRT.1025.2026.0000001"
NONE = "PRT.1025.2026.0000009"


@pytest.fixture
def code(world):
    """The secure code of the one certificate."""
    session = assessed(world, ["9811262"])
    world.write("update posko.candidate set full_name = 'NURUL KOMARIAH BT SATU'")
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")
    (row,) = world.desk("LS1").do(certification.certificates, session_id=session)
    return row["secure_code"]


def wrong(code):
    return f"{int(code, 16) ^ 1:06X}"


def set_from_tomorrow(world, **values):
    first = (world.now + dt.timedelta(days=1)).date()
    for name, value in values.items():
        told = {"name": name, "valid_from": first, "value": value, "reason": "Rapat", "second": world.second("BN1")}
        world.desk("SA1").do(parameters.set_parameter, **told)


def ask(world, number, code, source="203.0.113.7"):
    desk = world.office.desk(Principal(Role.PUBLIC), place=Place(ip=source))
    return desk.do(verification.verify, certificate_no=number, secure_code=code)


def test_a_genuine_pair_is_valid_and_tells_the_least(world, code):
    assert ask(world, NUMBER, code) == {
        "verdict": "VALID",
        "certificate_no": NUMBER,
        "tki_id": "9811262",
        "masked_name": "N*** K*** B*** S***",
        "scheme_code": "TLRT",
        "lsp_name": "LSP 1",
        "certified_on": "2026-03-10",
        "valid_until": "2029-03-10",
    }


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"  {code} "])
def test_how_the_code_is_typed_does_not_matter(world, code, typed):
    assert ask(world, NUMBER.lower(), typed(code))["verdict"] == "VALID"


def test_everybody_may_ask(world, code):
    for who in ("SA1", "KO1", "LS1", "LS2", "TU1", "AS1", "BN1", "AU1"):
        assert world.desk(who).do(verification.verify, certificate_no=NUMBER, secure_code=code)["verdict"] == "VALID"


def test_a_wrong_code_an_unknown_number_and_no_number_get_the_same_answer(world, code):
    answers = [ask(world, NUMBER, wrong(code)), ask(world, NONE, code), ask(world, "bukan nomor", code)]

    assert answers == [{"verdict": "UNKNOWN"}] * 3
    assert world.ask("select distinct outcome from posko_audit.audit_event where action = 'certificate.verify'") == [
        ("ok",)
    ]


def test_an_unknown_number_takes_the_same_comparison(world, code, monkeypatch):
    compared = []
    monkeypatch.setattr(
        verification,
        "is_same",
        lambda one, other: compared.append((len(one), len(other))) or secure_code.is_same(one, other),
    )

    ask(world, NUMBER, wrong(code))
    ask(world, NONE, code)

    assert compared == [(16, 16), (16, 16)]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ("status = 'SUSPENDED'", "SUSPENDED"),
        ("status = 'REVOKED'", "REVOKED"),
        ("status = 'EXPIRED'", "EXPIRED"),
    ],
)
def test_the_verdict_is_what_the_certificate_is_worth_today(world, code, change, verdict):
    world.write(f"update posko.certificate set {change}")

    assert ask(world, NUMBER, code)["verdict"] == verdict


def test_it_is_valid_to_the_end_of_its_last_day(world, code):
    world.at(dt.date(2029, 3, 10), 23, 59)
    assert ask(world, NUMBER, code)["verdict"] == "VALID"
    world.at(dt.date(2029, 3, 11), 0, 1)
    assert ask(world, NUMBER, code)["verdict"] == "EXPIRED"
    world.write("update posko.certificate set status = 'REVOKED'")
    assert ask(world, NUMBER, code)["verdict"] == "REVOKED"


@pytest.mark.parametrize(
    "alteration",
    [
        "update posko.certificate set valid_until = '2099-01-01'",
        "update posko.certificate set certified_on = '2026-01-01'",
        "update posko.decision set sk_no = 'SK-9'",
    ],
)
def test_nobody_vouches_for_a_row_that_was_altered_and_it_is_noted_once(world, code, alteration):
    world.write(alteration)

    answers = [ask(world, NUMBER, code) for _ in range(2)]

    assert answers == [{"verdict": "UNKNOWN"}] * 2
    assert world.ask("select rule_id, mode, subject_code from posko.deviation") == [("DV-C05", "D", NUMBER)]


def test_reinstated_it_is_valid_again(world, code):
    world.desk("LS1").do(certificate_status.suspend, certificate_no=NUMBER, reason="diperiksa")
    assert ask(world, NUMBER, code)["verdict"] == "SUSPENDED"
    world.desk("BN1").do(
        certificate_status.reinstate,
        certificate_no=NUMBER,
        reason="benar",
        decree_no="SK-7",
        second=world.second("SA1"),
    )

    assert ask(world, NUMBER, code)["verdict"] == "VALID"


def test_after_five_wrong_codes_a_number_is_locked_for_everybody_and_then_free_again(world, code):
    for place in range(5):
        assert ask(world, NUMBER, wrong(code), f"203.0.113.{place}") == {"verdict": "UNKNOWN"}

    with pytest.raises(Refused) as refused:
        ask(world, NUMBER, code, "198.51.100.1")
    assert refused.value.code == "TOO_MANY_TRIES"
    assert world.ask("select rule_id, mode, subject_code from posko.deviation") == [("DV-C04", "D", f"NUMBER:{NUMBER}")]

    world.at(DECIDE_ON, 9, 15)
    assert ask(world, NUMBER, code)["verdict"] == "VALID"


def test_after_twenty_wrong_tries_a_source_is_locked_and_others_are_not(world, code):
    for place in range(20):
        ask(world, f"PRT.1025.2026.{place + 100:07d}", code)

    with pytest.raises(Refused):
        ask(world, NUMBER, code)
    assert ask(world, NUMBER, code, "198.51.100.1")["verdict"] == "VALID"
    assert world.ask("select rule_id, subject_code from posko.deviation") == [("DV-C04", "SOURCE:203.0.113.7")]


def test_right_answers_lock_nobody_out(world, code):
    for _ in range(30):
        assert ask(world, NUMBER, code)["verdict"] == "VALID"


def test_a_crowd_of_guesses_at_once_gets_five_answers(world, code):
    guesses = [wrong(code)] * 31 + [code]
    guesses.sort(key=lambda guess: guess == code)

    def work(numbered):
        place, guess = numbered
        try:
            return ask(world, NUMBER, guess, f"203.0.113.{place}")["verdict"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(work, enumerate(guesses)))

    assert answers.count("UNKNOWN") == 5
    assert answers.count("TOO_MANY_TRIES") >= 26
    assert world.value("select count(*) from posko.verification_try where subject_kind = 'NUMBER'") == 5


def test_a_wrong_code_is_written_nowhere(world, code):
    tried = "ABCDEF" if code != "ABCDEF" else "ABCDEE"
    ask(world, NUMBER, tried)

    assert world.value(f"select count(*) from posko_audit.audit_event where payload like '%{tried}%'") == 0
    assert world.value(f"select count(*) from posko.verification_try where subject like '%{tried}%'") == 0


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"certificate_no": None}, "TEXT_EMPTY"),
        ({"certificate_no": ["PRT"]}, "TEXT_EMPTY"),
        ({"certificate_no": "P" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"certificate_no": "PRT\x00"}, "TEXT_CONTROL"),
        ({"certificate_no": "3603054105830001"}, "LOOKS_LIKE_NIK"),
        ({"secure_code": None}, "TEXT_EMPTY"),
        ({"secure_code": 123456}, "TEXT_EMPTY"),
        ({"secure_code": "A" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"secure_code": "A\x00"}, "TEXT_CONTROL"),
    ],
)
def test_what_is_not_typed_properly_is_refused_and_changes_nothing(world, code, asked, refusal):
    before = sums(world)

    with pytest.raises(Refused) as refused:
        world.office.desk(Principal(Role.PUBLIC)).do(
            verification.verify, **{"certificate_no": NUMBER, "secure_code": code, **asked}
        )

    assert refused.value.code == refusal
    assert sums(world) == before


def test_the_window_begins_at_a_full_quarter(world):
    at = dt.datetime.fromisoformat("2026-03-10T02:14:59.999999")

    assert verification._window(at, 15) == dt.datetime.fromisoformat("2026-03-10T02:00")
    assert verification._window(at + dt.timedelta(microseconds=1), 15) == dt.datetime.fromisoformat("2026-03-10T02:15")
    assert verification._window(at, 120) == dt.datetime.fromisoformat("2026-03-10T02:00")
    assert verification._window(at, 1440) == dt.datetime.fromisoformat("2026-03-10T00:00")


def test_the_limits_are_those_of_the_day(world, code):
    set_from_tomorrow(world, verification_tries_number=2, verification_tries_source=3, verification_window_minutes=60)
    for place in range(3):
        ask(world, NUMBER, wrong(code), f"203.0.113.{place}")
    assert ask(world, NUMBER, code)["verdict"] == "VALID"

    world.at(DECIDE_ON + dt.timedelta(days=1), 9, 10)
    for place in range(2):
        ask(world, NUMBER, wrong(code), f"203.0.113.{place}")
    with pytest.raises(Refused, match="Tunggu 60 menit"):
        ask(world, NUMBER, code, "198.51.100.1")
    for serial in range(3):
        ask(world, f"PRT.1025.2026.{serial + 100:07d}", code)
    with pytest.raises(Refused):
        ask(world, NONE, code)
    assert world.ask("select subject_code from posko.deviation order by deviation_id") == [
        (f"NUMBER:{NUMBER}",),
        ("SOURCE:203.0.113.7",),
    ]

    world.at(DECIDE_ON + dt.timedelta(days=1), 9, 59)
    with pytest.raises(Refused):
        ask(world, NUMBER, code, "198.51.100.1")
    world.at(DECIDE_ON + dt.timedelta(days=1), 10)
    assert ask(world, NUMBER, code)["verdict"] == "VALID"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verification_tries_number", 0),
        ("verification_tries_number", 101),
        ("verification_tries_source", 0),
        ("verification_tries_source", 101),
        ("verification_window_minutes", 0),
        ("verification_window_minutes", 1441),
    ],
)
def test_limits_that_lock_everybody_out_or_let_anybody_guess_are_refused(world, name, value):
    with pytest.raises(Refused) as refused:
        set_from_tomorrow(world, **{name: value})

    assert refused.value.code == "PARAMETER_RANGE"
