"""The screens in tests: installed on a world, looked at with a sign-in's cookies, without a browser."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from apps.fraud.small_world import STAFF
from apps.operator import fingers, messages, session
from apps.operator.screens import Screens, install
from apps.reader_page.routes import COOKIE
from apps.simulated_prints import Owners
from biometrics.verification import Verifier
from posko.domain.proof import Purpose
from posko.services import login
from tests.support.fingers import MATCHER

if TYPE_CHECKING:
    import pytest

    from tests.support.fingers import Hands
    from tests.support.world import World

# Each run of an AppTest looks through all installed packages for components, as a server does once: three quarters of its time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

SECONDS = 30
NASTY = ("0" * 16, "a\x00b", "<script>alert(1)</script>", "' or 1=1 --", "\u202e9264729")
"""What is no ID, number or code."""
NO_REASON = ("", "   ", "x\x00", "3603054105830001", "a\u202eb")
"""What no reason, note or answer may be; what is too long the field cuts before anybody reads it."""


def screens_of(world: World, hands: Hands, *own: str) -> Screens:
    """Return the screens of a world, put in place for this process; `own` are TKI whose prints bear their number as seed."""
    verifier = Verifier(world.office, hands.vault, MATCHER, world.settings)
    made = Screens(world.settings, world.office, verifier, Owners({(tki_id, fingers.FINGER): tki_id for tki_id in own}))
    install(made)
    return made


def station_of(who: str) -> str:
    """Return where one of the staff sits: at her TUK, else at the office."""
    tuk = STAFF[who][2]
    return f"ST-{tuk.removeprefix('TUK-')}" if tuk else "ST-0"


def cookies_of(world: World, who: str, station: str | None = None) -> dict[str, str]:
    """Sign one of the staff in and return the cookies that her browser then holds."""
    at = station or station_of(who)
    proof = world.proof("STAFF", who, Purpose.LOGIN, at)
    told = world.office.desk(None).do(login.login, id_as_typed=who, station_code=at, proof=proof)
    assert told["ok"], who
    return {COOKIE: told["token"], session.STATION_COOKIE: at}


def look(path: str, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    """Return a page as whoever has these cookies sees it; `query` is what its address says."""
    monkeypatch.setattr(session, "cookies", lambda: cookies)
    importlib.import_module("apps.operator.frame")
    made = AppTest.from_function(_show, kwargs={"path": path}, default_timeout=SECONDS)
    for name, value in query.items():
        made.query_params[name] = value
    return made.run()


def say(key: str, /, **values: object) -> str:
    """Return a text as the screens say it in Indonesian."""
    return messages.say("id", key, **values)


def said(page: AppTest, kind: str = "error") -> list[str]:
    """Return what stands in the boxes of a kind."""
    return [box.value for box in getattr(page, kind)]


def labels(page: AppTest, kind: str = "button") -> list[str]:
    """Return the labels of all elements of a kind."""
    return [element.label for element in getattr(page, kind)]


def field(page: AppTest, key: str, kind: str = "text_input") -> Any:
    """Return the field of a kind with this text as its label, or as the beginning of its label."""
    found = [one for one in getattr(page, kind) if one.label.startswith(say(key))]
    return min(found, key=lambda one: len(one.label))


def press(page: AppTest, key: str) -> AppTest:
    """Press the button with this text and return the page after it."""
    label = say(key)
    return next(button for button in page.button if button.label == label).click().run()


def tab(page: AppTest, key: str, label: str) -> AppTest:
    """Open one of the tabs with this key and return the page after it; `label` is the key of what stands on it."""
    page.session_state[key] = say(label)
    page = page.run()
    assert not page.exception
    return page


def texts_of(page: AppTest) -> str:
    """Return everything that stands on a page, one text a line."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success")
    found = [element.value for kind in kinds for element in getattr(page, kind)]
    found += [element.proto.body for element in page.get("html")]
    return "\n".join(str(text) for text in found)


def _show(path: str) -> None:
    from apps.operator.frame import show_page  # noqa: PLC0415 - the script runs by itself

    show_page(path)
