"""`posko audit pack`, `verify-pack` and `posko surveillance` as people call them at a terminal (§5.7, §4.2; R-025, R-190)."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from apps.cli import context, officer
from apps.cli.main import posko as command
from apps.fraud.small_world import START
from exports.certificate_keys import public_keys_in
from posko.domain.errors import BadInput, NotPermitted
from posko.settings import PROJECT_ROOT
from tests.support.audit_pack import PERIOD, held_of, story

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]
NEXT = START.date() + dt.timedelta(days=7)
DAYS = ("--from", PERIOD.first, "--to", PERIOD.last)


@pytest.fixture
def run(world, monkeypatch):
    """Run a command; whoever is named puts the right finger on the reader."""
    monkeypatch.setattr(context, "settings", lambda: world.settings)
    monkeypatch.setattr(context, "posko", lambda: world.server)

    @contextmanager
    def at_the_reader(_reader, _station):
        yield SimpleNamespace(signed_in=world.desk)

    monkeypatch.setattr(officer, "finger_desk", at_the_reader)

    def call(*words, who="AU1", code=0):
        reader = ("--reader", "synthetic", "--serial", "READER-0", "--station", "ST-0", "--person", who) if who else ()
        result = CliRunner().invoke(command, [*map(str, words), *reader])
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return call


@pytest.fixture
def packed(world, run, tmp_path):
    """A pack with the keys and checkpoints of an auditor beside it, as files; the folder."""
    key = story(world)
    run("audit", "pack", *DAYS, "--out", tmp_path / "paket.posko")
    (tmp_path / "kunci.json").write_text(public_keys_in(world.settings.secrets).text(), "utf-8")
    (tmp_path / "log.vkey").write_text(key.text + "\n", "utf-8")
    (tmp_path / "titik.note").write_text(held_of(world)[-1].text, "utf-8")
    return tmp_path


def verify_words(folder):
    keys = ("--key", folder / "kunci.json", "--key", folder / "log.vkey")
    return ("audit", "verify-pack", folder / "paket.posko", *keys, "--checkpoint", folder / "titik.note")


def test_a_pack_is_made_and_verified_in_a_process_that_knows_no_server_and_no_setting(packed):
    bare = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT_ROOT),
        "POSKO_DATABASE_URL": "mysql://nobody@nowhere.invalid/x",
    }
    words = [sys.executable, "-B", "-m", "apps.cli.main", *map(str, verify_words(packed))]

    done = subprocess.run(words, cwd=packed, env=bare, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Tidak ada temuan." in done.stdout
    assert "dibuktikan oleh checkpoint milik Anda" in done.stdout


def test_a_changed_pack_ends_with_its_findings_and_code_1(run, packed):
    data = bytearray((packed / "paket.posko").read_bytes())
    place = data.index(b"line/00001.parquet") + 600
    data[place] ^= 1
    (packed / "paket.posko").write_bytes(data)

    said = run(*verify_words(packed), who=None, code=1)

    assert "Berkas line/00001.parquet diubah" in said
    assert "TIDAK boleh dipercaya" in said
    told = json.loads(run(*verify_words(packed), "--json", who=None, code=1))
    assert [(one["kind"], one["where"]) for one in told["findings"]] == [("file", "line/00001.parquet")]


def test_the_keys_must_be_those_of_bnsp_and_of_the_log(run, packed):
    for keys in (["kunci.json"], ["log.vkey"], ["kunci.json", "log.vkey", "log.vkey"]):
        words = [word for name in keys for word in ("--key", packed / name)]
        with pytest.raises(BadInput):
            run("audit", "verify-pack", packed / "paket.posko", *words, "--checkpoint", packed / "titik.note", who=None)
    with pytest.raises(BadInput, match="checkpoint"):
        run(*verify_words(packed)[:-2], who=None)


def test_who_is_audited_makes_no_pack_at_a_terminal_either(run, tmp_path):
    with pytest.raises(NotPermitted):
        run("audit", "pack", *DAYS, "--out", tmp_path / "p", who="LS1")


def test_the_week_is_drawn_visited_and_revealed_at_a_terminal(world, run):
    for number in (1, 2, 3):
        world.write(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at,"
            f" made_by) values ({number}, 'TUK-1', 'LSP-1', 'TLRT', '{NEXT}', {number}, 'MET.1', 'PLANNED', '2026-03-01', 'KO1')"
        )
    week = f"{NEXT:%G-W%V}"

    drawn = json.loads(run("surveillance", "draw", "--week", week, "--json", who="BN1"))
    assert drawn["picked"] == [1, 2, 3]
    assert "TUK-1" in run("surveillance", "list", "--week", NEXT)
    world.at(NEXT, 15)
    for number in (1, 2):
        run("surveillance", "visit", "--session", number, "--outcome", "CONFORMS", "--note", "Sesuai", who="BN1")
    said = run("surveillance", "visit", "--session", 3, "--outcome", "NOT_HELD", "--note", "Terkunci", who="BN1")
    assert "Penyimpangan nomor 1 dicatat" in said
    assert "sampelnya sama" in run("surveillance", "reveal", "--week", week, who="BN1")
    assert "belum dikunjungi" not in run("surveillance", "coverage")
    world.write("update posko.surveillance_frame set weight = weight + 1")
    assert "TIDAK sama" in run("surveillance", "reveal", "--week", week, who="BN1", code=1)


@pytest.mark.parametrize("week", ["kemarin", "2026-W99", "2026-13-01"])
def test_a_week_that_is_none_is_a_question_of_usage(run, week):
    assert "tulis minggu seperti" in run("surveillance", "draw", "--week", week, who="BN1", code=2)
