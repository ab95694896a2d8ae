"""Long work that a page starts, shows the progress of, and shows the outcome of when it is over (R-025).

One of a kind at a time in a process: what reads the whole log takes its time from everybody. The work runs in a thread and knows no
screen; it does one act, which asks for the right like any other.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts
from apps.operator.frame import attempt
from apps.operator.messages import t

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[[int, int], None]

BREATH_SECONDS = 0.005
"""A pause at each word of progress, so that other people's pages get their turn."""
LOOK_SECONDS = 1.0


@dataclass
class Job:
    """One piece of work: whose it is, how far it is, and what came of it."""

    who: str
    began: float = field(default_factory=time.monotonic)
    done: int = 0
    total: int = 0
    answer: Any = None
    error: Exception | None = None
    is_over: bool = False
    thread: threading.Thread | None = None

    def tell(self, done: int, total: int) -> None:
        """Hear how far the work is."""
        self.done, self.total = done, max(total, done)
        time.sleep(BREATH_SECONDS)

    def outcome(self) -> Any:
        """Return what came of it, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self.answer


_jobs: dict[str, Job] = {}
_lock = threading.Lock()


def start(name: str, who: str, work: Callable[[Told], Any]) -> bool:
    """Start a work of this kind for a person; False: one is under way already, perhaps another person's."""
    with _lock:
        running = _jobs.get(name)
        if running is not None and not running.is_over:
            return False
        job = _jobs[name] = Job(who)
    job.thread = threading.Thread(target=_run, args=(job, work), name=f"posko-job-{name}", daemon=True)
    job.thread.start()
    return True


def of(name: str, who: str) -> Job | None:
    """Return the newest work of this kind if it is this person's."""
    job = _jobs.get(name)
    return job if job is not None and job.who == who else None


def forget(name: str, who: str) -> None:
    """Forget a work that is over."""
    with _lock:
        job = _jobs.get(name)
        if job is not None and job.who == who and job.is_over:
            del _jobs[name]


def panel(name: str, who: str, label: str, work: Callable[[Told], Any]) -> Any:
    """Show the button that starts a work, its progress, or what came of it; return that, or None as long as there is nothing."""
    job = of(name, who)
    if job is not None and not job.is_over:
        st.fragment(_progress, run_every=LOOK_SECONDS)(name, who)
        return None
    if st.button(label, key=f"posko_job_{name}", icon=":material/play_arrow:", type="primary"):
        if start(name, who, work):
            st.rerun()
        st.warning(t("jobs.busy"))
        return None
    return None if job is None else attempt(job.outcome)


def _progress(name: str, who: str) -> None:
    job = of(name, who)
    if job is None or job.is_over:
        st.rerun()
        return
    share = min(1.0, job.done / job.total) if job.total else 0.0
    seconds = int(time.monotonic() - job.began)
    told = t("jobs.progress", done=parts.number(job.done), total=parts.number(job.total), seconds=seconds)
    st.progress(share, told if job.total else t("jobs.begun", seconds=seconds))


def _run(job: Job, work: Callable[[Told], Any]) -> None:
    try:
        job.answer = work(job.tell)
    except Exception as error:  # noqa: BLE001 - whatever it was, the page that asks for the outcome says it
        job.error = error
    job.is_over = True
