"""One look at the database for all stations that wait for a capture request, however many there are."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from posko.services import captures

if TYPE_CHECKING:
    from posko.services.office import Office
    from posko.services.rows import Row

STEP_SECONDS = 0.1
"""How often the database is asked while somebody waits."""


class Waiting:
    """Tells waiting stations of their requests; pages in any process ask for them through the database."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stations: Counter[str] = Counter()
        self._found: dict[str, Row] = {}
        self._begun = self._seen = 0
        self._looked = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None

    async def next_of(self, station_code: str, seconds: float) -> Row | None:
        """Return the oldest request of a station as soon as there is one; None: there was none in this time.

        Raises:
            Exception: whatever kept the database from being asked.
        """
        self._stations[station_code] += 1
        # A look that began before the station asked may show a request that it has just answered.
        begun = self._begun
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if self._looking is None or self._looking.done():
                        if self._looking is not None:
                            self._looking.result()
                        self._looking = asyncio.create_task(self._look())
                    async with self._looked:
                        await self._looked.wait()
                    if self._looking.done():
                        self._looking.result()
                    if self._seen > begun and station_code in self._found:
                        return self._found[station_code]
        except TimeoutError:
            return None
        finally:
            self._stations[station_code] -= 1
            self._stations += Counter()

    async def _look(self) -> None:
        try:
            while self._stations:
                self._begun += 1
                self._found, self._seen = await run_in_threadpool(self._ask), self._begun
                async with self._looked:
                    self._looked.notify_all()
                await asyncio.sleep(STEP_SECONDS)
        finally:
            async with self._looked:
                self._looked.notify_all()

    def _ask(self) -> dict[str, Row]:
        with self._office.engine.connect() as db:
            return captures.waiting(db, self._office.clock(db), list(self._stations))
