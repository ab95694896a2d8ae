"""Several people and several tabs at once, over the real websocket: what is submitted twice is written once, and who comes late is told
(facts/apps.md, section 3; R-086, R-137)."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from apps.bench.apps_tab import Tab
from apps.operator.messages import say
from posko.domain.status import LABELS, Status
from posko.services import intake
from tests.support.operator import cookies_of
from tests.support.site import site_of

pytestmark = pytest.mark.server
TKI = [f"92647{number:02}" for number in range(12)]
REGISTER, SAVE, SEARCH = (say("id", f"search.{name}") for name in ("register", "save", "go"))
FIELD = say("id", "search.id")
REGISTERED = "select tki_id, count(*) from posko.candidate group by tki_id order by tki_id"


@pytest.fixture
def world(world):
    for tki_id in TKI:
        world.add_tki(tki_id)
    world.desk(None).do(intake.send_eligible)
    return world


@pytest.fixture
def live(world):
    """The world goes on in the server's own time, as the served screens do."""
    world.now = world.value("select utc_timestamp(6)")
    return world


@pytest.fixture
def site(live, tmp_path):
    with site_of(live, tmp_path / "app.log") as address:
        yield address


async def opened(stack, site, cookies, tki_id):
    """A tab with the form of one TKI."""
    tab = await stack.enter_async_context(Tab.opened(site, cookies))
    await tab.go("cari")
    await tab.submit({FIELD: tki_id}, press=SEARCH)
    assert tab.has(REGISTER)
    return tab


def test_a_button_pressed_many_times_at_once_writes_once_for_each_of_many_clerks(live, site):
    for number in range(len(TKI)):
        live.write(
            "insert into posko.staff (person_id, full_name, role, state, enrolled_at)"
            f" values ('KO-{number}', 'Petugas {number}', 'KONSORSIUM', 'ACTIVE', '2026-01-01')"
        )
    clerks = [cookies_of(live, f"KO-{number}", "ST-0") for number in range(len(TKI))]

    async def play():
        async with AsyncExitStack() as stack:
            tabs = [await opened(stack, site, cookies, tki) for cookies, tki in zip(clerks, TKI, strict=True)]
            runs = await asyncio.gather(*(tab.submit({}, press=REGISTER, times=4) for tab in tabs))
            # A second press may have stopped the run of the first: what counts is what the page says in the end.
            return [run.errors for run in runs], [await tab.again() for tab in tabs]

    errors, _ = asyncio.run(play())

    assert live.ask(REGISTERED) == [(tki_id, 1) for tki_id in TKI]
    assert errors == [[]] * len(TKI)
    assert live.value("select count(*) from posko_audit.audit_event where action = 'registration.register'") == len(TKI)


def test_of_two_tabs_with_the_same_form_the_second_is_told_that_it_came_late(live, site):
    cookies = cookies_of(live, "KO1")

    async def play():
        async with AsyncExitStack() as stack:
            first, second = [await opened(stack, site, cookies, TKI[0]) for _ in range(2)]
            done = await first.submit({}, press=REGISTER)
            late = await second.submit({}, press=REGISTER)
            return done, late

    done, late = asyncio.run(play())

    assert say("id", "search.registered", journey=live.journey_id(TKI[0])) in [text for _, text in done.alerts]
    label = LABELS[Status.REGISTERED]
    assert say("id", "search.changed", tki_id=TKI[0], state=label) in [text for _, text in late.alerts]
    assert live.ask(REGISTERED) == [(TKI[0], 1)]


def test_signing_out_in_one_tab_ends_the_other(live, site):
    cookies = cookies_of(live, "KO1")

    async def play():
        async with AsyncExitStack() as stack:
            first, second = [await opened(stack, site, cookies, TKI[0]) for _ in range(2)]
            await first.submit({}, press=say("id", "frame.logout"))
            return await second.submit({}, press=REGISTER)

    late = asyncio.run(play())

    assert say("id", "frame.over") in [text for _, text in late.alerts]
    assert live.ask(REGISTERED) == []
