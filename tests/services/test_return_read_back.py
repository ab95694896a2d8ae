"""What BNP2TKI shows of a return decides: equal closes, other or missing stays open and is noted, an unknown number is a fake (§14.5).

R-168..R-170, DV-C07, DV-C08.
"""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.services import returns
from tests.support.decided import (
    EMPTY,
    EVALUATED_ON,
    acknowledge,
    decided,
    number_of,
    publish,
    read_back,
    send_back,
)

pytestmark = pytest.mark.server


def rules(world):
    return [row for (row,) in world.ask("select rule_id from posko.deviation order by deviation_id")]


def test_what_bnp2tki_shows_otherwise_stays_open_and_is_noted_once(world):
    decided(world, "1")
    decided(world, "2")
    publish(world)
    return_id = send_back(world)
    wrong = read_back(world, "1", tanggal_sertifikasi_kompetensi="3/12/2026")

    for _ in range(2):
        answer = acknowledge(world, return_id, wrong, read_back(world, "2"))

    assert (answer["different"], answer["missing"]) == (["1"], [])
    assert [world.status(tki) for tki in "12"] == ["SENT_TO_BNP2TKI", "CLOSED"]
    assert rules(world) == ["DV-C07"]
    assert world.ask("select status, reason from posko.handoff_line where hop = 'RELAY_TO_BNP2TKI'") == [
        ("REJECTED", "tanggal"),
        ("LOADED", None),
    ]
    assert acknowledge(world, return_id, read_back(world, "1")) == {"closed": 1, "different": [], "missing": []}
    assert world.ask("select distinct status from posko.handoff_line") == [("LOADED",)]
    assert world.ask("select rejected_count from posko.handoff_batch where hop = 'RELAY_TO_BNP2TKI'") == [(0,)]


def test_a_number_that_was_never_issued_to_her_is_a_fake(world):
    decided(world, "1")
    other = decided(world, "2")
    decided(world, "3", result="BK")
    publish(world)
    return_id = send_back(world)
    of_another = read_back(world, "1", no_sertifikasi_kompetensi=number_of(other))
    invented = read_back(world, "3", no_sertifikasi_kompetensi="PRT.1025.2026.9999999")
    stranger = {"77": {**EMPTY, "no_sertifikasi_kompetensi": "3603054105830001"}}

    for _ in range(2):
        acknowledge(world, return_id, of_another, invented, stranger, read_back(world, "2"))

    assert world.ask("select tki_id, rule_id, severity, mode from posko.deviation order by tki_id, rule_id") == [
        ("1", "DV-C07", "W", "D"),
        ("1", "DV-C08", "H", "D"),
        ("3", "DV-C07", "W", "D"),
        ("3", "DV-C08", "H", "D"),
        ("77", "DV-C08", "H", "D"),
    ]
    assert "3603054105830001" not in str(world.ask("select evidence, subject_code from posko.deviation"))
    assert world.status("3") == "SENT_TO_BNP2TKI"


def test_what_is_missing_is_a_deviation_only_after_its_days(world):
    decided(world, "1")
    publish(world)
    return_id = send_back(world)

    assert acknowledge(world, return_id, {"1": EMPTY})["missing"] == ["1"]
    assert rules(world) == []
    assert world.value("select count(*) from posko.handoff_batch where loaded_at is null") == 1
    world.at(EVALUATED_ON + dt.timedelta(days=8))
    for _ in range(2):
        assert acknowledge(world, return_id)["missing"] == ["1"]

    assert rules(world) == ["DV-C07"]
    assert acknowledge(world, return_id, read_back(world, "1"))["closed"] == 1


def test_the_update_is_read_back_from_what_bnp2tki_delivers(world):
    first = decided(world, world.add_tki("1"))
    decided(world, world.add_tki("2"), result="BK")
    publish(world)
    return_id = send_back(world)
    read = lambda: world.desk(None).do(returns.read_back_from_staging, return_batch_id=return_id)  # noqa: E731 - said twice

    assert read() == {"closed": 0, "different": [], "missing": ["1", "2"]}
    world.write("update posko_staging.tki_tlrt set kode_lsp = 'LSP-1' where id_tki = '2'")
    assert read() == {"closed": 1, "different": [], "missing": ["1"]}
    world.write(
        "update posko_staging.tki_tlrt set kode_lsp = 'LSP-1', no_sertifikasi_kompetensi = :no, tanggal_sertifikasi_kompetensi ="
        " '3/11/2026', tanggal_sertifikasi_kompetensi_date = '2026-03-11' where id_tki = '1'",
        no=number_of(first),
    )
    assert read() == {"closed": 1, "different": [], "missing": []}
    assert world.status("1") == "CLOSED"


@pytest.mark.parametrize(
    "day",
    [dt.date(2026, 3, 11), dt.datetime.fromisoformat("2026-03-11"), "2026-03-11", "3/11/2026", "03/11/2026"],
)
def test_the_date_may_come_in_the_declared_forms(world, day):
    decided(world, "1")
    publish(world)

    assert (
        acknowledge(world, send_back(world), read_back(world, "1", tanggal_sertifikasi_kompetensi=day))["closed"] == 1
    )


@pytest.mark.parametrize("day", ["11/3/2026", "2026-02-30", "kemarin", ""])
def test_another_date_differs(world, day):
    decided(world, "1")
    publish(world)

    answer = acknowledge(world, send_back(world), read_back(world, "1", tanggal_sertifikasi_kompetensi=day))

    assert answer["different"] == ["1"]


def test_what_was_not_relayed_is_not_acknowledged(world):
    decided(world, "1")
    publish(world)
    return_id = world.desk(None).do(returns.make_return)["return_batch_id"]

    with pytest.raises(Refused) as refused:
        acknowledge(world, return_id, read_back(world, "1"))

    assert refused.value.code == "NOT_RELAYED"


def test_eight_acknowledgements_at_once_close_once(world):
    decided(world, "1")
    publish(world)
    return_id, shown = send_back(world), read_back(world, "1")

    def close(_number):
        try:
            return acknowledge(world, return_id, shown)["closed"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(close, range(8)))

    assert sorted(map(str, answers)) == ["1"] + ["RETURN_COMPLETE"] * 7
    assert world.value('select count(*) from posko_audit.audit_event where payload like \'%"to":"CLOSED"%\'') == 1


@pytest.mark.parametrize(
    "shown",
    [
        None,
        [],
        "1",
        {1: EMPTY},
        {"": EMPTY},
        {"x" * 65: EMPTY},
        {"1": None},
        {"1": {"kode_lsp": "LSP-1"}},
        {"1": {**EMPTY, "kode_lsp": 7}},
        {"1": {**EMPTY, "no_sertifikasi_kompetensi": "x" * 10_000_000}},
        {"1": {**EMPTY, "no_sertifikasi_kompetensi": "\ud800"}},
    ],
)
def test_an_unreadable_read_back_is_refused(world, shown):
    decided(world, "1")
    publish(world)
    return_id = send_back(world)

    with pytest.raises(Refused) as refused:
        world.desk(None).do(returns.acknowledge, return_batch_id=return_id, read_back=shown)

    assert refused.value.code == "READ_BACK_UNREADABLE"
    assert world.status("1") == "SENT_TO_BNP2TKI"
