"""Who looks at a page: the cookie of the sign-in, held against the row in the database at every run (§8.2; R-045, R-049).

Nothing of a sign-in is kept in the page's own state: a session that was ended elsewhere ends here with the next click.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from apps.operator.screens import current
from apps.reader_page.routes import COOKIE
from posko.domain.matrix import Role
from posko.services import sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posko.domain.roles import Party
    from posko.services.office import Desk

STATION_COOKIE = "posko_station"
"""Which station this computer is; it outlives the sign-in."""
LANGUAGE_COOKIE = "posko_language"
BEHALF = "posko_on_behalf"
"""Key of a `Behalf` in the state of a web session."""


@dataclass(frozen=True)
class Behalf:
    """Why and in whose place a Super Administrator acts, and the sign-in at which it began: another one does not inherit it."""

    reason: str
    party: Party | None
    auth_event: str | None


def cookies() -> Mapping[str, str]:
    """Return the cookies of the browser that looks; tests put their own here."""
    return st.context.cookies


def web_session() -> str:
    """Return the value that binds a capture request to this browser."""
    return cookies().get(COOKIE, "")


def signed_in() -> Desk:
    """Return the desk of whoever looks, marked as seen.

    Raises:
        Refused: nobody is signed in, or no longer.
    """
    shown = cookies()
    desk = sessions.principal_of(current().office, shown.get(COOKIE, ""), shown.get(STATION_COOKIE, ""))
    acting = st.session_state.get(BEHALF)
    if desk.by is None or desk.by.role is not Role.SUPER or not isinstance(acting, Behalf):
        return desk
    if acting.auth_event != desk.auth_event:
        return desk
    return replace(desk, by=replace(desk.by, on_behalf=acting.reason, party=acting.party))


def witness() -> Callable[[], Desk]:
    """Return what says who is signed in with the cookies of now, for work that is done after the page was made.

    It raises `Refused` where nobody is, or no longer.
    """
    shown, office = cookies(), current().office
    token, station = shown.get(COOKIE, ""), shown.get(STATION_COOKIE, "")
    return lambda: sessions.principal_of(office, token, station)
