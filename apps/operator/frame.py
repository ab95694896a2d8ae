"""What stands around every page: who looks, the menu, the band of the figures, refusals and faults (R-045, R-060..R-070)."""

from __future__ import annotations

import importlib
import logging
import secrets
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from apps.operator import session
from apps.operator.menu import BY_PATH, PAGES
from apps.operator.messages import CATALOGUE, LANGUAGE, language, t
from apps.operator.screens import current
from posko.domain.calendar import WIB
from posko.domain.errors import ConnectionFailed, OutcomeUnknown, PoskoError, Refused
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import screen_home, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.navigation.page import StreamlitPage

    from apps.operator.menu import Page
    from posko.services.office import Desk

T = TypeVar("T")
log = logging.getLogger("posko.operator")
THEME = Path(__file__).parent / "theme"
WHO = "posko_who"
"""Key of the name of whoever is signed in, with the sign-in that it belongs to."""


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
    return attempt(session.signed_in, on_refused=_over)


def _runner(page: Page, desk: Desk | None) -> Callable[[], None]:
    def run() -> None:
        if desk is not None:
            _fill(desk, page)

    run.__name__ = f"page_{page.module}"
    return run


def _fill(desk: Desk, page: Page) -> None:
    _sidebar(desk, page)
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
    script = f"window.poskoLanguage = '{language()}';{_file('operator.js')}"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


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
            f"<span>{escape(scope)}</span>{_demo_time()}</div>"
        )
        if desk.by.role is Role.SUPER:
            _on_behalf(desk)
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


def _demo_time() -> str:
    screens = current()
    if not screens.is_demo:
        return ""
    with screens.office.engine.connect() as db:
        at = screens.office.clock(db) + WIB
    return f'<span class="posko-demo">{escape(t("frame.demo_clock"))}: {at:%d-%m-%Y %H:%M} WIB</span>'


def _on_behalf(desk: Desk) -> None:
    reason = st.session_state.get(session.BEHALF)
    if reason:
        st.warning(t("frame.behalf_on", reason=reason))
        if st.button(t("frame.behalf_end"), width="stretch", key="posko_behalf_end"):
            del st.session_state[session.BEHALF]
            st.rerun()
        return
    with st.expander(t("frame.behalf")), st.form("posko_behalf", border=False):
        typed = st.text_input(t("frame.behalf_reason"), max_chars=500)
        if st.form_submit_button(t("frame.behalf_begin"), width="stretch"):
            acting = attempt(lambda: sessions.on_behalf(desk, typed))
            if acting is not None and acting.by is not None:
                st.session_state[session.BEHALF] = acting.by.on_behalf
                st.rerun()


def _over(_refusal: Refused) -> None:
    st.warning(t("frame.over"))
    st.html(f'<a class="posko-button" href="/masuk?berakhir=1" target="_self">{escape(t("frame.login"))}</a>')


def _closed(desk: Desk, page: Page) -> None:
    if desk.by is None:
        return
    attempt(lambda: desk.do(screen_home.turned_away, page=page.path))
    st.title(t("frame.closed_title"))
    st.error(t("frame.closed", role=ROLE_LABELS[desk.by.role]))
