"""A session, a register and the whole ledger as they stood at a time (F35, R-001, R-012)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted
from posko.services import as_of_views, registry_entries, replay_check
from posko.services.registry_columns import REGISTERS
from tests.support.preparation import refused
from tests.support.way import whole_way

pytestmark = pytest.mark.server
WRONG = ["", "kemarin", "2026-13-01", "9" * 40, 7, None, "now or 1=1"]


def ask(world, act, who="AU1", **asked):
    return world.desk(who).do(act, **asked)


def iso(moment):
    return moment.isoformat() + "+00:00"


def test_a_session_is_told_as_it_stood_with_all_who_were_on_its_list(world):
    began = world.now
    whole_way(world, {"100": "K", "101": "K", "102": "BK"})
    number = world.value("select session_id from posko.exam_session where tuk_code = 'TUK-1'")

    now = ask(world, as_of_views.session, session_id=number)
    then = ask(world, as_of_views.session, session_id=number, at=iso(began))
    before = ask(world, as_of_views.session, session_id=number, at=iso(began - dt.timedelta(days=1)))

    assert now["label"] == "DITUTUP"
    assert {row["tki_id"]: row["label"] for row in now["candidates"]} == dict.fromkeys(("100", "102"), "DIMUTAKHIRKAN")
    assert then["label"] == "DIRENCANAKAN"
    assert (before["label"], before["history"]) == (None, [])
    assert [row["label"] for row in before["candidates"]] == [None, None]


def test_a_session_that_never_was_is_refused(world):
    assert refused(world.desk("AU1"), as_of_views.session, session_id=99).code == "UNKNOWN_SESSION"


def test_a_register_is_told_by_its_history_and_rows_that_nobody_changed_as_they_are(world):
    began = world.now
    world.now += dt.timedelta(hours=1)
    entry = {"lsp_code": "LSP-1", "lsp_name": "LSP Baru", "license_no": "BNSP-LSP-001-ID"}
    dates = {"valid_from": "2025-01-01", "valid_until": "2030-12-31"}
    change = registry_entries.save
    world.desk("BN1").do(change, register="lsp", values={**entry, **dates}, reason="Ganti nama")
    world.now += dt.timedelta(hours=1)
    fresh = {**entry, "lsp_code": "LSP-3", "lsp_name": "LSP Tiga", "license_no": "BNSP-LSP-003-ID"}
    world.desk("BN1").do(change, register="lsp", values={**fresh, **dates}, reason="LSP baru")

    def names(at):
        told = ask(world, as_of_views.register, register="lsp", at=at)
        return {row["lsp_code"]: (row["lsp_name"], row["changed_by"]) for row in told["rows"]}

    assert names(iso(began)) == {"LSP-1": ("LSP 1", None), "LSP-2": ("LSP 2", None)}
    assert names(iso(began + dt.timedelta(minutes=90))) == {"LSP-1": ("LSP Baru", "BN1"), "LSP-2": ("LSP 2", None)}
    assert names("now") == {"LSP-1": ("LSP Baru", "BN1"), "LSP-2": ("LSP 2", None), "LSP-3": ("LSP Tiga", "BN1")}


def test_a_register_comes_in_parts_and_is_searched(world):
    whole = ask(world, as_of_views.register, register="tuk")
    part = ask(world, as_of_views.register, register="tuk", limit=2, offset=2)
    found = ask(world, as_of_views.register, register="tuk", search="kota 2")

    assert (whole["total"], len(whole["rows"])) == (3, 3)
    assert part["rows"] == whole["rows"][2:]
    assert [row["tuk_code"] for row in found["rows"]] == ["TUK-2"]
    assert found["total"] == 1


@pytest.mark.parametrize("register", REGISTERS)
def test_every_register_can_be_told(world, register):
    told = ask(world, as_of_views.register, register=register)

    assert told["total"] == world.value(f"select count(*) from posko.{register}")
    assert all(set(told["columns"]) < set(row) for row in told["rows"])


def test_the_whole_ledger_is_counted_as_it_stood(world):
    began = world.now
    whole_way(world, {"100": "K", "101": "BK"})
    world.now += dt.timedelta(hours=1)
    heard = []

    now = world.desk("AU1").do(as_of_views.ledger, told=lambda done, total: heard.append((done, total)))
    then = ask(world, as_of_views.ledger, at=iso(began))
    before = ask(world, as_of_views.ledger, at=iso(began - dt.timedelta(days=1)))

    assert now["journeys"] == {"DIMUTAKHIRKAN": 2}
    assert (now["total"], now["problem_count"]) == (2, 0)
    assert now["sessions"] == {"DITUTUP": 2}
    rows = world.ask("select hop, sum(row_count) from posko.handoff_batch group by hop")
    assert sum(hop["sent"] for hop in now["hops"]) == sum(int(count) for _, count in rows)
    assert all(hop["in_transit"] == hop["sent"] - hop["received"] for hop in now["hops"])
    assert then["total"] == 2
    assert then["journeys"] != now["journeys"]
    assert (before["total"], before["hops"], before["sessions"]) == (0, [], {})
    assert heard[-1][0] == heard[-1][1] > 20


def test_events_that_do_not_fit_together_are_named(world):
    whole_way(world, {"100": "K"})
    world.write('delete from posko_audit.audit_event where payload like \'%"to":"SCHEDULED"%\'')

    told = ask(world, as_of_views.ledger)

    assert (told["problem_count"], told["problems"]) == (1, ["100/TLRT/1"])


def test_the_log_replayed_equals_the_tables_until_somebody_changes_a_row(world):
    whole_way(world, {"100": "K"})
    assert ask(world, replay_check.compare) == {"count": 0, "differences": []}

    world.write("update posko.journey set status = 'REGISTERED'")

    told = ask(world, replay_check.compare)
    assert told["count"] == 1
    assert (told["differences"][0]["kind"], told["differences"][0]["tki_id"]) == ("STATE", "100")


def test_only_those_who_read_the_whole_log_see_any_of_it_and_each_look_is_recorded(world):
    looks = [
        (as_of_views.session, {"session_id": 1}),
        (as_of_views.register, {"register": "lsp"}),
        (as_of_views.ledger, {}),
        (replay_check.compare, {}),
    ]
    for act, asked in looks:
        for who in ("KO1", "LS1", "TU1", "AS1"):
            with pytest.raises(NotPermitted):
                ask(world, act, who, **asked)
    for act, asked in looks[1:]:
        for who in ("SA1", "BN1", "AU1"):
            ask(world, act, who, **asked)
    assert len(world.events("ok")) == 9


def test_wrong_values_are_refused_in_words(world):
    desk = world.desk("AU1")
    for value in WRONG:
        refused(desk, as_of_views.ledger, at=value)
        refused(desk, as_of_views.register, register="lsp", at=value)
        refused(desk, as_of_views.register, register=value)
        refused(desk, as_of_views.session, session_id=value if value != 7 else -7)
    refused(desk, as_of_views.register, register="lsp", search="x" * 65)
    refused(desk, as_of_views.register, register="staff")
    refused(desk, as_of_views.register, register="lsp; drop table posko.lsp")
