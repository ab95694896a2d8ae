"""Everybody whom BNP2TKI delivered stands in exactly one state; what is on its way is no problem (R-001, R-182; requirements 8.3 no. 1)."""

from __future__ import annotations

import threading

import pytest

from posko.db.snapshot import snapshot
from posko.domain.errors import NotPermitted
from posko.domain.status import Status
from posko.services import as_of, ledger, ledger_rules, ledger_totals
from tests.support import way

pytestmark = pytest.mark.server


def check(world):
    engine = world.server.engine("posko_export", "posko")
    with snapshot(engine) as db:
        report = ledger.check(db)
    engine.dispose()
    return report


def test_a_batch_in_transit_waits_and_is_no_problem(world):
    world.add_tki("100")
    way.to_konsorsium(world, "100")
    batch_id = way.allocate(world)

    report = check(world)

    assert report.problems == []
    assert [row["batch_id"] for row in report.waiting] == [batch_id]
    (hop,) = [hop for hop in report.hops if hop.hop == "KONSORSIUM_TO_BNSP"]
    assert (hop.sent, hop.received, hop.in_transit) == (1, 0, 1)


def test_everybody_who_was_delivered_is_in_exactly_one_state(world):
    world.add_tki("100")
    world.add_tki("101", eligible=False)
    world.add_tki("102")
    world.write("delete from posko_model.fct_tki_eligible where tki_id = '102'")
    world.add_tki("103")
    world.write("update posko_staging.tki_tlrt set first_batch_id = 2 where id_tki = '103'")
    world.write("delete from posko_model.fct_tki_eligible where tki_id = '103'")
    world.write(
        "insert into posko_staging.quarantine (batch_id, reasons, row_as_sent, key_crc, row_crc, first_seen_at)"
        " values (1, 'X', '{}', 1, 1, utc_timestamp()), (2, 'X', '{}', 2, 2, utc_timestamp())"
    )
    world.write("update posko_staging.quarantine set resolved_at = utc_timestamp() where key_crc = 2")

    report = check(world)

    assert dict(report.totals.counts) == {
        (1, "ELIGIBLE"): 1,
        (1, "HELD_BACK"): 1,
        (1, "UNEXPLAINED"): 1,
        (1, "QUARANTINED"): 1,
        (2, "RECEIVED"): 1,
    }
    assert report.named == ["102"]
    assert report.totals.unexplained == 1


def test_before_the_first_run_of_the_filter_everybody_is_received(world):
    world.add_tki("100")
    world.write("drop table posko_model.fct_tki_eligible")

    assert check(world).totals.by_state == {"RECEIVED": 1}


def test_acts_that_are_committed_meanwhile_do_not_look_like_mistakes(world):
    checked, is_over = [], threading.Event()

    def watch():
        engine = world.server.engine("posko_export", "posko")
        while not is_over.is_set():
            with snapshot(engine) as db:
                checked.append((ledger.check(db).problems, as_of.compare_with_tables(db)))
        engine.dispose()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        way.whole_way(world, {str(number): "BK" if number % 5 == 0 else "K" for number in range(100, 130)})
    finally:
        is_over.set()
        watcher.join()

    assert len(checked) > 2
    assert [found for found in checked if found != ([], [])] == []


def test_looking_at_the_ledger_leaves_an_event_and_needs_the_right(world):
    seen = world.desk("AU1").do(ledger.look)

    assert seen["clean"] is True
    assert world.events()[-1] == ("ledger.check", "ledger", "*")
    with pytest.raises(NotPermitted):
        world.desk("TU1").do(ledger.look)


def test_every_state_has_a_label_and_a_place_on_the_way():
    assert set(ledger_totals._ORDER) == set(ledger_totals.STATE_LABELS) - {Status.CLOSED.value}
    later = [Status.RECEIVED, Status.HELD_BACK, Status.ELIGIBLE]
    assert ledger_rules.since(Status.SENT_TO_KONSORSIUM) == set(Status) - set(later)
