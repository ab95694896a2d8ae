"""Results go back over two legs, are read back and close the journey; corrections are versions (§14.3-14.5; R-164..R-170)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.services import cases, ledger, returns
from tests.support.decided import (
    EMPTY,
    acknowledge,
    decided,
    deviation,
    evaluate,
    publish,
    read_back,
    revoke,
    send_back,
)

pytestmark = pytest.mark.server


def rules(world):
    return [row for (row,) in world.ask("select rule_id from posko.deviation order by deviation_id")]


def hops(world):
    return world.ask(
        "select hop, tki_id, status, version, received_hash = row_hash from posko.handoff_line order by batch_id, tki_id"
    )


def test_both_results_go_over_two_legs_and_the_read_back_closes_the_journeys(world):
    decided(world, "1")
    decided(world, "2", result="BK")
    publish(world)

    made = world.desk(None).do(returns.make_return)
    assert made["rows"] == 2
    assert [world.status(tki) for tki in "12"] == ["SENT_TO_BNP2TKI"] * 2
    world.desk(None).do(returns.relay, return_batch_id=made["return_batch_id"])
    answer = acknowledge(world, made["return_batch_id"], read_back(world, "1"), read_back(world, "2"))

    assert answer == {"closed": 2, "different": [], "missing": []}
    assert [world.status(tki) for tki in "12"] == ["CLOSED"] * 2
    assert hops(world) == [
        (hop, tki, "LOADED", 1, 1) for hop in ("BNSP_TO_RELAY", "RELAY_TO_BNP2TKI") for tki in ("1", "2")
    ]
    assert world.value("select acknowledged_at is not null from posko.return_batch") == 1
    assert rules(world) == []


def test_when_nothing_is_published_nothing_is_sent(world):
    decided(world, "1")
    evaluate(world)

    assert world.desk(None).do(returns.make_return) == {"return_batch_id": None, "rows": 0}
    assert world.status("1") == "EVALUATED"


def test_a_revocation_goes_out_as_the_last_state(world):
    journey_id = decided(world, "1")
    publish(world)
    acknowledge(world, send_back(world), read_back(world, "1"))
    assert world.desk(None).do(returns.make_return)["rows"] == 0
    revoke(world, journey_id)

    return_id = send_back(world)

    assert world.ask("select version, certificate_status, is_last from posko.return_line order by version") == [
        (1, "VALID", 0),
        (2, "REVOKED", 1),
    ]
    assert acknowledge(world, return_id, read_back(world, "1"))["different"] == ["1"]
    assert acknowledge(world, return_id, {"1": EMPTY}) == {"closed": 1, "different": [], "missing": []}
    assert world.status("1") == "CLOSED"


def test_a_later_version_replaces_one_that_was_not_acknowledged(world):
    journey_id = decided(world, "1")
    publish(world)
    first = send_back(world)
    revoke(world, journey_id)
    second = send_back(world)

    assert acknowledge(world, second, {"1": EMPTY})["closed"] == 1
    assert world.status("1") == "CLOSED"
    assert acknowledge(world, first, {"1": EMPTY}) == {"closed": 0, "different": [], "missing": []}
    assert world.value("select count(*) from posko.return_line where acknowledged_at is null") == 0


def test_the_last_state_of_a_tki_is_that_of_her_latest_journey(world):
    first = decided(world, "1", result="BK")
    publish(world)
    acknowledge(world, send_back(world), read_back(world, "1"))
    second = decided(world, "1")
    publish(world)

    acknowledge(world, send_back(world), read_back(world, "1"))

    assert world.ask("select journey_id, is_last from posko.return_line order by journey_id") == [
        (first, 0),
        (second, 1),
    ]
    assert world.ask("select distinct status from posko.journey") == [("CLOSED",)]


def test_a_return_that_changed_on_the_way_is_not_taken_over(world):
    decided(world, "1")
    decided(world, "2")
    publish(world)
    return_id = world.desk(None).do(returns.make_return)["return_batch_id"]
    world.write("update posko.return_line set result = 'BELUM' where tki_id = '2'")

    with pytest.raises(Refused, match="berubah: 2") as refused:
        world.desk(None).do(returns.relay, return_batch_id=return_id)

    assert refused.value.rule == "DV-A11"


def test_a_leg_is_done_once(world):
    decided(world, "1")
    publish(world)
    return_id = send_back(world)

    with pytest.raises(Refused) as refused:
        world.desk(None).do(returns.relay, return_batch_id=return_id)

    assert refused.value.code == "BATCH_TAKEN_OVER"
    acknowledge(world, return_id, read_back(world, "1"))
    with pytest.raises(Refused) as complete:
        acknowledge(world, return_id, read_back(world, "1"))
    assert complete.value.code == "RETURN_COMPLETE"


def test_a_case_keeps_a_published_result_from_being_sent(world):
    journey_id = decided(world, "1")
    publish(world)
    found = deviation(world, journey_id)
    bnsp = world.desk("BN1")
    case_id = bnsp.do(cases.open_case, deviation_ids=[found], title="Putusan")
    assert world.desk(None).do(returns.make_return)["rows"] == 0
    for step in (cases.triage, cases.review, cases.dismiss):
        bnsp.do(step, case_id=case_id, note="Diperiksa")
    bnsp.do(cases.close, case_id=case_id, note="Selesai", second=world.second("SA1"))

    assert world.desk(None).do(returns.make_return)["rows"] == 1


def test_a_passed_result_without_certificate_is_not_sent(world):
    decided(world, "1")
    publish(world)
    world.write("delete from posko.certificate")

    with pytest.raises(Refused) as refused:
        world.desk(None).do(returns.make_return)

    assert (refused.value.code, refused.value.rule) == ("RESULT_DIFFERS", "DV-C06")


def test_eight_returns_at_once_send_each_result_once(world):
    for number in range(10):
        decided(world, str(number + 1))
    publish(world)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: world.desk(None).do(returns.make_return)["rows"], range(8)))

    assert sorted(answers) == [0] * 7 + [10]
    assert world.value("select count(*) from posko.return_line") == 10


def test_the_ledger_finds_nothing_on_the_two_legs_back(world):
    decided(world, "1")
    decided(world, "2")
    publish(world)
    return_id = send_back(world)
    acknowledge(world, return_id, read_back(world, "1"), read_back(world, "2", kode_lsp="LSP-9"))

    with world.admin().connect() as db:
        problems = ledger.check(db).problems

    assert [problem for problem in problems if problem.hop in {"BNSP_TO_RELAY", "RELAY_TO_BNP2TKI"}] == []


@pytest.mark.parametrize(("number", "code"), [(99, "UNKNOWN_RETURN"), ("1", "NOT_A_NUMBER"), (0, "NOT_A_NUMBER")])
@pytest.mark.parametrize("what", ["relay", "acknowledge", "read_back_from_staging"])
def test_an_unknown_return_is_refused(world, what, number, code):
    more = {"read_back": {}} if what == "acknowledge" else {}

    with pytest.raises(Refused) as refused:
        world.desk(None).do(getattr(returns, what), return_batch_id=number, **more)

    assert refused.value.code == code


def left_behind(world):
    with world.admin().connect() as db:
        return [problem.tki_id for problem in ledger.check(db).problems if problem.kind == "NOT_TAKEN_OVER"]


def test_a_first_version_that_waits_while_bnp2tki_has_a_later_one_is_not_lost(world):
    journey_id = decided(world, "1")
    publish(world)
    first = world.desk(None).do(returns.make_return)["return_batch_id"]
    revoke(world, journey_id, "SUSPENDED")
    second = send_back(world)
    assert second != first

    acknowledge(world, second, read_back(world, "1"))

    assert world.status("1") == "CLOSED"
    assert left_behind(world) == []
    world.write("update posko.handoff_line set status = 'SENT', received_hash = null where version = 2")
    assert left_behind(world) == ["1"]
