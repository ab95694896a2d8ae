"""Hand-offs that travel as packages: one for each LSP and TUK, the Konsorsium's both ways, receipts (§12.4-12.11; F09, R-103)."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from exports.package import write
from exports.package_manifest import Manifest
from exports.package_receipt import receipt_row
from exports.package_schemas import RECEIPT, table_of
from posko.domain.errors import ConfigurationError, Refused
from posko.services import distribution, package_refusal
from tests.support.packages import AT, Bodies
from tests.support.packages import sent_back as _sent_back
from tests.support.packages import split as _split
from tests.support.preparation import returned

pytestmark = pytest.mark.server


@pytest.fixture
def bodies(world, tmp_path):
    return Bodies(world, tmp_path)


@pytest.fixture
def parts(world, bodies):
    """Three packages are out; receiver -> the package, and the sites."""
    sites = bodies.begin("LSP:LSP-1", "TUK:TUK-1", "TUK:TUK-2")
    _split(world)
    return {one.manifest.recipient: one for one in bodies.bnsp.make()}, sites


def refused(what, *arguments, **named):
    with pytest.raises(Refused) as found:
        what(*arguments, **named)
    assert found.value.reference, "it was not recorded"
    return found.value


def test_each_lsp_and_each_tuk_gets_one_package_and_their_rows_are_the_whole(bodies, parts):
    made, sites = parts

    held = {}
    for receiver, one in made.items():
        taken = sites[receiver].open(one.path.read_bytes(), person_id="LS1", at=AT)
        held[receiver] = pq.read_table(taken.folder / "allocated.parquet")["tki_id"].to_pylist()

    assert held == {"LSP:LSP-1": ["100", "101", "102"], "TUK:TUK-1": ["100", "101"], "TUK:TUK-2": ["102"]}
    assert bodies.bnsp.make() == [], "nothing is made twice"
    assert bodies.world.ask(
        "select sender, recipient, sequence, row_count from posko.package_sent order by recipient"
    ) == [
        ("BNSP", "LSP:LSP-1", 1, 3),
        ("BNSP", "TUK:TUK-1", 1, 2),
        ("BNSP", "TUK:TUK-2", 1, 1),
    ]


def test_receipts_of_lsp_and_tuk_acknowledge_through_the_act_that_exists(world, bodies, parts):
    made, sites = parts
    for receiver, who in (("LSP:LSP-1", "LS1"), ("TUK:TUK-1", "TU1"), ("TUK:TUK-2", "TU2")):
        taken = sites[receiver].open(made[receiver].path.read_bytes(), person_id=who, at=AT)
        told = bodies.bnsp.open(taken.receipt.read_bytes())
        assert (told["kind"], told["sender"], told["status"], told["receipt"]) == ("receipt", receiver, "LOADED", None)

    assert world.ask("select distinct status from posko.journey") == [("ACKNOWLEDGED",)]
    assert world.ask("select receiver_code, acknowledged_by from posko.distribution order by receiver_code") == [
        ("LSP-1", "LS1"),
        ("TUK-1", "TU1"),
        ("TUK-2", "TU2"),
    ]
    events = world.ask(
        "select actor_id, actor_role, auth_event from posko_audit.audit_event where action = 'distribution.acknowledge'"
        " and entity = 'handoff' order by actor_id limit 1"
    )
    checks = world.ask(
        "select concat(lower(hex(writer_id)), '/', writer_seq) from posko_audit.audit_event where action = 'package.check_receipt'"
    )
    assert events[0][:2] == ("LS1", "LSP")
    assert (events[0][2],) in checks, "the event of the check stands for the sign-in"


def test_a_receipt_is_taken_once_and_a_repeated_one_is_a_replay(world, bodies, parts):
    made, sites = parts
    receipt = sites["TUK:TUK-2"].open(made["TUK:TUK-2"].path.read_bytes(), person_id="TU2", at=AT).receipt.read_bytes()
    bodies.bnsp.open(receipt)

    assert refused(bodies.bnsp.open, receipt).code == "PACKAGE_REPLAYED"
    assert world.value("select count(*) from posko.package_received") == 1


def test_a_package_that_its_officer_refuses_comes_back_with_her_reason(world, bodies, parts):
    made, sites = parts
    taken = sites["TUK:TUK-2"].open(
        made["TUK:TUK-2"].path.read_bytes(), person_id="TU2", at=AT, reason="Bukan TUK kami"
    )

    bodies.bnsp.open(taken.receipt.read_bytes())

    assert taken.folder is None
    assert world.ask("select reason, refused_by from posko.package_refusal") == [("Bukan TUK kami", "TU2")]
    assert world.status("102") == "DISTRIBUTED"


def test_who_took_over_on_the_screen_loses_nothing_when_the_receipt_comes_later(world, bodies, parts):
    made, sites = parts
    part = made["TUK:TUK-2"]
    world.desk("TU2").do(distribution.acknowledge, batch_id=part.batch_id)
    receipt = sites["TUK:TUK-2"].open(part.path.read_bytes(), person_id="TU2", at=AT).receipt

    told = bodies.bnsp.open(receipt.read_bytes())

    assert told["batch_id"] == part.batch_id
    assert world.value("select count(*) from posko.package_received") == 1


def test_the_konsorsium_gets_bnp2tkis_rows_and_sends_its_allocation_back(world, bodies):
    sites = bodies.begin("KONSORSIUM")
    batch = _sent_back(world)
    delivered = bodies.bnsp.make()[0]
    site = sites["KONSORSIUM"]
    taken = site.open(delivered.path.read_bytes(), person_id="KO1", at=AT)
    bodies.bnsp.open(taken.receipt.read_bytes())

    sent = bodies.bnsp.make_at(site, batch)
    told = bodies.bnsp.open(sent.path.read_bytes())

    rows = pq.read_table(taken.folder / "delivered.parquet")
    assert rows["id_tki"].to_pylist() == ["100", "101", "102"]
    assert "sidik" not in " ".join(rows.schema.names)
    assert (told["kind"], told["batch_id"], told["rows"]) == ("allocated", batch, 3)
    assert world.ask("select distinct status from posko.journey") == [("DISTRIBUTED",)], (
        "checked and split, nobody clicked"
    )
    answer = site.open(told["receipt"].read_bytes(), person_id="KO1", at=AT)
    assert pq.read_table(answer.folder / "receipt.parquet").to_pylist()[0]["status"] == "LOADED"
    assert answer.receipt is None


def test_an_allocation_that_does_not_balance_is_answered_with_the_reason(world, bodies):
    site = bodies.begin("KONSORSIUM")["KONSORSIUM"]
    batch = _sent_back(world)
    sent = bodies.bnsp.make_at(site, batch)
    world.write("update posko.allocation_return set allocated_count = 2, rest_count = 1 where batch_id = :id", id=batch)

    refusal = refused(bodies.bnsp.open, sent.path.read_bytes())

    assert refusal.code == "NOT_BALANCED"
    answer = next((bodies.folder / "packages").glob("KONSORSIUM/*-receipt.posko"))
    for package in sorted((bodies.folder / "packages").glob("KONSORSIUM/*.posko")):
        site.open(package.read_bytes(), person_id="KO1", at=AT)
    told = pq.read_table(site.folder / "masuk" / answer.name.removesuffix(".posko") / "receipt.parquet").to_pylist()[0]
    assert told["status"] == "REFUSED"
    assert told["reason"] == str(refusal)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rows": 2}, "PACKAGE_RECEIPT_WRONG"),
        ({"rows_sha256": "ab" * 32}, "PACKAGE_RECEIPT_WRONG"),
        ({"batch_id": 1}, "PACKAGE_NO_BATCH"),
        ({"batch_id": 999}, "PACKAGE_NO_BATCH"),
        ({"person_id": "LS1"}, "PACKAGE_RECEIPT_PERSON"),
        ({"person_id": "TU1"}, "PACKAGE_RECEIPT_PERSON"),
        ({"person_id": "'; drop table posko.journey; --"}, "PACKAGE_RECEIPT_PERSON"),
        ({"person_id": None}, "PACKAGE_RECEIPT_PERSON"),
        ({"status": "DIMUAT"}, "NOT_IN_LIST"),
        ({"status": "REFUSED", "reason": "3603054105830001"}, "LOOKS_LIKE_NIK"),
        ({"status": "REFUSED", "reason": None}, "TEXT_EMPTY"),
    ],
)
def test_a_receipt_that_is_wrong_acknowledges_nothing_and_the_next_one_may_be_right(world, bodies, parts, wrong, code):
    """The TUK holds a good key, and says something that is not so."""
    made, sites = parts
    part = made["TUK:TUK-2"]
    good = receipt_row(part.manifest, "TU2", AT, None)

    assert refused(bodies.bnsp.open, _receipt(sites["TUK:TUK-2"], bodies, {**good, **wrong}, 1, "")).code == code

    assert world.status("102") == "DISTRIBUTED"
    last = world.value("select hex(manifest_sha256) from posko.package_received where sender = 'TUK:TUK-2'").lower()
    bodies.bnsp.open(_receipt(sites["TUK:TUK-2"], bodies, good, 2, last))
    assert world.ask("select acknowledged_by from posko.distribution where receiver_code = 'TUK-2'") == [("TU2",)]


def test_a_suspended_officer_acknowledges_nothing(world, bodies, parts):
    made, sites = parts
    receipt = sites["TUK:TUK-2"].open(made["TUK:TUK-2"].path.read_bytes(), person_id="TU2", at=AT).receipt
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'TU2'")

    assert refused(bodies.bnsp.open, receipt.read_bytes()).code == "PACKAGE_RECEIPT_PERSON"


def test_a_receipt_that_was_cut_short_behind_its_act_goes_on(world, bodies, parts, monkeypatch):
    made, sites = parts
    receipt = sites["TUK:TUK-2"].open(made["TUK:TUK-2"].path.read_bytes(), person_id="TU2", at=AT).receipt.read_bytes()
    with monkeypatch.context() as cut:
        cut.setattr("apps.packages_in._enter", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            bodies.bnsp.open(receipt)
    assert world.value("select count(*) from posko.package_received") == 0

    bodies.bnsp.open(receipt)

    assert world.value("select count(*) from posko.package_received") == 1
    assert world.ask("select count(*) from posko.distribution where acknowledged_by = 'TU2'") == [(1,)]


def test_a_package_of_anything_else_is_refused_and_recorded(world, bodies, parts):
    _, sites = parts
    site = sites["TUK:TUK-2"]
    mine = table_of(RECEIPT, [])
    manifest = Manifest(RECEIPT, 1, site.body, "BNSP", 1, "", "2026-03-09T03:00:00Z")
    empty = write({RECEIPT: mine}, manifest, recipient=site.cards[0].age, signer=site.keys.signer)

    assert refused(bodies.bnsp.open, empty.data).code == "PACKAGE_CONTENT"
    refused(bodies.bnsp.open, b"bukan paket")
    told = world.ask(
        "select payload from posko_audit.audit_event where action = 'package.note_refused' and outcome = 'refused' order by event_id"
    )
    assert [json.loads(row[0])["code"] for row in told] == ["PACKAGE_CONTENT", "PACKAGE_DAMAGED"]


def test_without_keys_nothing_is_made_or_opened(world, bodies):
    returned(world, "100")

    with pytest.raises(ConfigurationError, match="keygen"):
        bodies.bnsp.make()
    with pytest.raises(ConfigurationError, match="keygen"):
        bodies.bnsp.open(b"")
    assert package_refusal.ENTITY == "handoff"


def _receipt(site, bodies, row, sequence, previous):
    facts = {"batch_id": row["batch_id"], "status": row["status"]}
    manifest = Manifest(RECEIPT, 1, site.body, "BNSP", sequence, previous, "2026-03-09T03:00:00Z", facts)
    keys = site.cards[0].age
    return write({RECEIPT: table_of(RECEIPT, [row])}, manifest, recipient=keys, signer=site.keys.signer).data
