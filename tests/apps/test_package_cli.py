"""`posko package` as people call it, at BNSP and at a site: keys, cards, packages, receipts (§12.4, 12.9-12.11; F09, R-088, R-105)."""

from __future__ import annotations

import json

import pytest

from apps.cli import package_register, package_revoke
from posko.domain.errors import BadInput, Refused
from posko.settings import Settings
from tests.support import commands
from tests.support.commands import reached
from tests.support.packages import sent_back, split
from tests.support.world import World

pytestmark = pytest.mark.server

READER = ("--reader", "synthetic", "--serial", "READER-0", "--station", "ST-0", "--person", "BN1")


@pytest.fixture
def world(clean_posko, settings, monkeypatch, tmp_path):
    """A small world as the commands reach it; BN1's finger is let in."""
    made = World(clean_posko, settings)
    made.fill()
    own = Settings(_env_file=None, var_dir=tmp_path / "var")
    with reached(made, monkeypatch, package_register, package_revoke, settings=own):
        yield made


def run(*words, **more):
    return commands.run("package", *words, **more)


@pytest.fixture
def bodies(world, tmp_path):
    """Keys of BNSP and of LSP-1 and TUK-2, whose cards BN1 registered."""
    run("keygen", "BNSP", "--card", tmp_path / "bnsp.json", "--json")
    for body in ("LSP:LSP-1", "TUK:TUK-1", "TUK:TUK-2", "KONSORSIUM"):
        card = tmp_path / f"{body}.json"
        run("keygen", body, "--site", tmp_path / body, "--trust", tmp_path / "bnsp.json", "--card", card)
        run("register", card, *READER)
    return tmp_path


def test_a_package_goes_out_and_its_receipt_comes_home(world, bodies):
    split(world)
    made = {one["recipient"]: one for one in json.loads(run("make", "--json"))}
    assert [one["rows"] for _, one in sorted(made.items())] == [3, 3, 2, 1]

    told = json.loads(
        run("open", made["TUK:TUK-2"]["file"], "--site", bodies / "TUK:TUK-2", "--person", "TU2", "--json")
    )
    said = run("open", told["receipt"])

    assert "diterima" in said
    assert world.ask("select acknowledged_by from posko.distribution where receiver_code = 'TUK-2'") == [("TU2",)]
    assert run("make") == "0 paket dibuat.\n"


def test_the_konsorsiums_package_is_answered(world, bodies):
    batch = sent_back(world)
    (made,) = json.loads(run("make", "--site", bodies / "KONSORSIUM", "--batch", batch, "--json"))

    said = run("open", made["file"])

    assert "Tanda terima untuk dikirim kembali" in said
    assert world.ask("select distinct status from posko.journey") == [("DISTRIBUTED",)]


def test_looking_prints_the_manifest_and_takes_nothing_over(world, bodies):
    split(world)
    first = next(one for one in json.loads(run("make", "--json")) if one["recipient"] == "LSP:LSP-1")

    told = json.loads(run("inspect", first["file"], "--site", bodies / "LSP:LSP-1"))

    assert (told["sender"], told["recipient"], told["facts"]["rows"]) == ("BNSP", "LSP:LSP-1", 3)
    assert not (bodies / "LSP:LSP-1" / "state.json").exists()
    with pytest.raises(Refused) as found:
        run("inspect", first["file"])
    assert found.value.code == "PACKAGE_NOT_OURS"
    answer = json.loads(run("open", first["file"], "--site", bodies / "LSP:LSP-1", "--person", "LS1", "--json"))[
        "receipt"
    ]
    assert json.loads(run("inspect", answer))["schema"] == "receipt"
    assert world.value("select count(*) from posko.package_received") == 0
    assert world.ask("select entity_key from posko_audit.audit_event where action = 'package.inspect'") == [
        ("LSP:LSP-1>BNSP/1",)
    ]


def test_a_refused_package_says_so_and_stands_in_the_log(world, bodies, tmp_path):
    (tmp_path / "rusak.posko").write_bytes(b"age-encryption.org/v1\nrusak")

    with pytest.raises(Refused) as found:
        run("open", tmp_path / "rusak.posko")

    assert found.value.code == "PACKAGE_DAMAGED"
    assert found.value.reference
    assert world.ask("select outcome from posko_audit.audit_event where action = 'package.note_refused'") == [
        ("refused",)
    ]


def test_an_officer_refuses_at_the_site_with_a_reason(world, bodies):
    split(world)
    made = next(one["file"] for one in json.loads(run("make", "--json")) if one["recipient"] == "TUK:TUK-2")
    told = json.loads(
        run("open", made, "--site", bodies / "TUK:TUK-2", "--person", "TU2", "--refuse", "Bukan kami", "--json")
    )

    run("open", told["receipt"], "--json")

    assert told["folder"] is None
    assert world.ask("select reason from posko.package_refusal") == [("Bukan kami",)]


def test_a_key_is_revoked(world, bodies):
    key = world.value("select key_id from posko.package_key where body = 'TUK:TUK-2'")

    assert key in run("revoke", key, "--reason", "hilang", *READER)
    assert world.value("select count(*) from posko.package_key where revoked_at is not null") == 1


def test_words_that_do_not_fit_together_are_refused(world, bodies, tmp_path):
    for words in (
        ("open", "x", "--site", bodies / "LSP:LSP-1"),
        ("open", "x", "--person", "LS1"),
        ("open", "x", "--refuse", "tidak"),
        ("make", "--site", bodies / "KONSORSIUM"),
        ("keygen", "BNSP", "--trust", bodies / "bnsp.json"),
    ):
        run(*words, code=2)
    with pytest.raises(Refused):
        run("keygen", "bukan pihak", "--site", tmp_path / "x")
    for words in (("open", tmp_path / "tidak-ada"), ("register", tmp_path / "tidak-ada", *READER)):
        with pytest.raises(BadInput):
            run(*words)
