"""What stands around every page: who looks, the menu, the band of the figures, refusals and faults (R-045, R-060..R-070)."""

from __future__ import annotations

import hmac
import importlib
import json
import logging
import secrets
from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit import config

from apps.operator import behalf, destination, session
from apps.operator.menu import BY_PATH, PAGES
from apps.operator.messages import CATALOGUE, LANGUAGE, language, say, t
from apps.operator.screens import current
from posko.domain.calendar import WIB
from posko.domain.errors import ConnectionFailed, OutcomeUnknown, PoskoError, Refused
from posko.domain.matrix import ROLE_LABELS
from posko.services import screen_home, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.navigation.page import StreamlitPage

    from apps.operator.menu import Page
    from apps.operator.messages import Language
    from posko.services.office import Desk

T = TypeVar("T")
log = logging.getLogger("posko.operator")
THEME = Path(__file__).parent / "theme"
SCRIPTS = ("operator.js", "working.js", "draft.js", "keys.js")
WORDS = "frame.say_"
"""Begins the names of the texts that the scripts of the frame show."""
WHO = "posko_who"
"""Key of the name of whoever is signed in, with the sign-in that it belongs to."""


@cache
def icon() -> str:
    """Return the icon of the pages as an address that holds it: a file would be read and opened as a picture at every run."""
    return f"data:image/png;base64,{b64encode((THEME / 'icon.png').read_bytes()).decode()}"


def show_page(path: str) -> None:
    """Show one page to whoever is signed in, or say why not; the service asks again whatever it does."""
    desk = _begin()
    if desk is not None:
        _fill(desk, BY_PATH[path])


def navigation() -> None:
    """Build the menu of the role and show the page that was asked for; a page of another role is hidden, and refuses by itself."""
    desk = _begin()
    sections: dict[str, list[StreamlitPage]] = {}
    for page in PAGES:
        is_open = desk is not None and desk.by is not None and page.is_open_to(desk.by.role)
        made = st.Page(
            _runner(page, desk),
            title=t(page.title),
            icon=page.icon,
            url_path=page.path,
            default=page is PAGES[0],
            visibility="visible" if is_open else "hidden",
        )
        sections.setdefault(t(page.stage.value), []).append(made)
    st.navigation(sections, expanded=True).run()


def _begin() -> Desk | None:
    """Dress the page and return who looks; None: nobody, which is then said."""
    st.session_state[LANGUAGE] = session.cookies().get(session.LANGUAGE_COOKIE, "id")
    _dress()
    desk = attempt(session.signed_in, on_refused=_over)
    if desk is not None:
        st.html(f"<script>window.poskoWho = '{_mark(desk)}'</script>", unsafe_allow_javascript=True)
    return desk


def _runner(page: Page, desk: Desk | None) -> Callable[[], None]:
    def run() -> None:
        if desk is not None:
            _fill(desk, page)

    run.__name__ = f"page_{page.module}"
    return run


def _fill(desk: Desk, page: Page) -> None:
    _sidebar(desk, page)
    behalf.banner(desk)
    if desk.by is None or not page.is_open_to(desk.by.role):
        _closed(desk, page)
        return
    st.title(t(page.title))
    attempt(lambda: importlib.import_module(f"apps.operator.pages.{page.module}").render(desk))


def attempt(what: Callable[[], T], *, on_refused: Callable[[Refused], None] | None = None) -> T | None:
    """Do something and return its answer; None where it was refused or the server failed, which is then said on the page."""
    try:
        return what()
    except Refused as refusal:
        (on_refused or show_refusal)(refusal)
    except OutcomeUnknown:
        log.exception("a commit was cut")
        st.error(t("frame.unknown"))
    except ConnectionFailed:
        log.exception("the database does not answer")
        st.error(t("frame.down"))
    except PoskoError as error:
        log.warning("a page could not do what was asked: %s", error)
        st.error(str(error))
    return None


def show_refusal(refusal: Refused) -> None:
    """Say why something may not happen, with the name of its record in the log."""
    st.error(str(refusal))
    if refusal.reference:
        st.caption(f"{t('frame.reference')}: {refusal.reference}")


def show_fault(error: Exception) -> bool:
    """Say that something broke, with a number that stands in the log; True: Streamlit need show nothing."""
    number = secrets.token_hex(4).upper()
    log.error("fault %s on a page", number, exc_info=error)
    st.error(t("frame.broken", number=number))
    return True


def _dress() -> None:
    st.html(f"<style>{_file('operator.css')}</style>")
    st.html(f"<script>{_script(language())}</script>", unsafe_allow_javascript=True)


@cache
def _script(tongue: Language) -> str:
    """Return the scripts of the frame with the words that they say."""
    words = {name.removeprefix(WORDS): say(tongue, name) for name in CATALOGUE if name.startswith(WORDS)}
    told = f"window.poskoLanguage = '{tongue}'; window.poskoWords = {json.dumps(words).replace('<', '')};"
    return told + "".join(map(_file, SCRIPTS))


def _mark(desk: Desk) -> str:
    """Return what tells the scripts of a tab whether it is the same person who signed in again; it names nobody."""
    secret, who = str(config.get_option("server.cookieSecret")), desk.by.person_id if desk.by else ""
    return hmac.new(secret.encode(), str(who).encode(), "sha256").hexdigest()[:24]


@cache
def _file(name: str) -> str:
    return (THEME / name).read_text("utf-8")


def _help(page: Page) -> None:
    """Show what the page is for and which keys there are."""
    about = f"{page.module}.about"
    if about in CATALOGUE:
        st.markdown(t(about))
    st.markdown(t("frame.keys"))


def _sidebar(desk: Desk, page: Page) -> None:
    if desk.by is None:
        return
    with st.sidebar:
        name = _name(desk)
        scope = " · ".join(code for code in (desk.by.lsp_code, desk.by.tuk_code, desk.place.device) if code)
        st.html(
            f'<div class="posko-who"><strong>{escape(name)}</strong><span>{escape(ROLE_LABELS[desk.by.role])}</span>'
            f"<span>{escape(scope)}</span>{_demo_time(desk)}</div>"
        )
        behalf.control(desk, attempt)
        if st.button(t("frame.help"), icon=":material/help:", width="stretch", key="posko_help", shortcut="Alt+H"):
            st.dialog(t("frame.help_of", title=t(page.title)))(_help)(page)
        if st.button(t("frame.logout"), icon=":material/logout:", width="stretch", key="posko_logout"):
            attempt(lambda: desk.do(sessions.logout))
            go("/masuk")
        other = "id" if language() == "en" else "en"
        st.html(f'<a class="posko-language" href="/bahasa/{other}" target="_self">{escape(t("frame.language"))}</a>')


def go(address: str) -> None:
    """Leave for an address of ours outside the pages, and show nothing more."""
    st.html(f"<script>window.location.replace({address!r})</script>", unsafe_allow_javascript=True)
    st.stop()


def _name(desk: Desk) -> str:
    known = st.session_state.get(WHO)
    if known is None or known[0] != desk.auth_event:
        told = attempt(lambda: desk.do(screen_home.who))
        known = st.session_state[WHO] = (desk.auth_event, told["full_name"] if told else "")
    return str(known[1])


def _demo_time(desk: Desk) -> str:
    if desk.seen_at is None or not current().is_demo:
        return ""
    at = desk.seen_at + WIB
    return f'<span class="posko-demo">{escape(t("frame.demo_clock"))}: {at:%d-%m-%Y %H:%M} WIB</span>'


def _over(_refusal: Refused) -> None:
    st.warning(t("frame.over"))
    path, query = urlsplit(st.context.url or "").path, urlencode(dict(st.query_params))
    back = urlencode({"berakhir": 1, destination.NAME: destination.of(path, query) or ""})
    st.html(f'<a class="posko-button" href="/masuk?{escape(back)}" target="_self">{escape(t("frame.login"))}</a>')


def _closed(desk: Desk, page: Page) -> None:
    if desk.by is None:
        return
    attempt(lambda: desk.do(screen_home.turned_away, page=page.path))
    st.title(t("frame.closed_title"))
    st.error(t("frame.closed", role=ROLE_LABELS[desk.by.role]))
