"""Returns as BNSP sees them: legs, lines, versions, differences, silence; started and read back on its order (§14.3-14.5; R-164..R-170)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import open_items, return_confirmations, return_orders, returns, screen_returns
from tests.support.decided import EVALUATED_ON, decided, number_of, publish, read_back, revoke, send_back

pytestmark = pytest.mark.server
BNSP = ["SA1", "BN1"]


def batches(world, who="BN1", **more):
    return world.desk(who).do(screen_returns.batches, **more)


def lines(world, who="BN1", **more):
    return world.desk(who).do(screen_returns.lines, **more)


def states(world, **more):
    return {(row["tki_id"], row["version"]): row["state"] for row in lines(world, **more)["rows"]}


def acknowledge(world, return_id, *backs):
    shown = {key: value for back in backs for key, value in back.items()}
    return world.desk(None).do(returns.acknowledge, return_batch_id=return_id, read_back=shown)


@pytest.fixture
def sent(world):
    """Return two results to BNP2TKI, one of which it shows otherwise; yield the number of the return."""
    decided(world, "1")
    decided(world, "2")
    publish(world)
    return send_back(world)


def test_a_return_shows_both_legs_with_one_hash_and_what_is_left(world, sent):
    acknowledge(world, sent, read_back(world, "1"))

    (row,) = batches(world)["rows"]

    assert (row["return_batch_id"], row["row_count"], row["left"], row["versions"]) == (sent, 2, 1, 0)
    assert row["relay_sha256"] == row["source_sha256"]
    assert len(row["relay_sha256"]) == 64
    assert row["relay_loaded_at"] is not None
    assert (row["due_on"], row["is_overdue"]) == ("2026-03-23", False)


def test_a_line_is_acknowledged_different_waiting_or_overdue(world, sent):
    acknowledge(world, sent, read_back(world, "1", no_sertifikasi_kompetensi=number_of(77)))
    first = states(world)
    acknowledge(world, sent, read_back(world, "1"))
    world.at(EVALUATED_ON + dt.timedelta(days=8))

    assert first == {("1", 1): "DIFFERENT", ("2", 1): "WAITING"}
    assert states(world) == {("1", 1): "ACKNOWLEDGED", ("2", 1): "OVERDUE"}
    assert batches(world)["rows"][0]["is_overdue"]


def test_a_difference_says_what_bnp2tki_shows(world, sent):
    acknowledge(world, sent, read_back(world, "1", no_sertifikasi_kompetensi=number_of(77)))

    (row,) = lines(world, state="DIFFERENT")["rows"]

    assert (row["difference"], row["read_back_no"]) == ("nomor", number_of(77))


def test_a_correction_is_a_version_and_the_one_before_is_replaced(world):
    journey_id = decided(world, "1")
    publish(world)
    first = send_back(world)
    revoke(world, journey_id)
    second = send_back(world)

    assert states(world, tki_id="1") == {("1", 1): "REPLACED", ("1", 2): "WAITING"}
    assert [row["is_last"] for row in lines(world, return_batch_id=first)["rows"]] == [False]
    assert {row["return_batch_id"]: row["versions"] for row in batches(world)["rows"]} == {first: 0, second: 1}


def test_overdue_is_counted_as_the_list_of_open_items_counts(world, sent):
    for days in (7, 8):
        world.at(EVALUATED_ON + dt.timedelta(days=days), 23)
        listed = [item for item in world.desk("BN1").do(open_items.open_items) if item["kind"] == "RETURN"]
        overdue = lines(world, state="OVERDUE")["total"]
        assert len(listed) == overdue == (0 if days == 7 else 2)


def test_only_open_returns_are_listed_on_demand(world, sent):
    acknowledge(world, sent, read_back(world, "1"), read_back(world, "2"))

    assert batches(world)["total"] == 1
    assert batches(world, only_open=True) == {"rows": [], "total": 0}
    assert batches(world, since="2199-01-01")["total"] == 0


@pytest.mark.parametrize("who", BNSP)
def test_bnsp_starts_a_return_that_waits_in_the_outbox(world, who):
    decided(world, "1")
    publish(world)

    made = world.desk(who).do(return_orders.start)

    assert made["rows"] == 1
    assert world.ask("select hop, loaded_at is not null from posko.handoff_batch order by batch_id") == [
        ("BNSP_TO_RELAY", 0),
    ]
    assert world.value("select count(*) from posko.return_outbox") == 1
    assert world.desk(who).do(return_orders.start) == {"return_batch_id": None, "rows": 0}


def test_bnsp_reads_back_what_bnp2tki_last_delivered(world, sent):
    assert world.desk("BN1").do(return_orders.look, return_batch_id=sent) == {
        "closed": 0,
        "different": [],
        "missing": ["1", "2"],
    }


def test_what_was_not_written_at_bnp2tki_cannot_be_read_back(world):
    decided(world, "1")
    publish(world)
    number = world.desk(None).do(returns.make_return)["return_batch_id"]

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(return_orders.look, return_batch_id=number)

    assert refused.value.code == "NOT_RELAYED"


def confirm(world, tki_id, status, reason=None):
    ((sending, version),) = world.ask(
        "select batch.dispatch_id, box.source_version from posko.return_outbox as box"
        " join posko.return_batch as batch on batch.return_batch_id = box.return_batch_id where box.tki_id = :t",
        t=tki_id,
    )
    row = {
        "id_kiriman": sending,
        "id_tki": tki_id,
        "versi": version,
        "diterima_pada": None,
        "status": status,
        "alasan": reason,
    }
    world.desk(None).do(return_confirmations.confirmed, rows=[row])


def test_a_line_that_bnp2tki_rejected_says_why_until_it_is_taken_over(world, sent):
    confirm(world, "1", "DITOLAK", "ID tidak dikenal")
    confirm(world, "2", "DITERIMA")

    (row,) = lines(world, state="REJECTED")["rows"]

    assert (row["tki_id"], row["verdict"], row["reason"]) == ("1", "REJECTED", "ID tidak dikenal")
    assert states(world) == {("1", 1): "REJECTED", ("2", 1): "WAITING"}
    acknowledge(world, sent, read_back(world, "1"))
    assert states(world)["1", 1] == "ACKNOWLEDGED"


def test_the_auditor_reads_and_starts_nothing(world, sent):
    assert batches(world, "AU1")["total"] == 1
    assert lines(world, "AU1")["total"] == 2
    for what, more in ((return_orders.start, {}), (return_orders.look, {"return_batch_id": sent})):
        with pytest.raises(NotPermitted):
            world.desk("AU1").do(what, **more)


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
@pytest.mark.parametrize("what", [screen_returns.batches, screen_returns.lines, return_orders.start])
def test_the_other_roles_see_and_start_nothing(world, who, what):
    with pytest.raises(NotPermitted):
        world.desk(who).do(what)


@pytest.mark.parametrize(
    ("what", "more", "code"),
    [
        (screen_returns.batches, {"since": "kemarin"}, "NOT_A_DATE"),
        (screen_returns.lines, {"return_batch_id": "1"}, "NOT_A_NUMBER"),
        (screen_returns.lines, {"tki_id": "' or 1=1 --"}, "NO_SUCH_CODE"),
        (screen_returns.lines, {"state": "x"}, "NOT_IN_LIST"),
        (screen_returns.lines, {"limit": 0}, "NOT_A_NUMBER"),
        (return_orders.look, {"return_batch_id": 7}, "UNKNOWN_RETURN"),
        (return_orders.look, {"return_batch_id": None}, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_question_is_refused_in_words(world, what, more, code):
    with pytest.raises(Refused) as found:
        world.desk("BN1").do(what, **more)
    assert found.value.code == code


def test_open_items_come_in_parts_by_kind_and_lateness(world, sent):
    world.at(EVALUATED_ON + dt.timedelta(days=8))
    ask = world.desk("BN1").do

    late = ask(open_items.listed, kind="RETURN", only_late=True, limit=1)
    earlier = ask(open_items.listed, kind="RETURN", day=EVALUATED_ON)

    assert (late["total"], len(late["rows"])) == (2, 1)
    assert earlier["total"] == 0
    assert ask(open_items.listed)["total"] == len(ask(open_items.open_items))
    with pytest.raises(Refused) as found:
        ask(open_items.listed, kind="x")
    assert found.value.code == "NOT_IN_LIST"
