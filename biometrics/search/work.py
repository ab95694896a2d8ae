"""Work the queue of the 1:N search: one set of templates after the other, each in one act, under a lease (DV-I05, DV-I06, R-048).

A process that dies leaves its set waiting; the next one searches it again. What was recorded is never searched twice.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biometrics.errors import TemplateBroken
from biometrics.search.finder import Finder
from posko.db.lease import held_lease
from posko.domain.errors import Refused
from posko.services import duplicates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from biometrics.search.store import Comparer, Refreshed, Store
    from biometrics.vault import Vault
    from posko.db.engine import Server
    from posko.db.lease import Lease
    from posko.services.office import Office
    from posko.services.rows import Row

LEASE = "finger-duplicates"
_AT_ONCE = 100


@dataclass
class Worked:
    """What one run did: sets searched, pairs that were new, their cases, sets whose templates did not open, sets still waiting."""

    refreshed: Refreshed
    searched: int = 0
    new: int = 0
    cases: list[int] = field(default_factory=list)
    broken: int = 0
    waiting: int = 0


def work(
    server: Server,
    office: Office,
    vault: Vault,
    matcher: Comparer,
    store: Store,
    *,
    most: int | None = None,
    seconds: float | None = None,
    lease_seconds: int = 60,
    say: Callable[[int], None] = lambda _: None,
) -> Worked:
    """Search what waits.

    Args:
        server: POSKO's own.
        office: whose system desk records.
        vault: opens templates.
        matcher: compares them.
        store: keeps the index.
        most: how many sets at most.
        seconds: after how long no other set is begun.
        lease_seconds: a run that shows no sign of life for so long is replaced.
        say: is told of each set that was searched.

    Raises:
        LeaseHeld: another process searches.
    """
    began = time.monotonic()
    with held_lease(server, "posko_app", "posko", LEASE, seconds=lease_seconds) as lease:
        with office.engine.connect() as db:
            worked = Worked(store.refresh(db))
        finder = Finder(worked.refreshed.index, vault, matcher)
        for row, papers in _waiting(office, lease):
            is_late = seconds is not None and time.monotonic() - began >= seconds
            if is_late or (most is not None and worked.searched >= most):
                break
            if _search(finder, office, row, papers, worked):
                say(1)
        with office.engine.connect() as db:
            worked.waiting = duplicates.count_waiting(db)
    return worked


def _search(finder: Finder, office: Office, row: Row, papers: dict[str, str], worked: Worked) -> bool:
    """Search one set and record it; return whether that was done."""
    try:
        with office.engine.connect() as db:
            matches = finder.find(db, row["person_kind"], row["person_id"], int(row["version"]), papers)
        done = office.desk(None).do(duplicates.record, search_id=int(row["search_id"]), matches=matches)
    except TemplateBroken:
        worked.broken += 1
        return False
    except Refused as refusal:
        if refusal.code != "CHANGED_MEANWHILE":
            raise
        return False  # another process took over after our lease had run out, and recorded this set first
    worked.searched += 1
    worked.new += int(done["new"])
    worked.cases += done["cases"]
    return True


def _waiting(office: Office, lease: Lease) -> Iterator[tuple[Row, dict[str, str]]]:
    """Yield what waits with whom its papers point to, read some at a time, while the lease is ours."""
    after = 0
    while True:
        with office.engine.connect() as db:
            rows = duplicates.waiting(db, _AT_ONCE, after)
            tki_ids = [row["person_id"] for row in rows if row["person_kind"] == duplicates.TKI]
            papers = duplicates.blocks(db, tki_ids)
        for row in rows:
            if lease.lost.is_set():
                return
            yield row, papers.get(row["person_id"], {}) if row["person_kind"] == duplicates.TKI else {}
        if not rows:
            return
        after = int(rows[-1]["search_id"])
