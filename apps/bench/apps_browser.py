"""What one person sees in a real browser: how long until the sign-in is painted, and until a search shows its TKI (§8.2, §12.5)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from apps.operator.messages import say
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CHROMIUM = "/usr/bin/chromium"
SECONDS = 60
_PAINTED = """() => new Promise(done => {
    const told = () => performance.getEntriesByName('first-contentful-paint')[0];
    const look = () => told() ? done(told().startTime / 1000) : setTimeout(look, 20);
    look();
})"""
_SEARCHED = """([label, tki]) => new Promise((done, failed) => {
    const field = document.querySelector(`input[aria-label="${label}"]`);
    let began = 0;
    const isShown = () => [...document.querySelectorAll('h2')].some(one => one.textContent.includes(tki));
    const look = () => isShown() ? done((performance.now() - began) / 1000) : requestAnimationFrame(look);
    field.addEventListener('keydown', () => { began = performance.now(); requestAnimationFrame(look); }, { once: true });
    setTimeout(() => failed(new Error('nothing was found')), 30000);
})"""
"""The clock of the page itself counts from the key Enter to the frame in which the name stands there."""


@contextmanager
def browser() -> Iterator[Any]:
    """Start the system's Chromium; root in a container may not use its sandbox, and the pages are our own.

    Raises:
        ConfigurationError: the library that drives it is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            "Pengukuran layar memerlukan pustaka playwright. Pasang requirements/dev.txt, lalu ulangi."
        ) from error
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


def first_paints(chromium: Any, address: str, times: int) -> list[float]:
    """Return the seconds until the sign-in is first painted, each time in a browser that has seen nothing."""
    found = []
    for _ in range(times):
        context = chromium.new_context(locale="id-ID")
        page = context.new_page()
        page.goto(f"{address}/masuk")
        found.append(float(page.evaluate(_PAINTED)))
        context.close()
    return found


def searches(chromium: Any, address: str, cookies: Mapping[str, str], tki_ids: Sequence[str]) -> list[float]:
    """Return the seconds from Enter to the name of the TKI, one after the other on one page."""
    context = chromium.new_context(locale="id-ID", viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{address}/cari")
    label = say("id", "search.id")
    # The form below what was found has a field of the same name, which cannot be written in.
    field = page.get_by_role("textbox", name=label, exact=True).first
    found = []
    for tki_id in tki_ids:
        field.fill(tki_id)
        # Not awaited here: it is kept before the key is pressed, and answers when the name stands there.
        page.evaluate(f"void (window.poskoSearch = ({_SEARCHED})({[label, tki_id]!r}))")
        field.press("Enter")
        found.append(float(page.evaluate("window.poskoSearch")))
    context.close()
    return found
