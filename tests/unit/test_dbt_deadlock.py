"""A build that the server took back in a deadlock is made again, once; any other failure is told (§12.2)."""

from __future__ import annotations

import pytest

from apps.pipeline import dbt
from apps.pipeline.dbt import DbtOutcome, run_dbt
from posko.domain.errors import DataRefused

DEADLOCK = "fct_deviation_s03: (1213, 'Deadlock found when trying to get lock; try restarting transaction')"


def answers(monkeypatch, *failures):
    """Let dbt answer with these failures, run after run; return the list that the runs are noted in."""
    runs = []

    def run(_settings, _server, *arguments, alone=False):
        runs.append((*arguments, alone))
        return DbtOutcome(1.0, {}, list(failures[len(runs) - 1]))

    monkeypatch.setattr(dbt, "_run", run)
    return runs


def test_a_build_that_met_a_deadlock_is_made_again_by_one_thread(monkeypatch):
    runs = answers(monkeypatch, [DEADLOCK], [])

    assert run_dbt(None, None, "compile").failures == []
    assert runs == [("compile", False), ("compile", True)]


@pytest.mark.parametrize("failures", [[[DEADLOCK], [DEADLOCK]], [["assert_x: Got 1 result"]]])
def test_what_fails_again_or_fails_otherwise_is_told(monkeypatch, failures):
    runs = answers(monkeypatch, *failures)

    with pytest.raises(DataRefused, match=failures[0][0].partition(":")[0]):
        run_dbt(None, None, "compile")
    assert len(runs) == len(failures)
