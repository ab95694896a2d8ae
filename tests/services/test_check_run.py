"""The record of the gates (§12.2, R-105), and the command that a person gives."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from apps.cli import check, context
from checks import received
from checks.gate import ExpectationResult, GateResult, outcome_of
from posko.services import check_run

pytestmark = pytest.mark.server

MORNING = datetime.fromisoformat("2026-07-28T04:05:06.789")


def gate(*outcomes, at=MORNING, warns=False):
    results = tuple(
        ExpectationResult(f"rule_{number}", "Sebuah syarat.", outcome, f"dilihat {number}", warns)
        for number, outcome in enumerate(outcomes)
    )
    return GateResult("received", outcome_of(results), results, Path("docs/index.html"), at, 0.1)


def test_a_gate_that_never_ran_has_no_outcome(app_db):
    assert check_run.last_outcome(app_db, "received") is None


def test_every_expectation_of_a_run_is_written_down_with_the_gate_itself(app_db):
    check_run.record(app_db, gate("passed", "failed"), run_id="r1", batch_id=7)
    rows = app_db.execute(
        sa.text(
            "select run_id, gate, batch_id, expectation, outcome, observed from posko.check_run order by check_run_id"
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        ("r1", "received", 7, "*", "failed", "2 diperiksa, 1 tidak lulus"),
        ("r1", "received", 7, "rule_0", "passed", "dilihat 0"),
        ("r1", "received", 7, "rule_1", "failed", "dilihat 1"),
    ]


def test_the_last_outcome_is_that_of_the_newest_run_with_what_did_not_pass(app_db):
    check_run.record(app_db, gate("failed", "passed"), run_id="r1")
    check_run.record(
        app_db, gate("passed", "could_not_run", at=datetime.fromisoformat("2026-07-28T05:00:00")), run_id="r2"
    )
    last = check_run.last_outcome(app_db, "received")
    assert (last.outcome, last.run_id, last.not_passed) == ("could_not_run", "r2", {"rule_1": "dilihat 1"})
    assert check_run.last_outcome(app_db, "allocation") is None


def test_two_runs_of_the_same_moment_are_not_mixed(app_db):
    check_run.record(app_db, gate("failed"), run_id="r1")
    check_run.record(app_db, gate("passed"), run_id="r2")
    last = check_run.last_outcome(app_db, "received")
    assert (last.outcome, last.not_passed) == ("passed", {})


def test_a_warning_is_marked_as_one(app_db):
    check_run.record(app_db, gate("failed", warns=True))
    last = check_run.last_outcome(app_db, "received")
    assert (last.outcome, last.not_passed) == ("passed", {"rule_0": "peringatan; dilihat 0"})


@pytest.fixture
def command(app_db, clean_posko, settings, monkeypatch):
    """Run `posko check received` with a gate that gives the wanted outcome."""
    monkeypatch.setattr(context, "posko", lambda: clean_posko)
    monkeypatch.setattr(context, "settings", lambda: settings)
    monkeypatch.setattr(context, "app_connection", app_db.engine.connect)

    def run(result, *options):
        monkeypatch.setattr(received, "run_gate", lambda *_, **__: result)
        return CliRunner().invoke(check.command, ["received", *options])

    return run


def test_the_command_ends_with_0_and_a_table_when_the_gate_passes(command):
    ran = command(gate("passed"))
    assert ran.exit_code == 0
    assert "lulus" in ran.stdout
    assert ran.stderr == ""


def test_the_command_ends_with_1_and_names_what_failed(command):
    ran = command(gate("passed", "failed"))
    assert ran.exit_code == 1
    assert "Gerbang received gagal: rule_1 (dilihat 1)" in ran.stderr


def test_the_command_says_when_a_question_could_not_be_asked(command):
    ran = command(gate("passed", "could_not_run"))
    assert ran.exit_code == 1
    assert "tidak dapat dijalankan" in ran.stderr
    assert "rule_1 (dilihat 1)" in ran.stderr


def test_the_command_writes_one_document_for_machines_and_keeps_the_record(command, app_db):
    ran = command(gate("failed"), "--json")
    assert json.loads(ran.stdout)["outcome"] == "failed"
    assert check_run.last_outcome(app_db, "received").outcome == "failed"
