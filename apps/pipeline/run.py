"""One run of the pipeline under one lease: receive, gate, transform, gate, and on to BNP2TKI's acknowledgement (§12.1-14.5, R-084).

Every stage may be repeated: after any failure the next run goes on. A gate that does not pass stops the run before
anything downstream is touched.
"""

from __future__ import annotations

import time
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
import structlog

from apps.pipeline.dbt import run_dbt
from apps.pipeline.gates import run_gate
from checks.gate import sentence
from ingest.receive import Received, receive
from posko.db.audit import AuditWriter
from posko.db.lease import held_lease
from posko.domain.audit import Actor, Event
from posko.domain.errors import DataRefused, PoskoError
from posko.services import check_run, job_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apps.pipeline.onward import Onward
    from posko.db.engine import Server
    from posko.settings import Settings

log = structlog.get_logger()

COUNTS = {
    "eligible": "select count(*) from posko_model.fct_tki_eligible",
    "held_back": "select count(distinct tki_id) from posko_model.fct_tki_held_back",
    "findings": "select count(*) from posko_model.fct_tki_finding",
    "proposed": "select count(*) from posko_model.fct_tuk_proposal",
    "unplaced": "select count(*) from posko_model.fct_tki_unplaced",
}
"""Figure of the summary -> where it is counted. A TKI held back for two reasons is one TKI."""


ACTOR = Actor("system", "pipeline")
"""Who acts in the audit log when nobody clicked."""


class GateFailed(DataRefused):
    """A gate did not pass; the stages after it were not touched."""


@dataclass
class Summary:
    """What `posko run --json` prints; complete up to the stage that failed."""

    run_id: str
    received: Received | None = None
    counts: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(COUNTS))
    onward: dict[str, int] = field(default_factory=dict)
    gates: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    error: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return one flat document."""
        figures = self.received.as_dict() if self.received else {}
        figures.pop("seconds", None)
        return {
            "run_id": self.run_id,
            **figures,
            **self.counts,
            **self.onward,
            "gates": self.gates,
            "seconds": self.seconds,
            "error": self.error,
        }


class Pipeline:
    """One run: two servers, the settings, and how a person sees it going on."""

    def __init__(
        self,
        source: Server,
        target: Server,
        settings: Settings,
        *,
        say: Callable[[str], None] = lambda _: None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.source, self.target, self.settings = source, target, settings
        self.say, self.progress = say, progress
        self.engine = target.engine("posko_app", "posko")
        self.audit = AuditWriter.of(settings)
        self.summary = Summary(run_id=uuid.uuid4().hex[:12])

    def run(self, *, verify: bool = False, full: bool = False, onward: Onward | None = None) -> Summary:
        """Run all stages; `self.summary` tells how far it came when one raises.

        Args:
            verify: compare checksums with the source instead of trusting `updated_at`.
            full: let dbt compute everything anew.
            onward: what goes on after the gate `allocation` without a click; None: nothing does.

        Raises:
            LeaseHeld: another run is under way.
            GateFailed: a gate did not pass, or could not run.
            PoskoError: what the stage raised.
        """
        with self._under_the_lease():
            self._receive(verify=verify)
            self._gate("received")
            self._transform(full=full)
            self._gate("allocation")
            if onward is not None:
                self._go_on(onward)
        return self.summary

    def hand_over(self, onward: Onward) -> Summary:
        """Do only what goes on without a click, with its gates; raises as `run`."""
        with self._under_the_lease():
            self._go_on(onward)
        return self.summary

    @contextmanager
    def _under_the_lease(self) -> Iterator[None]:
        structlog.contextvars.bind_contextvars(run_id=self.summary.run_id)
        try:
            with held_lease(self.target, "posko_app", "posko", "pipeline", seconds=self.settings.lease_seconds):
                yield
        except Exception as error:
            self.summary.error = str(error)
            log.exception("run_failed", kind=type(error).__name__)
            raise
        finally:
            structlog.contextvars.unbind_contextvars("run_id")
            self._close_log()
            self.engine.dispose()
        log.info("run_done", **self.summary.as_dict())

    def _go_on(self, onward: Onward) -> None:
        """Do the steps of `onward`, each behind its gate; where nothing waits for a gate, it is not asked."""
        for step in onward.steps():
            if step.gate is not None:
                self._gate(step.gate)
            with self._stage(step.name, step.label) as stage:
                counts = step.work()
                self.summary.onward.update(counts)
                stage["rows"] = sum(counts.values())

    def _receive(self, *, verify: bool) -> None:
        with self._stage("receive", "Menarik TKI dari BNP2TKI") as stage:
            self.summary.received = receive(
                self.source, self.target, self.settings, verify=verify, progress=self.progress
            )
            stage["rows"] = self.summary.received.received

    def _transform(self, *, full: bool) -> None:
        with self._stage("transform", "Menyaring, mengusulkan, mencocokkan") as stage:
            # One start of dbt for both: the tables of the evaluation cost no more than their own statements.
            run_dbt(self.settings, self.target, "build", *(["--full-refresh"] if full else []), evaluation=True)
            with self.engine.connect() as db:
                for name, sql in COUNTS.items():
                    self.summary.counts[name] = int(db.execute(sa.text(sql)).scalar_one())
            stage["rows"] = (self.summary.counts["eligible"] or 0) + (self.summary.counts["held_back"] or 0)

    def _gate(self, name: str) -> None:
        with self._stage(f"check {name}", f"Gerbang pemeriksaan: {name}") as stage:
            result = run_gate(self.settings, self.target, name)
            self.summary.gates[name] = result.outcome
            with self.engine.begin() as db:
                check_run.record(db, result, run_id=self.summary.run_id, batch_id=self._batch_id())
            stage["rows"] = len(result.expectations)
            if result.outcome != "passed":
                raise GateFailed(sentence(result))

    def _batch_id(self) -> int | None:
        return self.summary.received.batch_id if self.summary.received else None

    @contextmanager
    def _stage(self, name: str, label: str) -> Iterator[dict[str, int | None]]:
        """Record one stage: start, end, rows, outcome; the record of a failure is kept although the stage raises."""
        self.say(label)
        began = time.monotonic()
        with self.engine.begin() as db:
            job = job_run.start_stage(db, run_id=self.summary.run_id, stage=name)
            self._log(db, "pipeline.stage_begun", {"stage": name})
        stage: dict[str, int | None] = {"rows": None}
        try:
            yield stage
        except BaseException as error:
            self._end(job, "failed", stage["rows"], error)
            raise
        else:
            self._end(job, "ok", stage["rows"], None)
        finally:
            self.summary.seconds[name] = round(time.monotonic() - began, 3)

    def _end(self, job: int, outcome: Literal["ok", "failed"], rows: int | None, error: BaseException | None) -> None:
        with self.engine.begin() as db:
            job_run.end_stage(db, job, outcome=outcome, rows=rows, detail=str(error) if error else None)
            # The kind of the error only: its text may quote data.
            told = {"job_run": job, "rows": rows, "error": type(error).__name__ if error else None}
            self._log(db, "pipeline.stage_ended", told, outcome)

    def _log(
        self, db: sa.Connection, action: str, payload: dict[str, Any], outcome: Literal["ok", "failed"] = "ok"
    ) -> None:
        self.audit.write(db, Event(action, ACTOR, "pipeline_run", self.summary.run_id, outcome, payload))

    def _close_log(self) -> None:
        """Close this process's audit writer; when the server is away the log shows an open end, and that is true."""
        with suppress(sa.exc.DBAPIError, PoskoError), self.engine.begin() as db:
            self.audit.close(db, ACTOR)
