"""The surveillance in the system's Chromium: drawn, a visit recorded, coverage read, at both sizes of screen (§4.2; R-190)."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from apps.operator import parts
from apps.operator.messages import say
from posko.domain.calendar import local_day
from posko.services.surveillance import WEEK, monday_of
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.site import site_of

pytestmark = pytest.mark.server
MONDAY = monday_of(local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None))) + WEEK
"""Of the week after this one: the screens of this test go by the server's clock."""


@pytest.fixture
def world(world):
    world.hands.enrol("BN1", whose="staff:BN1", second=world.second("BN2"))
    for number in range(1, 25):
        place = number % 3 + 1
        world.write(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at,"
            f" made_by) values ({number}, 'TUK-{place}', 'LSP-{2 if place == 3 else 1}', 'TLRT',"
            f" '{MONDAY + dt.timedelta(days=number % 5)}', {number}, 'MET.{place}', 'PLANNED', '2026-03-01', 'KO1')"
        )
    return world


@pytest.fixture
def page(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as address, chromium() as browser:
        yield window(browser, address)


def test_bnsp_draws_records_and_reads_the_coverage(world, page, tmp_path):
    sign_in(page, "BN1")
    expect(page.get_by_text(say("id", "home.title")).first).to_be_visible()
    page.goto("/surveilans")

    page.get_by_role("button", name=say("id", "surveillance.draw", week=parts.shown(MONDAY))).click()
    told = say("id", "surveillance.drawn", week=parts.shown(MONDAY), picked="10", sessions="24")
    expect(page.get_by_text(told).first).to_be_visible()
    expect(page.locator(".posko-list tbody tr")).to_have_count(10)
    picture(page, tmp_path, "sampel")

    page.get_by_role("tab", name=say("id", "surveillance.tab_weeks")).click()
    expect(page.locator(".posko-list tbody tr")).to_have_count(2)
    picture(page, tmp_path, "minggu")
    page.get_by_role("tab", name=say("id", "surveillance.tab_coverage")).click()
    expect(page.locator(".posko-list tbody tr")).to_have_count(3)
    picture(page, tmp_path, "cakupan")
    assert world.value("select count(*) from posko.surveillance_draw") == 1
