"""Packages as their LSP or TUK sees them, taken over or refused with a reason (§12.10-12.11; R-105, R-182)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import distribution, ledger, open_items, package_refusal, screen_balance, screen_packages
from tests.support.preparation import WRONG, changes_nothing, refused, released

pytestmark = pytest.mark.server
REASON = "Dua peserta bukan dari BLKLN kami"


@pytest.fixture
def parts(world):
    """Return receiver -> package of two TKI who were released to LSP-1 and TUK-1."""
    return {part["receiver_code"]: part["batch_id"] for part in released(world, "100", "101")}


def refuse_it(world, batch_id, who="TU1", reason=REASON, **more):
    return world.desk(who, **more).do(package_refusal.refuse_package, batch_id=batch_id, reason=reason)


def inbox(world, who="TU1", **more):
    return world.desk(who).do(screen_packages.inbox, **more)


def test_each_receiver_sees_its_own_package_and_the_super_administrator_all(world, parts):
    for who, code in (("LS1", "LSP-1"), ("TU1", "TUK-1")):
        (row,) = inbox(world, who)["rows"]
        assert (row["batch_id"], row["receiver_code"], row["row_count"], row["state"]) == (parts[code], code, 2, "OPEN")
    assert inbox(world, "LS2") == {"rows": [], "total": 0}
    assert inbox(world, "SA1")["total"] == 2
    assert inbox(world, "SA1", receiver_kind="TUK", receiver_code="TUK-1")["total"] == 1


@pytest.mark.parametrize("more", [{"receiver_kind": "LSP", "receiver_code": "LSP-1"}, {"receiver_code": "TUK-2"}])
def test_another_receivers_packages_are_refused(world, parts, more):
    with pytest.raises(NotPermitted) as found:
        inbox(world, **more)
    assert found.value.rule == "DV-X04"


def test_a_package_shows_counts_hashes_and_sessions_before_it_is_taken_over(world, parts):
    seen = world.desk("TU1").do(screen_packages.look, batch_id=parts["TUK-1"])

    assert (seen["sent"], seen["arrived"], seen["is_whole"]) == (2, 2, True)
    assert seen["sent_sha256"] == seen["arrived_sha256"]
    assert seen["sent_sha256"] == world.value(
        "select lower(hex(rows_sha256)) from posko.handoff_batch where batch_id = :id", id=parts["TUK-1"]
    )
    assert [(row["tuk_code"], row["lsp_code"], row["met_no"], row["tki"]) for row in seen["sessions"]] == [
        ("TUK-1", "LSP-1", "MET.1", 2)
    ]
    assert (seen["acknowledged_at"], seen["refusals"]) == (None, [])


def test_a_row_altered_on_the_way_shows_before_anybody_takes_over(world, parts):
    world.write("update posko.candidate set full_name = 'LAIN' where tki_id = '100'")

    seen = world.desk("TU1").do(screen_packages.look, batch_id=parts["TUK-1"])

    assert not seen["is_whole"]
    assert seen["sent_sha256"] != seen["arrived_sha256"]
    assert refused(world.desk("TU1"), distribution.acknowledge, batch_id=parts["TUK-1"]).rule == "DV-A11"


def test_what_was_taken_over_stays_shown_as_it_was_then(world, parts):
    world.desk("TU1").do(distribution.acknowledge, batch_id=parts["TUK-1"])
    world.write("update posko.candidate set full_name = 'LAIN' where tki_id = '100'")

    seen = world.desk("TU1").do(screen_packages.look, batch_id=parts["TUK-1"])

    assert (seen["arrived"], seen["is_whole"], seen["acknowledged_by"]) == (2, True, "TU1")


def test_the_contents_are_paged_and_searched_by_id(world, parts):
    ask = world.desk("LS1").do
    first = ask(screen_packages.rows, batch_id=parts["LSP-1"], limit=1)
    (found,) = ask(screen_packages.rows, batch_id=parts["LSP-1"], tki_id="101")["rows"]

    assert (first["total"], len(first["rows"])) == (2, 1)
    assert (found["tki_id"], found["tuk_code"], found["label"]) == ("101", "TUK-1", "DIKIRIM_LSP_TUK")
    assert "3603054105830001" not in str(found)


def test_a_refusal_loads_nothing_and_bnsp_reads_why(world, parts):
    batch_id = parts["TUK-1"]
    number = refuse_it(world, batch_id)["refusal_id"]

    assert world.ask("select refusal_id, batch_id, reason, refused_by from posko.package_refusal") == [
        (number, batch_id, REASON, "TU1")
    ]
    assert {world.status("100"), world.status("101")} == {"DISTRIBUTED"}
    assert inbox(world)["rows"][0]["state"] == "REFUSED"
    assert inbox(world, state="OPEN")["total"] == 0
    check = world.value("select max(balance_check_id) from posko.balance_check")
    shown = world.desk("BN1").do(screen_balance.packages, balance_check_id=check)
    assert {row["receiver_code"]: row["refusal"] for row in shown} == {"LSP-1": None, "TUK-1": REASON}
    said = [item["what"] for item in world.desk("BN1").do(open_items.open_items) if item["key"] == str(batch_id)]
    assert said == [f"Ditolak TUK:TUK-1 ({REASON}): BNSP -> TUK (12.9-12.11)"]


def test_who_refused_may_take_over_when_it_is_settled_and_the_ledger_holds(world, parts):
    refuse_it(world, parts["TUK-1"])
    refuse_it(world, parts["TUK-1"], reason="Masih sama")

    for who, code in (("TU1", "TUK-1"), ("LS1", "LSP-1")):
        world.desk(who).do(distribution.acknowledge, batch_id=parts[code])

    assert {world.status("100"), world.status("101")} == {"ACKNOWLEDGED"}
    assert world.value("select count(*) from posko.package_refusal") == 2
    with world.office.engine.connect() as db:
        assert ledger.check(db).problems == []


def test_a_refusal_is_written_on_behalf_with_its_mark(world, parts):
    refuse_it(world, parts["LSP-1"], "SA1", on_behalf="LSP libur")

    told = world.ask(
        "select action, on_behalf_of from posko_audit.audit_event where on_behalf_of is not null and outcome = 'ok'"
    )
    assert told == [("distribution.refuse", "LSP-1")]


@pytest.mark.parametrize(("who", "code"), [("LS1", "TUK-1"), ("LS2", "LSP-1"), ("TU2", "TUK-1"), ("BN1", "LSP-1")])
def test_only_the_receiver_refuses(world, parts, who, code):
    with pytest.raises(NotPermitted):
        refuse_it(world, parts[code], who)
    assert world.value("select count(*) from posko.package_refusal") == 0


def test_a_package_taken_over_cannot_be_refused(world, parts):
    world.desk("TU1").do(distribution.acknowledge, batch_id=parts["TUK-1"])

    assert refused(world.desk("TU1"), package_refusal.refuse_package, batch_id=parts["TUK-1"], reason="x").code == (
        "BATCH_TAKEN_OVER"
    )


def test_nonsense_is_refused_in_words_and_writes_nothing(world, parts):
    desk, batch_id = world.desk("TU1"), parts["TUK-1"]
    what = package_refusal.refuse_package
    attempts = [lambda value=value: desk.do(what, batch_id=value, reason="x") for value in WRONG]
    attempts += [lambda value=value: desk.do(what, batch_id=batch_id, reason=value) for value in WRONG]
    attempts += [lambda value=value: desk.do(screen_packages.look, batch_id=value) for value in WRONG]

    changes_nothing(world, attempts)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"state": "x"}, "NOT_IN_LIST"),
        ({"since": "kemarin"}, "NOT_A_DATE"),
        ({"receiver_kind": "BNSP"}, "NOT_IN_LIST"),
        ({"limit": 100_001}, "NOT_A_NUMBER"),
        ({"offset": True}, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_question_is_refused(world, more, code):
    with pytest.raises(Refused) as found:
        inbox(world, **more)
    assert found.value.code == code


def test_packages_sent_before_a_day_are_left_out(world, parts):
    later = world.now.date() + dt.timedelta(days=1)

    assert inbox(world, since=world.now.date())["total"] == 1
    assert inbox(world, since=later)["total"] == 0
