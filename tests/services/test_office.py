"""How every act is done: all or nothing, recorded, refused in words, once (R-004, R-021, DV-X01, DV-X06)."""

from __future__ import annotations

import dataclasses

import pytest

from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.domain.matrix import Command
from posko.domain.proof import Purpose, seal_of
from posko.domain.refusals import refuse
from posko.domain.status import Status
from posko.services import journeys
from posko.services.office import ACTS, act
from posko.services.proofs import second_person, use_proof

pytestmark = pytest.mark.server


@act("test.open", Command.REGISTER)
def opens(tx, *, tki_id: str):
    tx.about("tki", tki_id)
    tx.permit()
    (row,) = journeys.open_journeys(tx, [(tki_id, "TLRT")])
    return row["journey_id"]


@act("test.move", None)
def moves(tx, *, journey_id: int, to: Status, fail: bool = False):
    journeys.advance(tx, journeys.read(tx, journey_id), to)
    if fail:
        raise refuse("TEXT_EMPTY", what="Nama")


@act("test.silent", None)
def silent(tx):
    tx.db.exec_driver_sql("insert into posko.closed_day values ('2026-01-01', 'X', 'uji')")


@act("test.prove", Command.REGISTER)
def proves(tx, *, proof, tuk_code=None):
    tx.permit()
    use_proof(tx, proof, kind="TKI", person_id="100", purpose=Purpose.ATTEND, tuk_code=tuk_code)
    tx.record("tki", "100")


@act("test.two", Command.REVOKE_CERTIFICATE)
def two(tx, *, proof):
    tx.permit()
    tx.record("certificate", "1", {"second": second_person(tx, proof, Command.REVOKE_CERTIFICATE)})


@pytest.fixture(autouse=True, scope="module")
def _own_acts():
    yield
    for one in (opens, moves, silent, proves, two):
        ACTS.pop(one.meta.name, None)


def test_an_act_writes_its_row_and_its_event_together(world):
    journey_id = world.desk("KO1").do(opens, tki_id="100")

    assert world.status("100") == "SENT_TO_KONSORSIUM"
    assert world.events() == [("test.open", "journey", "100/TLRT/1")]
    assert journey_id == world.journey_id("100")


def test_a_refused_act_leaves_nothing_but_its_record(world):
    journey_id = world.desk("KO1").do(opens, tki_id="100")

    with pytest.raises(Refused, match="Nama wajib diisi") as refused:
        world.desk(None).do(moves, journey_id=journey_id, to=Status.REGISTERED, fail=True)

    assert world.status("100") == "SENT_TO_KONSORSIUM"
    assert world.events("refused") == [("test.move", "journey", "100/TLRT/1")]
    assert refused.value.reference
    assert world.value("select count(*) from posko.deviation") == 0


def test_a_jump_is_refused_and_stands_in_the_register(world):
    journey_id = world.desk("KO1").do(opens, tki_id="100")

    with pytest.raises(IllegalMove):
        world.desk(None).do(moves, journey_id=journey_id, to=Status.CERTIFIED)

    assert world.ask("select rule_id, severity, mode, tki_id, journey_id from posko.deviation") == [
        ("DV-X01", "B", "P", "100", journey_id)
    ]


def test_a_role_without_the_right_is_refused_and_logged(world):
    with pytest.raises(NotPermitted):
        world.desk("TU1").do(opens, tki_id="100")

    assert world.events("refused") == [("test.open", "tki", "100")]
    assert world.value("select count(*) from posko.journey") == 0


def test_an_act_on_behalf_is_marked_with_its_reason(world):
    world.desk("SA1", on_behalf="Konsorsium libur").do(opens, tki_id="100")

    assert world.ask(
        "select actor_id, on_behalf_of, payload like '%Konsorsium libur%' from posko_audit.audit_event"
    ) == [("SA1", "-", 1)]


def test_an_act_that_records_nothing_is_not_committed(world):
    with pytest.raises(RuntimeError, match="recorded nothing"):
        world.desk(None).do(silent)

    assert world.value("select count(*) from posko.closed_day") == 0


def test_a_double_submit_gets_the_first_answer(world):
    first = world.desk("KO1").once("form-1").do(opens, tki_id="100")

    assert world.desk("KO1").once("form-1").do(opens, tki_id="100") == first
    assert world.value("select count(*) from posko.journey") == 1


def test_a_proof_counts_once(world):
    proof = world.proof("TKI", "100", Purpose.ATTEND)
    world.desk("KO1").do(proves, proof=proof)

    with pytest.raises(Refused, match="sudah dipakai"):
        world.desk("KO1").do(proves, proof=proof)


def _forged(world):
    return dataclasses.replace(world.proof("TKI", "100", Purpose.ATTEND), score=400)


def _replayed(world):
    first = world.proof("TKI", "100", Purpose.ATTEND)
    world.desk("KO1").do(proves, proof=first)
    again = dataclasses.replace(first, proof_id="0" * 32)
    return dataclasses.replace(again, seal=seal_of(again, world.office.keys["finger-proof"]))


def _stale(world):
    made = world.proof("TKI", "100", Purpose.ATTEND)
    world.at(world.now.date(), 12)
    return made


def _early(world):
    day = world.now.date()
    world.at(day, 12)
    made = world.proof("TKI", "100", Purpose.ATTEND)
    world.at(day, 11)
    return made


def _missed(world):
    world.matcher.misses["100"] = 1
    return world.proof("TKI", "100", Purpose.ATTEND)


@pytest.mark.parametrize(
    ("made", "code", "rule"),
    [
        (lambda world: "100", "PROOF_MISSING", "DV-N01"),
        (lambda world: None, "PROOF_MISSING", "DV-N01"),
        (_forged, "PROOF_FORGED", "DV-N01"),
        (lambda world: world.proof("TKI", "101", Purpose.ATTEND), "PROOF_WRONG_PERSON", "DV-N01"),
        (lambda world: world.proof("STAFF", "100", Purpose.ATTEND), "PROOF_WRONG_PERSON", "DV-N01"),
        (lambda world: world.proof("TKI", "100", Purpose.SUBJECT_VIEW), "PROOF_WRONG_PURPOSE", "DV-N01"),
        (lambda world: world.proof("TKI", "100", Purpose.ATTEND, "ST-2"), "PROOF_WRONG_PLACE", "DV-N01"),
        (lambda world: world.proof("TKI", "100", Purpose.ATTEND, "ST-9"), "PROOF_UNKNOWN_STATION", "DV-I12"),
        (_stale, "PROOF_STALE", "DV-N01"),
        (_early, "PROOF_EARLY", "DV-S07"),
        (_replayed, "SAMPLE_REPLAYED", "DV-I10"),
        (_missed, "NO_MATCH", "DV-N01"),
    ],
)
def test_what_is_no_proof_for_this_is_refused_under_its_rule(world, made, code, rule):
    proof = made(world)

    with pytest.raises(Refused) as refused:
        world.desk("KO1").do(proves, proof=proof, tuk_code="TUK-1")

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert world.ask("select rule_id from posko.deviation") == [(rule,)]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (None, "SECOND_PERSON_MISSING"),
        ("BN1", "SECOND_PERSON_SAME"),
        ("XX9", "SECOND_PERSON_UNKNOWN"),
        ("TU1", "NotPermitted"),
    ],
)
def test_a_two_person_act_needs_another_person_with_the_right(world, who, code):
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(two, proof=who and world.second(who))

    assert refused.value.code == code


def test_a_two_person_act_is_done_by_two(world):
    world.desk("BN1").do(two, proof=world.second("SA1"))

    assert world.events() == [("test.two", "certificate", "1")]
