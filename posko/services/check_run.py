"""Record of the gates: what was checked, when, with which outcome (§12.2, §12.8, R-105).

A run of a gate is one row for the gate itself (expectation `*`) and one for each thing that it expected. The
outcome is `passed`, `failed` or `could_not_run`; the last says nothing about the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

WHOLE_GATE = "*"
_WIDEST_EXPECTATION = 255

_CHECK_RUN = sa.table(
    "check_run",
    *(
        sa.column(name)
        for name in ("check_run_id", "run_id", "gate", "batch_id", "checked_at", "outcome", "expectation", "observed")
    ),
    schema="posko",
)


class Checked(Protocol):
    """One thing that a gate expected, and what became of it."""

    @property
    def name(self) -> str:
        """Name of the expectation."""

    @property
    def outcome(self) -> str:
        """`passed`, `failed` or `could_not_run`."""

    @property
    def observed(self) -> str:
        """What was seen, or why it could not run."""

    @property
    def only_warns(self) -> bool:
        """Whether the gate passes although this failed."""


class GateRun(Protocol):
    """One run of a gate, as `checks.gate.GateResult`."""

    @property
    def gate(self) -> str:
        """Name of the gate."""

    @property
    def outcome(self) -> str:
        """Outcome of the whole."""

    @property
    def checked_at(self) -> datetime:
        """When it began, UTC, without zone."""

    @property
    def expectations(self) -> Sequence[Checked]:
        """What it expected."""


@dataclass(frozen=True)
class LastOutcome:
    """The newest run of a gate: its outcome, and the expectations that did not pass with what was seen."""

    gate: str
    outcome: str
    checked_at: datetime
    run_id: str | None
    batch_id: int | None
    not_passed: dict[str, str]


def record(db: sa.Connection, result: GateRun, *, run_id: str | None = None, batch_id: int | None = None) -> None:
    """Write down one run of a gate.

    Args:
        db: open transaction of posko_app; the caller commits.
        result: outcome of the gate.
        run_id: run of the pipeline, None when a person started the gate.
        batch_id: batch that was checked, where it is known.
    """
    about = {"run_id": run_id, "gate": result.gate, "batch_id": batch_id, "checked_at": result.checked_at}
    found = [one for one in result.expectations if one.outcome != "passed"]
    whole = f"{len(result.expectations)} diperiksa, {len(found)} tidak lulus"
    rows = [{**about, "expectation": WHOLE_GATE, "outcome": result.outcome, "observed": whole}]
    for one in result.expectations:
        warning = "peringatan; " if one.only_warns and one.outcome == "failed" else ""
        rows.append(
            {
                **about,
                "expectation": one.name[:_WIDEST_EXPECTATION],
                "outcome": one.outcome,
                "observed": warning + one.observed,
            }
        )
    db.execute(sa.insert(_CHECK_RUN), rows)


def last_outcome(db: sa.Connection, gate: str) -> LastOutcome | None:
    """Return the newest run of a gate, or None when it never ran."""
    columns = _CHECK_RUN.c
    newest = db.execute(
        sa.select(columns.check_run_id, columns.outcome, columns.checked_at, columns.run_id, columns.batch_id)
        .where(columns.gate == gate, columns.expectation == WHOLE_GATE)
        .order_by(columns.checked_at.desc(), columns.check_run_id.desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    # The rows of one run were written by one statement, directly after the row of the gate.
    rows = db.execute(
        sa.select(columns.expectation, columns.observed)
        .where(
            columns.gate == gate,
            columns.checked_at == newest.checked_at,
            columns.check_run_id > newest.check_run_id,
            columns.expectation != WHOLE_GATE,
            columns.outcome != "passed",
        )
        .order_by(columns.check_run_id)
    )
    return LastOutcome(
        gate,
        newest.outcome,
        newest.checked_at,
        newest.run_id,
        newest.batch_id,
        {row.expectation: row.observed for row in rows},
    )
