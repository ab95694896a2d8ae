"""What operators do at their screens: look for people, open the pages of the menu, turn lists, check in a queue (§12.5, §13.2-13.6).

Every step is one run of a page, with a pause for thought before it. Each role goes through all pages that its menu has, so that a page
that is new is measured with the next bench; half of all steps look for one TKI, because that is what a clerk does most.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from websockets.exceptions import WebSocketException

from apps.bench.apps_tab import Tab
from apps.operator.menu import BY_PATH, open_to
from apps.operator.messages import say
from posko.domain.errors import PoskoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apps.bench.apps_staff import Operator
    from apps.bench.apps_tab import Run

SEARCHES, TURNS = 4, 3
"""Runs of one visit to a page that looks for a TKI, and to another one."""
SEARCH_SHARE = 0.4
"""Share of the visits that go to such a page; with more runs each they are half of all runs."""
ASKING = {"cari": ("search.id", "search.go"), "perjalanan": ("journey.id", "journey.go")}
"""Page that looks for a TKI -> its field and its button."""
FIRST_PAGE = "beranda"
MOST_TRIES = 12
"""Touches of one finger; then something is wrong with more than the finger."""
BROKEN = tuple(say("id", f"frame.{name}").partition("{")[0] for name in ("broken", "down", "unknown"))
"""How the sentences begin that a page shows when something failed; any other red sentence is a refusal."""
GOOD, AGAIN = "posko-outcome good", "posko-outcome warn"


@dataclass
class Seen:
    """What a group of operators saw: runs as (page, seconds), first looks in seconds, faults and other red sentences."""

    runs: list[tuple[str, float]] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    size: int = 0

    def note(self, path: str, run: Run) -> None:
        """Keep one run."""
        self.faults += [f"{path}: {text}" for text in run.errors if text.startswith(BROKEN) or text in run.exceptions]
        self.refusals += [f"{path}: {text}" for text in run.errors if not text.startswith(BROKEN)]
        self.runs.append((path, run.seconds))
        self.size += run.size


@dataclass
class Shift:
    """A shift: how long its people think, whom each of them looks for; what they see goes to `seen`, another one from a time on."""

    address: str
    think: float
    tki_ids: Mapping[str, Sequence[str]]
    seen: Seen
    is_over: bool = False

    async def pause(self, dice: Random) -> None:
        """Think: between half and one and a half of the usual time."""
        await asyncio.sleep(self.think * dice.uniform(0.5, 1.5))


async def work(operators: Iterable[Operator], shift: Shift) -> None:
    """Let all work until the shift is over."""
    await asyncio.gather(*(_one(operator, shift) for operator in operators))


async def _one(operator: Operator, shift: Shift) -> None:
    dice = Random(operator.person_id)  # noqa: S311 - a load, nothing secret
    # They do not all come at the same second.
    await asyncio.sleep(shift.think * dice.random())
    try:
        began = time.perf_counter()
        async with Tab.opened(shift.address, operator.cookies) as tab:
            shift.seen.note(FIRST_PAGE, await tab.go(""))
            shift.seen.opened.append(time.perf_counter() - began)
            while not shift.is_over:
                await _visit(tab, dice, operator, shift)
    except (WebSocketException, OSError, PoskoError) as error:
        shift.seen.faults.append(f"{operator.person_id}: {error}")


async def _visit(tab: Tab, dice: Random, operator: Operator, shift: Shift) -> None:
    """Go to a page of the menu and do there what it is for."""
    pages = [page.path for page in open_to(operator.role)]
    asking = [path for path in pages if path in ASKING]
    path = dice.choice(asking) if asking and dice.random() < SEARCH_SHARE else dice.choice(pages)
    await shift.pause(dice)
    shift.seen.note(path, await tab.go("" if path == FIRST_PAGE else path))
    for _ in range(SEARCHES if path in ASKING else TURNS):
        await shift.pause(dice)
        if shift.is_over:
            return
        if path in ASKING:
            label, button = (say("id", key) for key in ASKING[path])
            run = await tab.submit({label: dice.choice(shift.tki_ids[operator.person_id])}, press=button)
        else:
            run = await tab.turn(dice.randint(1, 20))
        shift.seen.note(path, run)


async def check_in(operators: Iterable[Operator], queues: Mapping[str, Sequence[str]], address: str) -> Seen:
    """Let each operator check in the queue of her TUK, number by number, as fast as the screen answers.

    Returns:
        One run for each touch; who was not let in is a fault.
    """
    seen = Seen()
    await asyncio.gather(*(_queue(one, queues[str(one.tuk_code)], address, seen) for one in operators))
    return seen


async def _queue(operator: Operator, tki_ids: Sequence[str], address: str, seen: Seen) -> None:
    path = BY_PATH["absensi"].path
    label, button = say("id", "attendance.id"), say("id", "attendance.go")
    try:
        async with Tab.opened(address, operator.cookies) as tab:
            await tab.go(path)
            for tki_id in tki_ids:
                for _ in range(MOST_TRIES):
                    run = await tab.submit({label: tki_id}, press=button)
                    seen.note(path, run)
                    said = next((html for html in run.html if tki_id in html and "posko-outcome" in html), "")
                    if AGAIN not in said:
                        break
                if GOOD not in said:
                    seen.faults.append(f"{path}: {tki_id} tidak tercatat hadir")
    except (WebSocketException, OSError, PoskoError) as error:
        seen.faults.append(f"{operator.person_id}: {error}")
