"""kill -9 of the process that receives, in every stage: the next run ends where an undisturbed one does (R-083, R-184)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from posko.settings import PROJECT_ROOT

pytestmark = pytest.mark.server

BOTH = ("initial", "verify")
POINTS = [
    ("initial", "ingest.receive.BatchLog.discard_landing", "after", 1),
    ("initial", "ingest.receive.BatchLog.begin", "after", 1),
    ("initial", "ingest.landing.Loader.load", "before", 1),
    ("initial", "ingest.landing.Loader._fill", "after", 2),
    ("initial", "ingest.landing.Loader._write_ledger", "after", 3),
    ("initial", "ingest.landing.Loader.load", "after", 1),
    ("initial", "ingest.landing.Loader.load", "after", 5),
    ("initial", "ingest.carry.Carrier._compare_totals", "before", 1),
    ("initial", "ingest.carry.Carrier._compare_totals", "after", 1),
    ("initial", "ingest.carry.quarantine_landed", "before", 1),
    ("initial", "ingest.carry.quarantine_landed", "after", 1),
    ("initial", "ingest.carry.swap_first_load", "before", 1),
    ("initial", "ingest.carry.swap_first_load", "after", 1),
    ("initial", "ingest.carry.Carrier._take_over_first", "after", 1),
    ("initial", "ingest.receive._Run._report", "after", 1),
    ("initial", "ingest.registers._write", "after", 1),
    ("initial", "ingest.fingerprints._write", "after", 1),
    ("verify", "ingest.carry.differing_buckets", "after", 1),
    ("verify", "ingest.carry.fetch_source_keys", "after", 1),
    ("verify", "ingest.landing.Loader.load", "after", 1),
    ("verify", "ingest.carry.Carrier._compare_totals", "after", 1),
    ("verify", "ingest.carry.quarantine_landed", "before", 1),
    ("verify", "ingest.carry.quarantine_landed", "after", 1),
    ("verify", "ingest.carry.merge", "before", 1),
    ("verify", "ingest.merge._keep_history", "after", 1),
    ("verify", "ingest.merge._upsert", "after", 1),
    ("verify", "ingest.merge._retire", "after", 1),
    ("verify", "ingest.merge._settle_quarantine", "after", 1),
    ("verify", "ingest.carry.merge", "after", 1),
    ("verify", "ingest.fingerprints._write", "after", 1),
    ("verify", "ingest.fingerprints._date_missing", "before", 1),
    ("verify", "ingest.fingerprints._date_missing", "after", 1),
]


@pytest.mark.parametrize(("name", "function", "when", "nth"), POINTS, ids=str)
def test_a_killed_run_is_finished_by_the_next(learned, name, function, when, nth):
    scenario = learned[name]
    scenario.prepare()

    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.doomed", scenario.source.server.database, name, function, when, str(nth)],
        cwd=PROJECT_ROOT,
        env=environment(scenario.settings),
        capture_output=True,
        text=True,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    scenario.run_again_and_compare()


def environment(settings):
    """Return the environment that gives another process the same settings."""
    given = {f"POSKO_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value is not None}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT_ROOT)} | given
