"""The result table goes to the LSP by itself, K and BK, and is taken over as it was sent (§13.8-13.9; R-132..R-134, X5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import assessment, results
from posko.services.rows import many, one
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.world import UNITS

pytestmark = pytest.mark.server


def _scored(world):
    day = exam_day(world, "100", "101", "102")
    day.test_with("100", "101")
    day.score({"100": GOOD, "101": POOR})
    return day


def _receive(world, day, who="LS1"):
    return world.desk(who).do(results.receive_results, session_id=day.session_id)


def _correct(world, day, tki, scores):
    world.desk("AS1").do(
        assessment.correct_score,
        session_id=day.session_id,
        journey_id=day.journeys[tki],
        scores=scores,
        reason="Salah baca lembar",
        proof=day.finger(),
    )


def test_the_last_score_sends_the_table_in_its_own_transaction(world):
    day = _scored(world)

    assert day.state() == "SCORED"
    assert world.ask("select hop, sender, receiver, row_count, version from posko.handoff_batch") == [
        ("TUK_TO_LSP", "TUK:TUK-1", "LSP:LSP-1", 2, 1)
    ]
    assert world.ask("select tki_id, status from posko.handoff_line order by 1") == [("100", "SENT"), ("101", "SENT")]


def test_the_lsp_takes_the_table_over_with_count_hash_and_receipt(world):
    day = _scored(world)

    table = _receive(world, day)

    assert [(row["tki_id"], row["full_name"], row["result"], row["units"]) for row in table["rows"]] == [
        ("100", "NAMA 100", "K", GOOD),
        ("101", "NAMA 101", "BK", POOR),
    ]
    assert world.ask("select row_count, received_count, lower(hex(received_sha256)) from posko.handoff_batch") == [
        (2, 2, table["sha256"])
    ]
    assert day.state() == "CLOSED"
    assert world.ask("select distinct person_id, part from posko.part_held where part = 'LSP'") == [("LS1", "LSP")]


def test_the_table_can_be_read_again_and_is_then_logged(world):
    day = _scored(world)
    table = _receive(world, day)

    assert world.desk("LS1").do(results.result_table, session_id=day.session_id) == table
    assert ("results.table", "session", str(day.session_id)) in world.events()


def test_a_table_is_taken_over_once(world):
    day = _scored(world)

    def receives(_):
        try:
            _receive(world, day)
        except Refused as refused:
            return refused.code
        return "ok"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(receives, range(8))) == ["RESULTS_TAKEN_OVER"] * 7 + ["ok"]


@pytest.mark.parametrize("act", [results.receive_results, results.result_table])
def test_there_is_no_table_before_the_last_score(world, act):
    day = exam_day(world, "100", "101")
    day.test_with("100", "101")
    day.score({"100": GOOD})

    with pytest.raises(Refused) as refused:
        world.desk("LS1").do(act, session_id=day.session_id)

    assert refused.value.code == "RESULTS_NOT_READY"


@pytest.mark.parametrize("act", [results.receive_results, results.result_table])
@pytest.mark.parametrize("who", ["LS2", "TU1", "AS1", "KO1", "BN1", "AU1"])
def test_only_the_own_lsp_gets_the_table(world, act, who):
    day = _scored(world)

    with pytest.raises(NotPermitted):
        world.desk(who).do(act, session_id=day.session_id)

    assert day.state() == "SCORED"


@pytest.mark.parametrize(
    "statement",
    [
        "update posko.assessment set result = 'K' where result = 'BK'",
        "update posko.score_item set result = 'K' where result = 'BK'",
        "update posko.assessment set met_no = 'MET.2' where result = 'BK'",
        "update posko.handoff_line set row_hash = unhex(sha2('x', 256)) where tki_id = '101'",
        "delete from posko.score_item where result = 'BK'",
    ],
)
def test_a_row_altered_on_the_way_is_named_and_nothing_is_loaded(world, statement):
    day = _scored(world)
    world.write(statement)

    with pytest.raises(Refused, match="berubah: 101") as refused:
        _receive(world, day)

    assert (refused.value.code, refused.value.rule, day.state()) == ("BATCH_DIFFERS", "DV-A11", "SCORED")


def test_corrections_before_and_after_the_receipt_arrive_as_versions(world):
    day = _scored(world)
    _correct(world, day, "101", GOOD)
    table = _receive(world, day)
    assert [(row["result"], row["version"]) for row in table["rows"]] == [("K", 1), ("K", 2)]
    _correct(world, day, "100", POOR)
    _correct(world, day, "100", {**GOOD, UNITS[2]: "BK"})

    table = _receive(world, day)

    assert [(row["result"], row["version"]) for row in table["rows"]] == [("BK", 3), ("K", 2)]
    assert world.ask("select version, row_count, loaded_at is not null from posko.handoff_batch order by batch_id") == [
        (1, 2, 1),
        (2, 1, 1),
        (3, 1, 1),
        (4, 1, 1),
    ]
    assert day.state() == "CLOSED"


def test_a_correction_before_the_table_left_is_in_its_first_version(world):
    day = exam_day(world, "100", "101")
    day.test_with("100", "101")
    day.score({"100": GOOD})
    _correct(world, day, "100", POOR)
    day.score({"101": GOOD})

    table = _receive(world, day)

    assert [(row["result"], row["version"]) for row in table["rows"]] == [("BK", 2), ("K", 1)]
    assert world.ask("select version, row_count from posko.handoff_batch") == [(1, 2)]


def test_every_line_ever_sent_can_be_computed_anew(world):
    day = _scored(world)
    _correct(world, day, "101", GOOD)

    with world.admin().connect() as db:
        for batch_id in (1, 2):
            batch = one(db, "select * from posko.handoff_batch where batch_id = :id", id=batch_id)
            lines = many(db, "select * from posko.handoff_line where batch_id = :id", id=batch_id)
            assert results.recomputed(db, batch, lines) == {line["tki_id"]: line["row_hash"] for line in lines}
        assert results.waiting_batches(db, day.session_id) == [1, 2]
