"""Numbers and secure codes are made by the system, in the decision's transaction, without gap or double (§13.11-13.13; R-136..R-140)."""

from __future__ import annotations

import datetime as dt
import inspect
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.refusals import refuse
from posko.domain.secure_code import digest_of, is_code
from posko.services import certification, decision
from posko.services.office import ACTS, act
from tests.support.assessed import assessed, ids, sums

pytestmark = pytest.mark.server

SK = "SK-1"
GAMBAR_12 = {
    "9811262": "PRT.1025.2012.4538766",
    "9812104": "PRT.1025.2012.4538767",
    "9812651": "PRT.1025.2012.4538768",
    "9817548": "PRT.1025.2012.4538769",
}


@act("test.decide_and_fail", None)
def decide_and_fail(tx, *, session_id: int):
    tx.meta = decision.decide.meta
    decision.decide(tx, session_id=session_id, sk_no=SK)
    raise refuse("LIST_EMPTY", what="Uji")


@pytest.fixture(autouse=True, scope="module")
def _own_acts():
    yield
    ACTS.pop("test.decide_and_fail", None)


def decide(world, session_id, who="LS1", **more):
    return world.desk(who).do(decision.decide, session_id=session_id, sk_no=SK, **more)


def counter(world, serial, year=2026):
    world.write(
        "insert into posko.certificate_counter values ('PRT', '1025', :year, :serial)"
        " on duplicate key update next_serial = :serial",
        year=year,
        serial=serial,
    )


def test_the_certificates_of_gambar_12_get_their_numbers(world):
    session = assessed(world, list(reversed(GAMBAR_12)))
    world.at(dt.date(2012, 6, 6))
    counter(world, 4538766, 2012)

    decide(world, session)
    shown = world.desk("LS1").do(certification.certificates, session_id=session)

    assert {row["tki_id"]: row["certificate_no"] for row in shown} == GAMBAR_12
    assert [list(row)[:5] for row in shown[:1]] == [
        ["tki_id", "full_name", "certified_on", "certificate_no", "secure_code"]
    ]
    assert {row["certified_on"] for row in shown} == {"2012-06-06"}
    assert all(is_code(row["secure_code"]) for row in shown)


def test_the_certificates_day_is_the_local_one_and_a_leap_day_ends_on_the_28th(world):
    session = assessed(world, ids(1))
    world.now = dt.datetime.fromisoformat("2028-02-28T20:00")  # 29 February, 03:00 in western Indonesia

    decide(world, session)

    assert world.ask("select certified_on, valid_until from posko.certificate") == [
        (dt.date(2028, 2, 29), dt.date(2031, 2, 28))
    ]


def test_each_year_counts_on_its_own(world):
    first, second = assessed(world, ids(2)), assessed(world, ids(1, 9_100_001))
    decide(world, first)
    world.now = dt.datetime.fromisoformat("2026-12-31T17:00")  # the first minute of 2027 in western Indonesia
    decide(world, second)

    assert world.ask("select certificate_no from posko.certificate order by certificate_no") == [
        ("PRT.1025.2026.0000001",),
        ("PRT.1025.2026.0000002",),
        ("PRT.1025.2027.0000001",),
    ]


def test_a_decision_that_fails_at_its_end_leaves_no_gap(world):
    first, second = assessed(world, ids(3)), assessed(world, ids(2, 9_100_001))
    before = sums(world)

    with pytest.raises(Refused):
        world.office.desk(world.principal("LS1")).do(decide_and_fail, session_id=first)
    assert sums(world) == before
    decide(world, second)

    assert world.ask("select max(certificate_no), count(*) from posko.certificate") == [("PRT.1025.2026.0000002", 2)]


def test_thirty_two_writers_with_rollbacks_leave_no_gap_and_no_double(world):
    sessions = [assessed(world, ids(5, 9_100_000 + 100 * place)) for place in range(64)]
    draws = random.Random(1)
    fails = {session: draws.random() < 0.2 for session in sessions}

    def work(session):
        if fails[session]:
            with pytest.raises(Refused):
                world.office.desk(world.principal("LS1")).do(decide_and_fail, session_id=session)
        return decide(world, session)["certified"]

    with ThreadPoolExecutor(32) as pool:
        made = [row["certificate_no"] for part in pool.map(work, sessions) for row in part]

    assert sorted(int(number[-7:]) for number in made) == list(range(1, 321))
    assert world.ask("select count(*), count(distinct secure_code_digest) from posko.certificate") == [(320, 320)]


def test_a_counter_that_was_set_back_gives_no_number_twice(world):
    decide(world, assessed(world, ids(3)))
    counter(world, 2)
    session = assessed(world, ids(3, 9_100_001))
    before = sums(world)

    with pytest.raises(Refused) as refused:
        decide(world, session)

    assert (refused.value.code, refused.value.rule) == ("NUMBER_TAKEN", "DV-C01")
    assert sums(world) == before


def test_a_second_certificate_in_force_is_refused_and_names_the_tki(world):
    decide(world, assessed(world, ["100"]))
    world.write("update posko.journey set status = 'CLOSED'")
    session = assessed(world, ["99", "100", "101"])
    before = sums(world)

    with pytest.raises(Refused, match="100") as refused:
        decide(world, session)

    assert (refused.value.code, refused.value.rule) == ("CERTIFICATE_IN_FORCE", "DV-C02")
    assert world.ask("select rule_id, tki_id from posko.deviation") == [("DV-C02", "100")]
    assert sums(world) == before


@pytest.mark.parametrize("change", ["status = 'REVOKED'", "valid_until = '2026-03-09'"])
def test_after_a_revocation_or_its_last_day_a_new_certificate_may_follow(world, change):
    decide(world, assessed(world, ["100"]))
    world.write(f"update posko.certificate set {change}")
    world.write("update posko.journey set status = 'CLOSED'")

    decide(world, assessed(world, ["100"]))

    assert world.ask("select status from posko.certificate order by certificate_no")[0][0] in {"REVOKED", "EXPIRED"}
    assert world.ask("select status, certificate_no from posko.certificate order by certificate_no")[1] == (
        "VALID",
        "PRT.1025.2026.0000002",
    )


def test_when_the_numbers_of_a_year_are_used_up_nothing_is_decided(world):
    counter(world, 9_999_999)
    session = assessed(world, ids(2))
    before = sums(world)

    with pytest.raises(Refused) as refused:
        decide(world, session)
    assert refused.value.code == "NUMBERS_EXHAUSTED"
    assert sums(world) == before

    decide(world, assessed(world, ids(1, 9_100_001)))
    assert world.value("select certificate_no from posko.certificate") == "PRT.1025.2026.9999999"


def test_a_scheme_without_a_series_gets_no_certificate(world):
    session = assessed(world, ids(2))
    world.write("update posko.exam_session set scheme_code = 'LAIN'")

    with pytest.raises(Refused) as refused:
        decide(world, session)

    assert refused.value.code == "SCHEME_WITHOUT_NUMBER"


def test_the_code_is_stored_only_as_digest_and_encrypted(world):
    session = assessed(world, ids(2))
    decide(world, session)
    shown = world.desk("LS1").do(certification.certificates, session_id=session)

    for row in shown:
        digest, cipher = world.ask(
            "select secure_code_digest, secure_code_cipher from posko.certificate where certificate_no = :number",
            number=row["certificate_no"],
        )[0]
        assert digest == digest_of(world.office.keys["secure-code-digest"], row["secure_code"])
        assert row["secure_code"].encode() not in cipher
        assert (
            world.value(
                "select count(*) from posko_audit.audit_event where payload like :code", code=f"%{row['secure_code']}%"
            )
            == 0
        )


def test_every_role_sees_what_its_cell_says(world):
    session = assessed(world, ids(2))
    decide(world, session)

    for who in ("LS1", "BN1", "SA1"):
        assert is_code(world.desk(who).do(certification.certificates, session_id=session)[0]["secure_code"])
    masked = world.desk("AU1").do(certification.certificates, lsp_code="LSP-1")
    assert {row["secure_code"] for row in masked} == {certification.MASK}
    for who in ("LS2", "KO1", "TU1", "AS1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(certification.certificates, session_id=session)
    assert world.value("select count(*) from posko_audit.audit_event where action = 'certification.list'") == 8


def test_a_row_that_was_altered_is_marked_and_noted_once(world):
    session = assessed(world, ids(3))
    decide(world, session)
    world.write("update posko.certificate set valid_until = '2099-01-01' where tki_id = '9000001'")
    world.write("update posko.certificate set secure_code_cipher = 'x' where tki_id = '9000002'")

    for _ in range(2):
        shown = world.desk("LS1").do(certification.certificates, session_id=session)
        assert [row["is_altered"] for row in shown] == [True, True, False]
        assert shown[1]["secure_code"] == certification.UNREADABLE
    assert world.ask("select rule_id, tki_id from posko.deviation order by tki_id") == [
        ("DV-C05", "9000001"),
        ("DV-C05", "9000002"),
    ]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "CHOOSE_LIST"),
        ({"session_id": 1, "lsp_code": "LSP-1"}, "CHOOSE_LIST"),
        ({"session_id": "1"}, "NOT_A_NUMBER"),
        ({"session_id": 999}, "UNKNOWN_SESSION"),
        ({"lsp_code": ""}, "TEXT_EMPTY"),
        ({"lsp_code": "L" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"lsp_code": "\x00"}, "TEXT_CONTROL"),
    ],
)
def test_a_list_that_is_not_well_named_is_refused(world, asked, code):
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(certification.certificates, **asked)

    assert refused.value.code == code


def test_no_act_and_no_argument_takes_a_number_or_a_code():
    made = {"certificate_no", "secure_code", "serial", "number"}
    for name, meta in ACTS.items():
        assert meta.command is None or meta.command.value != "NUMBER", name
    assert not made & set(inspect.signature(decision.decide).parameters)
    assert not hasattr(certification.issue, "meta")
