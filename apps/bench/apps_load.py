"""The load of the measurement in its order: operators begin, work and are counted, and go on while queues come to the stations (§9, §13.2).

What they see in each part is kept apart, and with it what the processes and the database used meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.bench.apps_site import cpu_seconds
from apps.bench.apps_work import Seen, Shift, check_in, work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.bench.apps_site import Site
    from apps.bench.apps_staff import Operator

WARM_THOUGHTS = 2
"""Times of thought before anything counts: by then everybody is at her first page."""


@dataclass(frozen=True)
class Crowd:
    """Who comes: operators at work and whom each of them looks for, operators at the doors and the queue of each TUK."""

    staff: Sequence[Operator]
    known: Mapping[str, Sequence[str]]
    doors: Sequence[Operator]
    queues: Mapping[str, Sequence[str]]

    @property
    def comers(self) -> int:
        """People in all queues."""
        return sum(len(one) for one in self.queues.values())


@dataclass(frozen=True)
class Load:
    """What was seen and used.

    `opened` seconds until a first page was complete; `worked` what operators saw while they were counted, `beside` what they saw while the
    queues came; `came` each touch of a finger, and `took` how many seconds all needed. `app_cpu` and `database_cpu` are the CPU seconds of
    the counted time, `memory_mb` of each process before and after.
    """

    opened: list[float]
    worked: Seen
    beside: Seen
    came: Seen
    took: float
    app_cpu: float
    database_cpu: float
    memory_mb: tuple[list[float], list[float]]
    faults: list[str]


async def load(site: Site, database: int, crowd: Crowd, *, think: float, seconds: float) -> Load:
    """Let the crowd come.

    Args:
        site: the screens as they are served.
        database: process of the database's server.
        crowd: who comes.
        think: seconds between two runs of an operator.
        seconds: how long they are counted before the queues come.
    """
    before, opened = site.memory_mb(), Seen()
    shift = Shift(site.address, think, crowd.known, opened)
    at_work = asyncio.create_task(work(crowd.staff, shift))
    await asyncio.sleep(WARM_THOUGHTS * think)
    shift.seen = worked = Seen()
    used = (site.cpu_seconds(), cpu_seconds(database))
    await asyncio.sleep(seconds)
    used = (site.cpu_seconds() - used[0], cpu_seconds(database) - used[1])
    after = site.memory_mb()
    shift.seen = beside = Seen()
    began = time.monotonic()
    came = await check_in(crowd.doors, crowd.queues, site.address)
    took = time.monotonic() - began
    shift.is_over = True
    await at_work
    faults = [fault for part in (opened, worked, beside) for fault in part.faults]
    return Load(opened.opened, worked, beside, came, took, *used, (before, after), faults)
