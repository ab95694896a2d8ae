"""One TKI from the registration to the publication through the real pages, in the system's Chromium: nothing is done past a page.

Each role signs in with a finger that the real matcher compares, at the place where it sits. Pictures of every step are kept below the
test's own folder.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.operator.messages import say
from posko.domain.calendar import local_day
from posko.services import intake
from tests.support.browser import chromium, window
from tests.support.fingers import Hands, touch
from tests.support.site import site_of
from tests.support.world import UNITS, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.server
TKI, NAME = "9264729", "KALIAH ETTALA"
WHO = ("KO1", "LS1", "TU1", "AS1", "AU1", "BN1")
"""Whose fingers are enrolled; who signs as the second person of the others comes last."""
AT_TUK = {"TU1": "ST-1", "AS1": "ST-1"}
"""Who sits at the TUK, and at which station; the others sit at the office."""
SK_NO = "SK/TLRT/001"


def today() -> dt.date:
    """Return the day in western Indonesia."""
    return local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None))


def text(key: str, **values: object) -> str:
    return say("id", key, **values)


@dataclass
class Walk:
    """A browser, a folder for pictures, and the addresses of the office and the TUK."""

    browser: Browser
    folder: Path
    site: str = ""
    pictures: int = 0

    @contextmanager
    def at_work(self, who: str, path: str) -> Iterator[Page]:
        """Sign one of the staff in, in a browser of her own, and go to a page by the menu."""
        page = window(self.browser, self.site)
        page.goto("/masuk")
        page.locator("#station").fill(AT_TUK.get(who, "ST-0"))
        page.locator("input[value=demo_own]").check()
        self._sign_in(page, who)
        page.goto(f"/{path}")
        yield page
        self.pictures += 1
        page.screenshot(path=self.folder / f"{self.pictures:02}-{path.split('?', maxsplit=1)[0]}-{who}.png")
        page.context.close()

    def _sign_in(self, page: Page, who: str) -> None:
        """Put the finger down until it matches: a touch may miss, as on any reader."""
        for _ in range(3):
            page.locator("#number").fill(who)
            page.locator("#number").press("Enter")
            page.wait_for_load_state()
            if page.locator("#number").count() == 0 and page.get_by_role("heading", name=text("home.title")).count():
                break
            if page.get_by_role("heading", name=text("login.rejected_title")).count() == 0:
                break
            page.goto("/masuk")
        expect(page.get_by_role("heading", name=text("home.title"))).to_be_visible()


@pytest.fixture
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    # The day before: the first site goes by the server's own clock, and whoever comes at one in the morning must be enrolled by then.
    made.at(today() - dt.timedelta(days=1), 8)
    made.add_tki(TKI, nama=NAME)
    hands = Hands(made)
    for who in WHO:
        hands.enrol(who, whose=f"staff:{who}")
    for finger in (2, 7):
        hands.send_print(TKI, finger, touch(f"tki:{TKI}", finger, "bnp2tki", hard=0.6))
    hands.import_all()
    made.write(
        "insert into posko.blank (blank_no, lsp_code, issued_at, issued_by) values ('B-1', 'LSP-1', '2026-03-01', 'BN1')"
    )
    made.desk(None).do(intake.send_eligible)
    yield made
    made.close()


def push(page: Page, key: str, **values: object) -> None:
    page.get_by_role("button", name=text(key, **values)).click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=text(label)).click()
    page.get_by_role("option").filter(has_text=option).first.click()


def agree(page: Page, key: str, **values: object) -> None:
    page.get_by_text(text(key, **values)).click()


def seen(page: Page, key: str, **values: object) -> None:
    expect(page.get_by_text(text(key, **values)).first).to_be_visible()


def turn_to(page: Page, key: str) -> None:
    page.get_by_role("tab", name=text(key)).click()


def tick(page: Page, row: int) -> None:
    """Tick a row of the table, which is a canvas: its rows are 33 pixels high, below a heading of 36."""
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 36 + 33 * row + 16})


def pick_result(page: Page, unit: int, result: str) -> None:
    """Choose a result in the sheet by keyboard: to the column of the unit, open the list, type, take."""
    page.get_by_test_id("stDataFrame").first.click(position={"x": 30, "y": 36 + 18})
    for _ in range(2 + unit):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type(result)
    page.get_by_role("option", name=result, exact=True).wait_for()
    page.keyboard.press("Enter")


def checks_in(page: Page) -> None:
    """Type her number and press Enter until her finger matches: a touch may miss, as on any reader."""
    field = page.get_by_role("textbox", name=text("attendance.id"))
    field.fill(TKI)
    for _ in range(3):
        field.press("Enter")
        outcome = page.locator(".posko-outcome", has_text=TKI)
        expect(outcome).to_be_visible()
        page.wait_for_timeout(500)
        if text("attendance.PRESENT") in outcome.inner_text():
            return
    raise AssertionError(outcome.inner_text())


def until(page: Page, key: str, is_done: Callable[[], bool]) -> None:
    """Put the finger down until it matched."""
    for _ in range(3):
        push(page, key)
        page.wait_for_timeout(3000)
        if is_done():
            return
    raise AssertionError(page.locator("body").inner_text())


def test_one_tki_from_registration_to_publication(world, browser, tmp_path):
    walk = Walk(browser, tmp_path)
    tomorrow = today() + dt.timedelta(days=1)
    with site_of(world, tmp_path / "first.log") as walk.site:
        prepares(walk)
    assert world.status(TKI) == "ACKNOWLEDGED"

    with site_of(world, tmp_path / "second.log", at=f"{tomorrow}T08:00") as walk.site:
        is_tested(walk)
        is_certified(walk)
        is_published(walk)

    assert world.status(TKI) == "PUBLISHED"
    assert world.ask("select copy_no, blank_no from posko.print_event") == [(1, "B-1")]
    compared = world.ask(
        "select distinct purpose from posko.finger_attempt where outcome = 'MATCH' and score is not null"
    )
    assert {purpose for (purpose,) in compared} >= {"LOGIN", "ATTEND", "VERIFY_ASESOR", "SCORE"}
    assert len(list(tmp_path.glob("*.png"))) == walk.pictures


def prepares(walk: Walk) -> None:
    """Register, schedule in the window of Gambar 6, send, balance, split, take over (§12.5-12.11)."""
    with walk.at_work("KO1", f"cari?tki={TKI}") as page:
        push(page, "search.register")
        seen(page, "search.registered", journey=1)
    with walk.at_work("KO1", "jadwal") as page:
        tick(page, 0)
        expect(page.get_by_text(text("schedule.window"))).to_be_visible()
        choose(page, "schedule.lsp", "LSP-1")
        choose(page, "schedule.tuk", "TUK-1")
        choose(page, "schedule.asesor", "MET.1")
        push(page, "schedule.save")
        expect(page.get_by_text("TUK-1, sesi uji nomor 1").first).to_be_visible()
    with walk.at_work("KO1", "kirim") as page:
        agree(page, "send.sure", count=1)
        push(page, "send.send", count=1)
        seen(page, "send.sent", count=1, batch=4)
    with walk.at_work("BN1", "keseimbangan") as page:
        push(page, "balance.check")
        push(page, "balance.release")
        seen(page, "balance.released", count=2)
    for number, who in enumerate(("LS1", "TU1"), 5):
        with walk.at_work(who, "terima") as page:
            push(page, "packages.take", count=1)
            seen(page, "packages.took", number=number, count=1)


def is_tested(walk: Walk) -> None:
    """Open the day, check her and the assessor in, end, release, score (§13.1-13.7)."""
    with walk.at_work("TU1", "absensi") as page:
        push(page, "attendance.open")
        checks_in(page)
        page.get_by_text(text("attendance.asesor")).click()
        field = page.get_by_role("textbox", name=text("attendance.asesor_id"))
        field.fill("AS1")
        field.press("Enter")
        until(page, "finger.take", lambda: page.get_by_text(text("attendance.asesor")).count() == 0)
    with walk.at_work("TU1", "sesi") as page:
        agree(page, "session.end_sure")
        push(page, "session.end")
        push(page, "session.release")
        seen(page, "session.released", number=1)
    with walk.at_work("AS1", "penilaian") as page:
        for unit in range(len(UNITS)):
            pick_result(page, unit, "K")
        seen(page, "scoring.finger")
        until(page, "finger.take", lambda: page.get_by_text(text("scoring.sheet")).count() == 0)


def is_certified(walk: Walk) -> None:
    """Receive, decide with a decree, print on a blank (§13.8-13.12)."""
    with walk.at_work("LS1", "keputusan") as page:
        push(page, "decisions.receive")
        field = page.get_by_role("textbox", name=text("decisions.sk_no"))
        field.fill(SK_NO)
        push(page, "decisions.decide")
        expect(page.get_by_text(re.compile(r"PRT\.\d+\.\d{4}\.\d{7}")).first).to_be_visible()
    with walk.at_work("LS1", "sertifikat") as page:
        tick(page, 0)
        push(page, "certificates.print")
        expect(page.get_by_text(re.compile(r"PRT\..* B-1")).first).to_be_visible()


def is_published(walk: Walk) -> None:
    """Hold the meeting, close its minutes, publish (§14.1-14.2)."""
    with walk.at_work("BN1", "rapat") as page:
        page.get_by_text(text("evaluation.open")).first.click()
        page.get_by_role("textbox", name=text("evaluation.place")).fill("Kantor BNSP")
        push(page, "evaluation.open")
        seen(page, "evaluation.opened", number=1)
        turn_to(page, "evaluation.tab_people")
        for person in ("BN1", "LS1"):
            choose(page, "evaluation.present", f"Petugas {person}")
        page.keyboard.press("Escape")
        push(page, "evaluation.note_people")
        seen(page, "evaluation.noted", organisations="BNSP, LSP:LSP-1")
        turn_to(page, "evaluation.tab_minutes")
        page.get_by_role("textbox", name=text("evaluation.minutes")).fill(
            "Hasil dibahas dan disetujui untuk ditayangkan."
        )
        push(page, "evaluation.close")
        # The tab stays open below the message.
        seen(page, "evaluation.closed", evaluated=1, held=0, sha256="")
        push(page, "evaluation.publish")
        seen(page, "evaluation.published_now", published=1)
    with walk.at_work("AU1", f"perjalanan?tki={TKI}") as page:
        expect(page.locator(".posko-way")).to_contain_text("DITAYANGKAN")
