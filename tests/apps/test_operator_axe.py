"""Every page in the system's Chromium: axe-core clean but for Streamlit's own markup, no wider than the window, no English, no other host.

Each page is seen by the first role that may open it, with an exam day under way. Pictures are kept below the test's own folder.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from apps.operator.menu import PAGES
from apps.operator.messages import say
from posko.domain.calendar import local_day
from posko.domain.roles import Role
from tests.support.browser import ENGLISH, FITS, SIZES, chromium, window
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.operator import cookies_of
from tests.support.site import site_of

pytestmark = pytest.mark.server
UPSTREAM = {"list", "listitem"}
"""Rules of axe-core that Streamlit's own menu breaks: its list holds headings between its items."""
SEES = {
    Role.KONSORSIUM: "KO1", Role.LSP: "LS1", Role.TUK: "TU1", Role.ASESOR: "AS1", Role.BNSP: "BN1", Role.AUDITOR: "AU1",
    Role.SUPER: "SA1",
}  # fmt: skip
"""Role -> who; the Super Administrator sees what no other role may."""


@pytest.fixture
def world(world):
    world.add_tki("9264729", nama="KALIAH ETTALA")
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    today = local_day(now)
    exam_day(world, "T1", "T2", on=today)
    tested = exam_day(world, "T3", "T4", "T5", on=today, slot=2)
    world.now = now
    tested.test_with("T3", "T4")
    tested.score({"T3": GOOD, "T4": POOR})
    return world


def visits():
    """Yield each page with the first role that may open it."""
    for page in PAGES:
        role = next((role for role in SEES if page.is_open_to(role)), None)
        if role is not None:
            yield page, SEES[role]


def test_no_page_breaks_a_rule_of_accessibility(world, tmp_path):
    found = {}
    with site_of(world, tmp_path / "app.log") as site, chromium() as browser:
        pages = {who: _page(browser, site, cookies_of(world, who)) for who in SEES.values()}
        for one, who in visits():
            said = _look(pages[who], one, tmp_path / f"{one.path}.png")
            if said:
                found[one.path] = said

    assert found == {}, "\n".join(f"{path}: {said}" for path, said in found.items())
    assert set().union(*(page.hosts for page in pages.values())) == {urlsplit(site).netloc}


def _page(browser, site, cookies):
    """A window in which somebody is signed in; axe-core is put in past the page's own policy."""
    made = window(browser, site, bypass_csp=True)
    made.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    return made


def _look(page, one, picture):
    """Return what is wrong with a page, in words."""
    page.set_viewport_size(SIZES[0])
    page.goto(f"/{one.path}")
    expect(page.get_by_role("heading", name=say("id", one.title), exact=True).first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(500)
    page.screenshot(path=picture)
    broken = Axe().run(page).response["violations"]
    said = [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in broken if rule["id"] not in UPSTREAM]
    english = ENGLISH.search(page.locator("body").inner_text())
    if english:
        said.append(f"English: {english.group()}")
    page.set_viewport_size(SIZES[1])
    page.wait_for_timeout(300)
    if not page.evaluate(FITS):
        said.append("wider than 1024 pixels")
    return said
