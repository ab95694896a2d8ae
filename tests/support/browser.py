"""The system's Chromium in tests: a window of western Indonesia on the screens, what must hold on every page, signing in."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
SIZES = ({"width": 1366, "height": 768}, {"width": 1024, "height": 640})
SECONDS = 60
FITS = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .every(part => !part || part.scrollWidth <= part.clientWidth)"""
ENGLISH = re.compile(
    r"\b(Press Enter|Page not found|Skip to main content|Running\.\.\.|Rerun|Settings|Deploy|Drag and drop|Browse files"
    r"|Choose an option|No results|None|Traceback|Error)\b"
)
"""What Streamlit says by itself; none of it may stand on a page."""

expect.set_options(timeout=SECONDS * 1000)  # a busy machine takes its time to load the parts of a page


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; root in a container may not use its sandbox, and the pages are our own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def window(browser: Browser, address: str, **more: Any) -> Page:
    """Open a window of its own session; `hosts` of the page notes whom it spoke to."""
    told = {"viewport": SIZES[0], "locale": "id-ID", "timezone_id": "Asia/Jakarta", **more}
    context = browser.new_context(base_url=address, **told)
    context.set_default_timeout(SECONDS * 1000)
    page = context.new_page()
    page.hosts = set()  # type: ignore[attr-defined]
    context.on("request", lambda request: page.hosts.add(urlsplit(request.url).netloc))  # type: ignore[attr-defined]
    return page


def sign_in(page: Page, who: str, way: str = "demo_own", station: str = "ST-0") -> None:
    """Fill in the sign-in and press Enter."""
    page.goto("/masuk")
    expect(page.locator("#number")).to_be_focused()
    page.locator("#station").fill(station)
    page.locator(f"input[value={way}]").check()
    page.locator("#number").fill(who)
    page.locator("#number").press("Enter")


def picture(page: Page, folder: Path, name: str) -> None:
    """Keep a picture at both sizes, and see that nothing is cut off and no English is left."""
    for size in SIZES:
        page.set_viewport_size(size)
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{name}-{size['width']}.png")
        assert page.evaluate(FITS), (name, size)
    found = ENGLISH.search(page.locator("body").inner_text())
    assert found is None, (name, found)
    page.set_viewport_size(SIZES[0])
