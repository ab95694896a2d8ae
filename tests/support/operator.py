"""The screens in tests: installed on a world, looked at with a sign-in's cookies, without a browser."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

from apps.operator import fingers, messages, session
from apps.operator.screens import Screens, install
from apps.reader_page.routes import COOKIE
from apps.simulated_prints import Owners
from biometrics.verification import Verifier
from posko.domain.proof import Purpose
from posko.services import login
from tests.support.fingers import MATCHER
from tests.support.world import STAFF

if TYPE_CHECKING:
    import pytest

    from tests.support.fingers import Hands
    from tests.support.world import World

SECONDS = 30


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


def press(page: AppTest, key: str) -> AppTest:
    """Press the button with this text and return the page after it."""
    label = messages.say("id", key)
    return next(button for button in page.button if button.label == label).click().run()


def texts_of(page: AppTest) -> str:
    """Return everything that stands on a page, one text a line."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success")
    found = [element.value for kind in kinds for element in getattr(page, kind)]
    found += [element.proto.body for element in page.get("html")]
    return "\n".join(str(text) for text in found)


def _show(path: str) -> None:
    from apps.operator.frame import show_page  # noqa: PLC0415 - the script runs by itself

    show_page(path)
