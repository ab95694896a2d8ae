"""A new officer in the system's Chromium: six touches, her proof, the second person, and her own sign-in (§8.2; R-048, F03)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from apps.operator.messages import say
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.site import site_of

pytestmark = pytest.mark.server
TAKE = re.compile(r"Rekam telunjuk (kanan|kiri) \(")
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TOUCHES = 15
"""Touches at most: a made-up one may miss, as a real one may."""


@pytest.fixture
def world(world):
    for who in ("SA1", "BN1"):
        world.hands.enrol(who, whose=f"staff:{who}", second=world.second("BN2"))
    return world


@pytest.fixture
def page(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as address, chromium() as browser:
        yield window(browser, address)


def kept(page):
    """Return how many touches count, as the page shows them."""
    return page.locator(".posko-facts").last.inner_text().count("●")


def take_six(page):
    for _ in range(TOUCHES):
        before = kept(page)
        page.get_by_role("button", name=TAKE).click()
        if before == 5:
            expect(
                page.get_by_text(say("id", "enrol.captured")).or_(page.get_by_text(say("id", "enrol.counts_not")))
            ).to_be_visible()
            if page.get_by_text(say("id", "enrol.captured")).count():
                return
        else:
            expect(page.locator(".posko-outcome")).to_be_visible()
            page.wait_for_timeout(1500)
    raise AssertionError("no six touches in so many tries")


def until(page, button, sentence):
    for _ in range(6):
        page.get_by_role("button", name=button).click()
        page.wait_for_timeout(1500)
        page.locator(AT_REST).wait_for()
        if page.get_by_text(sentence).count():
            return
    raise AssertionError(sentence)


def test_a_new_officer_is_enrolled_and_signs_in_with_her_finger(page, world, tmp_path):
    sign_in(page, "SA1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    page.goto("/petugas")
    page.get_by_role("button", name=say("id", "staff.new")).click()
    page.get_by_role("textbox", name=say("id", "staff.person_id")).fill("NEW-1")
    page.get_by_role("textbox", name=say("id", "staff.full_name")).fill("Petugas Baru")
    page.keyboard.press("Tab")
    page.get_by_role("combobox", name=re.compile(say("id", "staff.role"))).click()
    page.get_by_role("option", name="Auditor").click()
    page.get_by_role("button", name=say("id", "staff.check")).click()
    page.get_by_role("button", name=say("id", "enrol.begin")).click()
    expect(page.get_by_role("button", name=TAKE)).to_be_visible()
    picture(page, tmp_path, "rekam")

    take_six(page)
    picture(page, tmp_path, "terekam")
    until(page, say("id", "finger.take"), "Jari terbukti cocok")
    page.get_by_role("button", name=say("id", "staff.to_second")).click()
    number = page.get_by_role("textbox", name=say("id", "second_person.number"))
    number.fill("BN1")
    number.press("Tab")
    until(page, say("id", "second_person.sign"), "terdaftar sebagai Auditor")
    picture(page, tmp_path, "petugas")

    assert world.ask("select role, enrolled_by, seconded_by from posko.staff where person_id = 'NEW-1'") == [
        ("AUDITOR", "SA1", "BN1")
    ]
    assert world.value("select count(*) from posko_biometric.enrolment_impression where ciphertext is not null") == 0
    page.get_by_role("button", name=say("id", "frame.logout")).click()
    page.wait_for_url("**/masuk")
    sign_in(page, "NEW-1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
