"""`posko audit` from the terminal: seal, verify with and without the database, prove, export; acts and refusals are logged."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from apps.cli import acts, context
from apps.cli.main import posko as command
from apps.pipeline.run import Pipeline
from posko.db.audit import AuditWriter
from posko.db.audit_file import LOG_NAME
from posko.domain.errors import BadInput
from posko.services.audit_notes import COSIGNATURE, cosign, public_key, read_note, with_signatures
from tests.support.audit import ask, do, event

pytest_plugins = ["tests.support.audit_fixtures"]
pytestmark = pytest.mark.server


@pytest.fixture
def run(audit_db, app_engine, settings, monkeypatch):
    """Run a command as a person does, on the suite's own server."""
    for folder in ("audit", "log"):
        shutil.rmtree(settings.var / folder, ignore_errors=True)
    acts._writer.cache_clear()
    monkeypatch.setattr(context, "settings", lambda: settings)
    monkeypatch.setattr(context, "posko", lambda: audit_db)
    monkeypatch.setattr(context, "app_connection", app_engine.connect)
    monkeypatch.setattr(context, "app_engine", lambda: app_engine)

    def call(*words, code=0):
        result = CliRunner().invoke(command, list(map(str, words)))
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    yield call
    acts._writer.cache_clear()
    shutil.rmtree(settings.var / "audit", ignore_errors=True)


@pytest.fixture
def filled(run, app_engine, settings):
    """A log with 12 events, sealed."""
    with app_engine.begin() as db:
        AuditWriter.of(settings).write_many(db, [event(number) for number in range(12)])
    run("audit", "seal")
    return run


def test_an_empty_log_is_sealed_and_verified_without_a_complaint(run):
    assert "0 peristiwa disegel" in run("audit", "seal")
    assert json.loads(run("audit", "verify", "--json"))["clean"] is True


def test_seal_verify_export_and_verify_outside_without_the_database(filled, settings, tmp_path, monkeypatch):
    assert "12 peristiwa; 12 dibuktikan" in filled("audit", "verify")
    assert json.loads(filled("audit", "export", tmp_path / "out", "--json")) == {"events": 12}
    note, key = settings.var / "audit" / "000000000012.note", settings.var / "audit" / "log.vkey"

    def no_database():
        raise AssertionError("an outsider has no database")

    monkeypatch.setattr(context, "posko", no_database)
    monkeypatch.setattr(context, "settings", no_database)
    outside = ("audit", "verify", "--from", tmp_path / "out", "--checkpoint", note, "--log-key", key)
    verdict = json.loads(filled(*outside, "--json"))
    assert (verdict["clean"], verdict["verified"], verdict["macs_checked"]) == (True, 12, False)
    assert json.loads(filled(*outside, "--mac-key", settings.secrets / "audit-mac", "--json"))["macs_checked"] is True
    events = tmp_path / "out" / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b'"T5"', b'"T6"'))
    assert "temuan: log diubah" in filled(*outside, code=1)


def test_a_changed_table_ends_with_code_1_and_names_the_place(filled, audit_db):
    do(audit_db, "update audit_event set outcome = 'refused' where event_id = 4")
    for _ in range(2):
        assert "Segel 3: sidik peristiwa tidak cocok" in filled("audit", "verify", code=1)
    noted = ask(audit_db, "select subject_code from posko.deviation where rule_id = 'DV-X05' order by 1")
    assert ("log leaf 3",) in noted
    assert len(set(noted)) == len(noted)


def test_a_changed_log_file_ends_with_code_1(filled, settings):
    path = settings.var / "log" / LOG_NAME
    path.write_bytes(path.read_bytes().replace(b'"T5"', b'"T6"'))
    assert "Berkas log baris 6: tidak ada di tabel" in filled("audit", "verify", code=1)


def test_proofs_are_printed_and_checked_without_the_database(filled, settings, tmp_path):
    key, proof = settings.var / "audit" / "log.vkey", tmp_path / "proof.json"
    for options in (("--event", 5), ("--since", 12)):
        proof.write_text(filled("audit", "prove", *options), "utf-8")
        assert "Bukti benar." in filled("audit", "verify", "--proof", proof, "--log-key", key)
    proof.write_text(filled("audit", "prove", "--event", 5).replace('\\"T5\\"', '\\"T6\\"'), "utf-8")
    assert "Bukti TIDAK benar." in filled("audit", "verify", "--proof", proof, "--log-key", key, code=1)


@pytest.mark.parametrize(
    "words",
    [("prove",), ("prove", "--event", 1, "--since", 1), ("prove", "--event", 99), ("prove", "--event", 1, "--size", 3)],
)
def test_a_wrong_question_is_answered_with_a_sentence(filled, words):
    with pytest.raises(BadInput):
        filled("audit", *words)


def test_an_outsider_without_key_or_checkpoint_is_told_what_is_missing(filled, settings, tmp_path):
    filled("audit", "export", tmp_path / "out")
    note = settings.var / "audit" / "000000000012.note"
    with pytest.raises(BadInput, match="log-key"):
        filled("audit", "verify", "--from", tmp_path / "out", "--checkpoint", note)
    with pytest.raises(BadInput, match="checkpoint"):
        filled("audit", "verify", "--from", tmp_path / "out", "--log-key", settings.var / "audit" / "log.vkey")
    with pytest.raises(BadInput, match="sudah berisi"):
        filled("audit", "export", tmp_path / "out")


def test_an_import_of_rules_its_refusal_and_a_look_at_them_are_logged(run, audit_db, tmp_path):
    do(audit_db, "delete from posko.blkln_tuk_rule")
    rules = tmp_path / "rules.csv"
    rules.write_text("blkln_code,priority,tuk_code\n*,1,NO-SUCH-TUK\n", "utf-8")
    with pytest.raises(BadInput):
        run("registry", "rules", rules)
    run("registry", "show", "rules")
    acts_found = ask(
        audit_db, "select action, outcome, actor_kind from audit_event where entity <> 'audit' order by event_id"
    )
    assert acts_found == [("registry.rules_replaced", "refused", "person"), ("registry.rules_shown", "ok", "person")]
    run("audit", "seal")
    verdict = json.loads(run("audit", "verify", "--json"))
    assert (verdict["clean"], verdict["open_tails"]) == (True, 0)


def test_the_stages_of_a_run_are_logged_in_their_transactions(audit_db, settings, source):
    pipeline = Pipeline(source.server, audit_db, settings)
    with pytest.raises(ZeroDivisionError), pipeline._stage("receive", "x"):
        raise ZeroDivisionError
    with pipeline._stage("transform", "x") as stage:
        stage["rows"] = 7
    pipeline._close_log()
    pipeline.engine.dispose()
    found = ask(audit_db, "select action, outcome, entity_key, payload from audit_event order by event_id")
    assert [row[0] for row in found] == ["pipeline.stage_begun", "pipeline.stage_ended"] * 2 + ["audit.close"]
    assert {row[2] for row in found[:4]} == {pipeline.summary.run_id}
    assert found[1][1] == "failed"
    assert json.loads(found[1][3])["error"] == "ZeroDivisionError"
    assert json.loads(found[3][3])["rows"] == 7


def test_a_witness_line_is_taken_over_and_goes_out_with_the_export(run, app_engine, settings, tmp_path):
    with app_engine.begin() as db:
        AuditWriter.of(settings).write(db, event(1))
    run("audit", "seal")
    run("audit", "export", tmp_path / "out")
    private, name = b"w" * 32, "bnp2tki/witness"
    (note,) = (tmp_path / "out" / "checkpoints").iterdir()
    text = note.read_text("utf-8")
    line = cosign(read_note(text), private, witness=name, at=1_338_940_800)
    signed, key = tmp_path / "signed.note", tmp_path / "witness.vkey"
    signed.write_text(with_signatures(text, [line]), "utf-8")
    key.write_text(public_key(private, name, kind=COSIGNATURE).text, "utf-8")

    assert "2012-06-06" in run("audit", "witness", signed, "--key", key)
    with pytest.raises(BadInput):
        run("audit", "witness", note, "--key", key)
    run("audit", "export", tmp_path / "again")
    assert line in (tmp_path / "again" / "checkpoints" / note.name).read_text("utf-8")
