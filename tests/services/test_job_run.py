"""The record of the pipeline's stages (§12.2, R-084)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from posko.db.lease import held_lease
from posko.services import job_run

pytestmark = pytest.mark.server


@pytest.fixture
def lease(clean_posko):
    """Hold the pipeline's lease, as a run does."""
    with held_lease(clean_posko, "posko_app", "posko", job_run.LEASE, seconds=30):
        yield


def test_a_stage_that_ended_tells_its_rows_and_outcome(app_db):
    job = job_run.start_stage(app_db, run_id="r1", stage="receive")
    job_run.end_stage(app_db, job, outcome="ok", rows=5000)
    (stage,) = job_run.last_runs(app_db)
    assert (stage.run_id, stage.stage, stage.outcome, stage.row_count) == ("r1", "receive", "ok", 5000)
    assert stage.started_at <= stage.ended_at


def test_a_stage_that_failed_tells_why(app_db):
    job = job_run.start_stage(app_db, run_id="r1", stage="transform")
    job_run.end_stage(app_db, job, outcome="failed", detail="Tahap transform gagal.")
    (stage,) = job_run.last_runs(app_db)
    assert (stage.outcome, stage.row_count, stage.detail) == ("failed", None, "Tahap transform gagal.")


def test_a_stage_is_running_while_its_run_holds_the_lease(app_db, lease):
    job_run.start_stage(app_db, run_id="r1", stage="receive")
    assert [stage.outcome for stage in job_run.last_runs(app_db)] == ["running"]


def test_a_stage_left_running_by_a_run_without_lease_is_shown_as_killed(app_db):
    job_run.start_stage(app_db, run_id="r1", stage="receive")
    assert [stage.outcome for stage in job_run.last_runs(app_db)] == ["killed"]


def test_a_stage_left_running_is_killed_as_soon_as_another_run_begins(app_db, lease):
    job_run.start_stage(app_db, run_id="r1", stage="receive")
    job_run.start_stage(app_db, run_id="r2", stage="receive")
    stages = job_run.last_runs(app_db)
    assert [(stage.run_id, stage.outcome) for stage in stages] == [("r2", "running"), ("r1", "killed")]
    kept = app_db.execute(sa.text("select outcome, ended_at from posko.job_run where run_id = 'r1'")).one()
    assert tuple(kept) == ("killed", None)


def test_the_newest_stages_come_first_and_not_more_than_asked(app_db):
    for stage in ("receive", "check received", "transform"):
        job_run.end_stage(app_db, job_run.start_stage(app_db, run_id="r1", stage=stage), outcome="ok")
    assert [stage.stage for stage in job_run.last_runs(app_db, limit=2)] == ["transform", "check received"]


def test_a_stage_ends_once_and_with_an_outcome_that_exists(app_db):
    job = job_run.start_stage(app_db, run_id="r1", stage="receive")
    with pytest.raises(ValueError, match="cannot end with outcome 'running'"):
        job_run.end_stage(app_db, job, outcome="running")
    job_run.end_stage(app_db, job, outcome="ok")
    with pytest.raises(ValueError, match="is not running"):
        job_run.end_stage(app_db, job, outcome="failed")


def test_nothing_ran_yet(app_db):
    assert job_run.last_runs(app_db) == []
