"""The LSP decides who passed; all the rest follows in the same transaction (§13.9-13.14; R-135..R-141, DV-N05, DV-N06)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.domain.status import Status
from posko.services import decision, journeys
from posko.services.office import ACTS, act
from tests.support.assessed import SK, assessed, decide, ids, sums

pytestmark = pytest.mark.server


def test_who_passed_is_certified_in_the_order_of_the_id_and_who_failed_is_not(world):
    session = assessed(world, ["9812104", "9811262", "987", "9817548"], failed=["9812104"])

    done = decide(world, session)

    assert done == {
        "decided": 4,
        "certified": [
            {"tki_id": "987", "certificate_no": "PRT.1025.2026.0000001"},
            {"tki_id": "9811262", "certificate_no": "PRT.1025.2026.0000002"},
            {"tki_id": "9817548", "certificate_no": "PRT.1025.2026.0000003"},
        ],
        "not_passed": 1,
        "batch_id": 1,
    }
    assert world.ask(
        "select result, asesor_result, sk_no, decided_by, reason from posko.decision order by journey_id"
    ) == [
        ("BK", "BK", SK, "LS1", None),
        *[("K", "K", SK, "LS1", None)] * 3,
    ]
    assert {world.status(tki_id) for tki_id in ("9812104", "9811262", "987", "9817548")} == {"RESULT_SENT"}


def test_each_journey_goes_through_every_state_of_the_flow(world):
    session = assessed(world, ["100", "101"], failed=["101"])

    decide(world, session)

    for tki_id, end in (("100", "CERTIFIED"), ("101", "NOT_PASSED")):
        moves = world.ask(
            "select payload from posko_audit.audit_event where entity_key = :key order by event_id",
            key=f"{tki_id}/TLRT/1",
        )
        assert [json.loads(payload)["to"] for (payload,) in moves] == ["DECIDED", end, "RESULT_SENT"]


def test_without_an_exception_nothing_is_a_deviation(world):
    decide(world, assessed(world, ids(3)))

    assert world.value("select count(*) from posko.deviation") == 0


@pytest.mark.parametrize(("asesor", "lsp", "certified"), [("BK", "K", 1), ("K", "BK", 0)])
def test_the_lsp_deviates_with_a_reason_and_it_stands_in_the_register(world, asesor, lsp, certified):
    session = assessed(world, ["100"], failed=["100"] if asesor == "BK" else [])
    journey = world.journey_id("100")

    done = decide(world, session, results={journey: lsp}, reasons={journey: "Bukti tambahan dinilai ulang"})

    assert len(done["certified"]) == certified
    assert world.ask("select result, asesor_result, reason from posko.decision") == [
        (lsp, asesor, "Bukti tambahan dinilai ulang")
    ]
    assert world.ask(
        "select rule_id, severity, mode, tki_id, journey_id, session_id, audit_event is not null from posko.deviation"
    ) == [("DV-N05", "H", "P", "100", journey, session, 1)]


def test_a_result_that_repeats_the_assessors_needs_no_reason(world):
    session = assessed(world, ["100", "101"], failed=["101"])

    done = decide(world, session, results={world.journey_id("100"): "K", world.journey_id("101"): "BK"})

    assert (done["decided"], done["not_passed"]) == (2, 1)
    assert world.value("select count(*) from posko.deviation") == 0


def test_a_later_correction_of_the_assessor_counts(world):
    session = assessed(world, ["100"], failed=["100"])
    journey = world.journey_id("100")
    world.write(
        "insert into posko.assessment (session_id, journey_id, version, met_no, result, proof_id, reason, assessed_at, assessed_by)"
        " select session_id, journey_id, 2, met_no, 'K', proof_id, 'salah tekan', assessed_at, assessed_by"
        " from posko.assessment where journey_id = :id",
        id=journey,
    )

    assert len(decide(world, session)["certified"]) == 1


def test_a_deviation_without_a_reason_is_refused_under_its_rule(world):
    session = assessed(world, ["100"], failed=["100"])
    before = sums(world)

    with pytest.raises(Refused) as refused:
        decide(world, session, results={world.journey_id("100"): "K"})

    assert (refused.value.code, refused.value.rule) == ("DEVIATION_WITHOUT_REASON", "DV-N05")
    assert world.ask("select rule_id, tki_id from posko.deviation") == [("DV-N05", "100")]
    assert sums(world) == before


@pytest.mark.parametrize("part", ["TUK", "ASESOR", "KONSORSIUM"])
def test_who_had_another_part_for_one_of_them_may_not_decide(world, part):
    session = assessed(world, ids(3))
    world.write(
        "insert into posko.part_held values (:id, 'SA1', :part, '2026-03-09')",
        id=world.journey_id("9000002"),
        part=part,
    )
    before = sums(world)

    with pytest.raises(Refused) as refused:
        world.desk("SA1", on_behalf="LSP berhalangan").do(decision.decide, session_id=session, sk_no=SK)

    assert (refused.value.code, refused.value.rule) == ("TWO_PARTS", "DV-N06")
    assert sums(world) == before


def test_a_super_administrator_decides_on_behalf_only_with_a_reason(world):
    session = assessed(world, ids(2))
    with pytest.raises(NotPermitted):
        decide(world, session, who="SA1")

    world.desk("SA1", on_behalf="LSP berhalangan").do(decision.decide, session_id=session, sk_no=SK)

    assert world.ask("select distinct actor_id, on_behalf_of from posko_audit.audit_event where outcome = 'ok'") == [
        ("SA1", "LSP-1")
    ]


@pytest.mark.parametrize("who", ["LS2", "KO1", "TU1", "AS1", "BN1", "AU1"])
def test_nobody_but_the_sessions_own_lsp_decides(world, who):
    session = assessed(world, ids(2))
    before = sums(world)

    with pytest.raises(NotPermitted):
        decide(world, session, who=who)

    assert sums(world) == before


def test_an_unknown_session_is_answered_like_anothers(world):
    with pytest.raises(NotPermitted) as unknown:
        decide(world, 999)
    session = assessed(world, ids(1), lsp="LSP-2")
    with pytest.raises(NotPermitted) as others:
        decide(world, session)

    assert str(unknown.value) == str(others.value)


def test_while_the_payment_gate_is_on_who_has_not_paid_is_not_certified(world):
    session = assessed(world, ["100", "101"], failed=["101"])
    world.write("update posko.candidate set payment_status = 'BELUM'")
    world.write(
        "insert into posko.parameter values ('payment_gate', '2026-01-01', '1', 'uji', 'SA1', 'BN1', '2026-01-01')"
    )

    with pytest.raises(Refused) as refused:
        decide(world, session)
    world.write("update posko.candidate set payment_status = 'LUNAS' where tki_id = '100'")

    assert (refused.value.code, refused.value.rule) == ("NOT_PAID", "DV-A13")
    assert decide(world, session)["decided"] == 2


def test_one_sk_may_cover_several_sessions_and_their_numbers_run_on(world):
    first, second = assessed(world, ids(2)), assessed(world, ids(2, 9_100_001))

    decide(world, second)
    done = decide(world, first)

    assert [row["certificate_no"][-1] for row in done["certified"]] == ["3", "4"]


def test_the_same_decision_sent_again_gets_the_first_answer(world):
    session = assessed(world, ids(3))

    first = world.desk("LS1").once("form-1").do(decision.decide, session_id=session, sk_no=SK)
    again = world.desk("LS1").once("form-1").do(decision.decide, session_id=session, sk_no=SK)

    assert again == first
    assert world.value("select count(*) from posko.certificate") == 3


def test_of_eight_decisions_about_one_session_at_once_one_counts(world):
    session = assessed(world, ids(20))

    def try_it(_):
        try:
            return decide(world, session)["decided"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(try_it, range(8)))

    assert sorted(map(str, answers)) == ["20", *["ALREADY_DECIDED"] * 7]
    assert world.ask("select count(*), max(right(certificate_no, 7)) from posko.certificate") == [(20, "0000020")]


def test_who_has_begun_another_attempt_is_not_decided_with_the_old_session(world):
    session = assessed(world, ids(3))
    world.write("update posko.journey set attempt_no = 2 where tki_id = '9000002'")

    assert decide(world, session)["decided"] == 2
    assert world.status("9000002") == "ASSESSED"


def test_a_certificate_cannot_be_reached_without_the_decision(world):
    assessed(world, ["100"])

    @act("test.jump", None)
    def jump(tx):
        journeys.advance(tx, journeys.read(tx, world.journey_id("100")), Status.CERTIFIED)

    try:
        with pytest.raises(IllegalMove):
            world.desk(None).do(jump)
    finally:
        del ACTS["test.jump"]
