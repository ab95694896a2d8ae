"""kill -9 of the process that judges the rules: the next run makes up for it, and everything stands once (§5.2, R-184)."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import sys

import pytest

from posko.services import replay
from posko.services.office import server_time
from posko.settings import PROJECT_ROOT
from tests.faults.test_killed_client import environment
from tests.services.test_deviation_run import HOLDING, PARAMETER, SQL, TABLE, VIEW, put, run
from tests.support.world import World

pytestmark = pytest.mark.server

POINTS = [
    ("posko.services.finding_rows.add_many", "after", 1),
    ("posko.services.finding_rows._deviations", "after", 1),
    ("posko.services.finding_cases._put", "after", 1),
    ("posko.services.findings.add", "after", 1),
    ("posko.services.findings.add", "after", 2),
]
FOUND = ["MET.1", "MET.2", "MET.3"]


@pytest.fixture
def rules(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    made.write(PARAMETER)
    made.write(TABLE)
    for rule_id in (SQL, HOLDING):
        made.write(VIEW.format(name=rule_id[3:].lower(), rule_id=rule_id))
        for code in FOUND:
            put(made, code, rule_id)
    made.office = dataclasses.replace(made.office, clock=server_time)
    yield made
    made.close()


@pytest.mark.parametrize(("function", "when", "nth"), POINTS, ids=str)
def test_a_killed_run_is_made_up_for_by_the_next(rules, settings, function, when, nth):
    words = [sys.executable, "-m", "tests.support.doomed_rules", function, when, str(nth), SQL, HOLDING]
    done = subprocess.run(
        words, cwd=PROJECT_ROOT, env=environment(settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    # Whoever was killed keeps the lease until it ends by itself.
    rules.write("update posko.lease set expires_at = utc_timestamp(6)")

    run(rules)

    for rule_id in (SQL, HOLDING):
        about = "from posko.deviation as d join posko.deviation_case as c using (case_id) where d.rule_id = :rule order by 1"
        assert rules.ask(f"select d.subject_code {about}", rule=rule_id) == [(code,) for code in FOUND]
    assert rules.ask("select change_kind, count(*) from posko.finding_change group by 1") == [("FOUND", 6)]
    assert rules.value("select count(*) from posko.deviation_case") == 6
    with rules.admin().connect() as db:
        assert replay.compare_with_tables(db) == []
