"""`posko run` goes on by itself behind people's gates, and a gate that fails stops it before anything is touched (§12.9-14.5)."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

import pytest

from apps import returning
from apps.hand_over import hand_over
from apps.pipeline.onward import Onward
from apps.pipeline.run import GateFailed, Pipeline
from ingest.simulator_results import acknowledge
from posko.domain.errors import ConnectionFailed, DataRefused
from posko.services import decision, distribution, evaluation, publication_stop
from tests.services.test_findings import HOLDING, finding, sync
from tests.support.assessed import assessed
from tests.support.preparation import returned
from tests.support.returning import at_source, make_site, receive_again, trained

pytestmark = pytest.mark.server
TKI = ["1", "2", "3"]


@pytest.fixture
def site(source, settings):
    return make_site(source, settings)


@pytest.fixture
def go_on(world, source, settings, site):
    """Do what goes on without a click, with its gates; return the summary."""

    def run(show_public=None, judge=None):
        pipeline = Pipeline(source.server, world.server, settings)
        try:
            return pipeline.hand_over(Onward(world.office, site, show_public, judge))
        except Exception as error:
            error.summary = pipeline.summary
            raise

    return run


@pytest.fixture
def decided(world, source, site):
    """Three results, one not competent, decided by the LSP."""
    trained(source, world, *TKI)
    session = assessed(world, TKI, failed=TKI[:1])
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")


def meet(world, *held):
    desk = world.desk("BN1")
    meeting = desk.do(evaluation.open_meeting, held_on=world.now.date(), place="Jakarta")
    desk.do(evaluation.note_participants, meeting_id=meeting, person_ids=["BN1", "LS1"])
    for tki_id in held:
        desk.do(evaluation.hold, meeting_id=meeting, journey_id=world.journey_id(tki_id), reason="Diperiksa ulang")
    return meeting


def close(world, meeting):
    world.desk("BN1").do(evaluation.close_minutes, meeting_id=meeting, minutes="Dibahas.")


def test_from_the_closed_minutes_to_the_acknowledgement_nobody_clicks(world, source, decided, go_on):
    close(world, meet(world, "3"))
    world.now += dt.timedelta(minutes=5)

    first = go_on()
    with closing(source.connect()) as connection:
        acknowledge(connection)
    receive_again(source, world)
    second = go_on()

    assert first.gates == {"results": "passed", "return": "passed"}
    assert (first.onward["published"], first.onward["returned"], first.onward["delivered"]) == (2, 2, 2)
    assert (second.onward["confirmed"], second.onward["closed"], second.onward["missing"]) == (2, 2, 0)
    assert [world.status(tki) for tki in TKI] == ["CLOSED", "CLOSED", "ON_HOLD"]
    assert second.gates == {}
    told = world.ask("select gate, outcome from posko.check_run where expectation = '*' order by check_run_id")
    assert told == [("results", "passed"), ("return", "passed")]


def test_before_the_minutes_are_closed_nothing_is_published_or_returned(world, source, decided, go_on):
    meet(world)

    done = go_on()

    assert done.gates == {}
    assert done.as_dict()["seconds"].keys() == {"distribute", "acknowledge"}
    assert [world.status(tki) for tki in TKI] == ["RESULT_SENT"] * 3
    assert at_source(source, "select count(*) from hasil_uji") == [(0,)]


def test_a_failed_gate_results_publishes_and_returns_nothing(world, source, decided, go_on):
    close(world, meet(world))
    world.write("update posko.certificate_counter set next_serial = 9")

    with pytest.raises(GateFailed, match="numbers_as_counted") as failed:
        go_on()

    assert failed.value.summary.gates == {"results": "failed"}
    assert world.value("select count(*) from posko.publication") == 0
    assert world.value("select count(*) from posko.return_batch") == 0
    assert [world.status(tki) for tki in TKI] == ["EVALUATED"] * 3
    assert world.ask("select outcome from posko.check_run where expectation = 'numbers_as_counted'") == [("failed",)]
    world.write("update posko.certificate_counter set next_serial = 3")
    assert go_on().onward["delivered"] == 3


def test_a_failed_gate_return_writes_nothing_at_bnp2tki(world, source, decided, go_on):
    close(world, meet(world))

    def alter():
        world.write("update posko.publication set result = 'BELUM' where tki_id = '3'")
        return {}

    with pytest.raises(GateFailed, match="published_as_decided"):
        go_on(alter)

    assert world.value("select count(*) from posko.return_batch") == 0
    assert at_source(source, "select count(*) from hasil_uji") == [(0,)]
    assert [world.status(tki) for tki in TKI] == ["PUBLISHED"] * 3


def test_while_publication_is_stopped_it_waits_and_the_rest_goes_on(world, decided, go_on):
    close(world, meet(world))
    world.desk("BN1").do(publication_stop.stop, reason="Diperiksa")

    assert "results" not in go_on().gates
    assert [world.status(tki) for tki in TKI] == ["EVALUATED"] * 3
    world.desk("BN1").do(publication_stop.resume, reason="Selesai")
    assert go_on().onward["published"] == 3


def test_when_bnp2tki_is_away_the_run_fails_in_words_and_the_next_goes_on(world, source, decided, go_on, monkeypatch):
    def away(*_):
        raise ConnectionFailed("Sambungan terputus.")

    close(world, meet(world))
    with monkeypatch.context() as patch:
        patch.setattr(returning, "write_results", away)
        with pytest.raises(ConnectionFailed) as failed:
            go_on()

    assert failed.value.summary.error == "Sambungan terputus."
    assert world.ask("select stage, outcome from posko.job_run order by job_run_id desc limit 1") == [
        ("return", "failed")
    ]
    assert go_on().onward["delivered"] == 3


def test_what_bnsp_found_balanced_is_distributed_by_the_next_run(world, site):
    batch = returned(world, "7", "8")
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch)
    assert checked["is_complete"]

    counts = hand_over(world.office, site)

    assert counts["forwarded"] == 2
    assert [world.status(tki) for tki in "78"] == ["DISTRIBUTED"] * 2
    assert hand_over(world.office, site)["forwarded"] == 0


def test_what_bnsp_did_not_check_stays(world, site):
    returned(world, "7")

    assert hand_over(world.office, site)["forwarded"] == 0
    assert world.status("7") == "RETURNED_TO_BNSP"


def test_the_rules_are_judged_before_anything_is_published_and_what_they_find_is_held(world, decided, go_on):
    close(world, meet(world))
    journey_id = world.journey_id("2")

    def judge():
        assert [world.status(tki) for tki in TKI] == ["EVALUATED"] * 3
        found = finding(code="2", rule_id=HOLDING, kind="tki", journey_id=journey_id)
        counts = sync(world, found, rule_id=HOLDING)
        return {"findings_new": counts["new"]}

    done = go_on(judge=judge)

    assert (done.onward["findings_new"], done.onward["published"]) == (1, 2)
    assert world.status("2") == "EVALUATED"


def test_a_rule_that_cannot_be_judged_stops_the_run_before_the_publication(world, decided, go_on):
    close(world, meet(world))

    def judge():
        raise DataRefused("1 aturan tidak dapat dinilai")

    with pytest.raises(DataRefused):
        go_on(judge=judge)

    assert [world.status(tki) for tki in TKI] == ["EVALUATED"] * 3
