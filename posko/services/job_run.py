"""Record of the pipeline's stages: when each began and ended, rows, outcome (§12.2, R-084).

A stage is `running` until it is told to have ended `ok` or `failed`. A run that was killed cannot say so: its
stage is read as `killed` once its lease is gone or another run has begun, and is written down so when the next
run begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

if TYPE_CHECKING:
    from datetime import datetime

StageOutcome = Literal["running", "ok", "failed", "killed"]

LEASE = "pipeline"
"""Lease under which a run of the pipeline holds the floor."""
_LONGEST_DETAIL = 4_000

_NOW = sa.func.utc_timestamp(6)
_JOB_RUN = sa.table(
    "job_run",
    sa.column("job_run_id", sa.BigInteger),
    sa.column("run_id", sa.String),
    sa.column("stage", sa.String),
    sa.column("started_at", sa.DateTime),
    sa.column("ended_at", sa.DateTime),
    sa.column("row_count", sa.BigInteger),
    sa.column("outcome", sa.String),
    sa.column("detail", sa.Text),
    schema="posko",
)
_LEASE = sa.table("lease", sa.column("lease_name", sa.String), sa.column("expires_at", sa.DateTime), schema="posko")


@dataclass(frozen=True)
class StageRun:
    """One stage of one run; times in UTC without zone, `row_count` what it counts (rows, TKI, expectations)."""

    run_id: str
    stage: str
    started_at: datetime
    ended_at: datetime | None
    row_count: int | None
    outcome: StageOutcome
    detail: str | None


def start_stage(db: sa.Connection, *, run_id: str, stage: str) -> int:
    """Write down that a stage begins, and that stages which other runs left running were killed.

    Args:
        db: open transaction of posko_app; the caller commits, and holds the pipeline's lease.
        run_id: the run.
        stage: name of the stage.

    Returns:
        The number of the record, for `end_stage`.
    """
    columns = _JOB_RUN.c
    db.execute(
        sa.update(_JOB_RUN).where(columns.outcome == "running", columns.run_id != run_id).values(outcome="killed")
    )
    made = db.execute(sa.insert(_JOB_RUN).values(run_id=run_id, stage=stage, started_at=_NOW, outcome="running"))
    return int(made.lastrowid)


def end_stage(
    db: sa.Connection, job_run_id: int, *, outcome: str, rows: int | None = None, detail: str | None = None
) -> None:
    """Write down that a stage has ended.

    Args:
        db: open transaction of posko_app; the caller commits.
        job_run_id: what `start_stage` gave.
        outcome: `ok`, `failed` or `killed`.
        rows: what the stage counted.
        detail: why it failed, a sentence for people.

    Raises:
        ValueError: the outcome is none of these, or the stage has ended before.
    """
    if outcome not in {"ok", "failed", "killed"}:
        raise ValueError(f"a stage cannot end with outcome {outcome!r}")
    columns = _JOB_RUN.c
    ended = db.execute(
        sa.update(_JOB_RUN)
        .where(columns.job_run_id == job_run_id, columns.ended_at.is_(None))
        .values(ended_at=_NOW, outcome=outcome, row_count=rows, detail=detail[:_LONGEST_DETAIL] if detail else None)
    )
    if ended.rowcount != 1:
        raise ValueError(f"stage {job_run_id} is not running")


def last_runs(db: sa.Connection, *, limit: int = 12) -> list[StageRun]:
    """Return the newest stages, newest first; one that nobody can be running any more is `killed`."""
    columns = _JOB_RUN.c
    alive = db.scalar(
        sa.select(sa.func.count()).select_from(_LEASE).where(_LEASE.c.lease_name == LEASE, _LEASE.c.expires_at > _NOW)
    )
    rows = db.execute(
        sa.select(
            columns.run_id,
            columns.stage,
            columns.started_at,
            columns.ended_at,
            columns.row_count,
            columns.outcome,
            columns.detail,
        )
        .order_by(columns.job_run_id.desc())
        .limit(limit)
    ).all()
    # Only one run holds the lease, and it is the one that began last.
    current = rows[0].run_id if rows and alive else None
    return [
        StageRun(
            row.run_id,
            row.stage,
            row.started_at,
            row.ended_at,
            row.row_count,
            "killed" if row.outcome == "running" and row.run_id != current else row.outcome,
            row.detail,
        )
        for row in rows
    ]
