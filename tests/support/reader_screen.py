"""The operator's browser before the page of a reader: what she sees and which keys she presses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from apps.reader_page.routes import COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.biometrics.stub_client.site import Site

SIZE = {"width": 1366, "height": 768}
expect.set_options(timeout=10_000)


@dataclass
class Screen:
    """The operator's browser: what she sees and which keys she presses."""

    page: Page
    site: Site
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", lambda request: self.hosts.add("/".join(request.url.split("/")[:3])))
        self.page.on("websocket", lambda socket: self.hosts.add("/".join(socket.url.split("/")[:3])))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message):
        if "Content Security Policy" in message.text or "Uncaught" in message.text:
            self.complaints.append(message.text)

    def open(self, request):
        self.page.goto(self.site.url(request))

    def shows(self, heading, sentence=""):
        expect(self.page.locator("#heading")).to_have_text(heading)
        expect(self.page.locator("#sentence")).to_contain_text(sentence)

    def has_focus(self, button):
        expect(self.page.get_by_role("button", name=button)).to_be_focused()

    def press(self, key="Enter"):
        self.page.keyboard.press(key)


def context_of(browser, site):
    """Return a throw-away profile with the web session's cookie; the stub's certificate is its own."""
    context = browser.new_context(viewport=SIZE, ignore_https_errors=True)
    context.add_cookies([{"name": COOKIE, "value": site.session, "url": site.address}])
    return context
