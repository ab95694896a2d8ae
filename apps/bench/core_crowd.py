"""Writers at once, with the audit log and without it: what the measurements of the control core let act (R-137, R-180)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from posko.domain.audit import Event
    from posko.services.office import Office

LEAST_SHARE = 0.7
"""Rate of an act with its events over the rate without: the log costs 30 % of it at most."""


class _NoAudit:
    """Stands in for the writer of the audit log and writes nothing."""

    def write_many(self, _db: sa.Connection, _events: Sequence[Event]) -> str:
        """Write nothing."""
        return "-/0"


@dataclass(frozen=True)
class Crowd:
    """Writers at once, each with a connection and a clerk of its own."""

    office: Office
    writers: int

    def each(self, work: Callable[[int, Any], None], items: Sequence[Any]) -> float:
        """Let the writers take the items one after the other; return the seconds that it took them."""
        queue, gate = iter(items), threading.Barrier(self.writers + 1)
        lock = threading.Lock()

        def writer(own: int) -> None:
            with self.office.engine.connect() as db:
                db.exec_driver_sql("select 1")
            gate.wait()
            while True:
                with lock:
                    item = next(queue, None)
                if item is None:
                    return
                work(own, item)

        with ThreadPoolExecutor(self.writers) as pool:
            running = [pool.submit(writer, own) for own in range(self.writers)]
            gate.wait()
            began = time.monotonic()
            for one in running:
                one.result()
            return time.monotonic() - began

    def silent(self) -> Crowd:
        """Return the same writers without the log."""
        return replace(self, office=replace(self.office, audit=cast("Any", _NoAudit())))
