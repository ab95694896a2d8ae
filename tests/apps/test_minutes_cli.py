"""`posko minutes` as a person calls it: verified with and without rows, checked again, printed signed (§14.2; R-162, 8.3 no. 12)."""

from __future__ import annotations

import json

import pytest

from apps.cli import context
from apps.cli import print as print_command
from exports import minutes_claim
from exports.certificate_keys import signer_in
from posko.domain.errors import ConfigurationError
from tests.support.commands import reached, run
from tests.support.decided import decided, evaluate
from tests.support.world import World

pytestmark = pytest.mark.server
READER = ("--reader", "synthetic", "--serial", "READER-0", "--station", "ST-0")


@pytest.fixture
def world(clean_posko, settings, monkeypatch):
    """A closed meeting over results of both LSP, as the commands reach it; whoever stands at the reader is let in."""
    made = World(clean_posko, settings)
    made.fill()
    decided(made, "100")
    decided(made, "200", lsp="LSP-2", tuk="TUK-3", met="MET.3")
    made.meeting = evaluate(made)
    with reached(made, monkeypatch, print_command):
        yield made


def printed(world, tmp_path, who="BN1"):
    file = tmp_path / f"{who}.pdf"
    run("print", "minutes", "--meeting", world.meeting, "--out", file, *READER, "--person", who)
    return file


@pytest.fixture
def keys(world, tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(run("certificate", "keys"))
    return file


@pytest.mark.parametrize("who", ["BN1", "LS1"])
def test_printed_minutes_are_genuine_for_an_outsider_and_by_the_rows(world, tmp_path, keys, who, monkeypatch):
    file = printed(world, tmp_path, who)
    by_rows = json.loads(run("minutes", "verify", "--file", file, "--json"))

    def nothing():
        raise ConfigurationError("no settings, no server")

    monkeypatch.setattr(context, "settings", nothing)
    monkeypatch.setattr(context, "app_engine", nothing)
    offline = json.loads(run("minutes", "verify", "--file", file, "--keys", keys, "--json"))

    assert offline == by_rows
    assert (offline["verdict"], offline["meeting_id"], offline["is_scan"]) == ("GENUINE", world.meeting, False)
    assert offline["minutes_sha256"] == world.value("select lower(hex(minutes_sha256)) from posko.evaluation_meeting")
    frozen = json.loads(world.value("select evidence from posko.evaluation_meeting"))
    assert offline["scorecards_sha256"] == frozen["scorecards_sha256"]
    assert "ASLI" in run("minutes", "verify", "--file", file, "--keys", keys)


def test_a_changed_file_is_none(world, tmp_path, keys):
    file = printed(world, tmp_path)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    assert "telah diubah" in run("minutes", "verify", "--file", file, "--keys", keys, code=1)


def test_genuine_paper_over_rows_that_were_changed_is_told_by_the_rows_alone(world, tmp_path, keys):
    file = printed(world, tmp_path)
    world.write("update posko.evaluation_meeting set minutes = 'Lain.'")

    assert "tidak cocok" in run("minutes", "verify", "--file", file, code=1)
    assert "ASLI" in run("minutes", "verify", "--file", file, "--keys", keys)
    assert "tidak cocok" in run("minutes", "verify", "--qr", code_of(world, meeting=99), code=1)


def code_of(world, meeting):

    day = world.value("select held_on from posko.evaluation_meeting")
    claim = minutes_claim.Claim(meeting, day, world.now.replace(microsecond=0), "00" * 32, "")
    return minutes_claim.write(claim, signer_in(context.settings().secrets))


def test_a_check_proves_minutes_and_cards_again_and_says_which_changed(world):
    assert "risalah utuh, kartu nilai sama" in run("minutes", "check")
    world.write("update posko.decision set result = 'BK', reason = 'x'")

    told = json.loads(run("minutes", "check", "--meeting", world.meeting, "--json", code=1))

    assert [(row["is_intact"], row["is_same_again"]) for row in told] == [(True, False)]
    assert "KARTU NILAI BERBEDA" in run("minutes", "check", code=1)


@pytest.mark.parametrize("words", [(), ("--qr", "x", "--file", __file__)])
def test_exactly_one_thing_is_verified(world, words):
    run("minutes", "verify", *words, code=2)


def test_what_is_no_code_is_none(world):
    assert "bukan isi kode QR" in run("minutes", "verify", "--qr", "-", input="hello\n", code=1)
