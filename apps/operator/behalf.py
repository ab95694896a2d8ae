"""Acting in another's place: the control in the menu, and the mark that stands on every page meanwhile (§9.1; R-069).

The reason and the body are kept with the sign-in at which they were given, so that nobody who signs in later in the same tab
acts in another's place without knowing it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import streamlit as st

from apps.operator import session
from apps.operator.messages import t
from apps.operator.session import Behalf
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import behalf

if TYPE_CHECKING:
    from collections.abc import Callable

    from posko.domain.roles import Party
    from posko.services.office import Desk


class Attempt(Protocol):
    """`frame.attempt`: do something, or say on the page why not."""

    def __call__(self, what: Callable[[], Any], /) -> Any:
        """Return the answer; None where it was refused."""


def banner(desk: Desk) -> None:
    """Say above a page in whose place and why it is acted, while it is."""
    if desk.by is None or not desk.by.on_behalf:
        return
    said = t("behalf.banner", party=name_of(desk.by.party))
    st.html(
        f'<div class="posko-behalf" role="status"><strong>{escape(said)}</strong>'
        f"<span>{escape(t('behalf.banner_why', reason=desk.by.on_behalf))}</span></div>"
    )


def control(desk: Desk, attempt: Attempt) -> None:
    """Show how to begin, or how to stop."""
    if desk.by is None or desk.by.role is not Role.SUPER:
        return
    if desk.by.on_behalf:
        st.warning(t("behalf.on", party=name_of(desk.by.party)))
        if st.button(t("behalf.end"), width="stretch", key="posko_behalf_end"):
            st.session_state.pop(session.BEHALF, None)
            attempt(lambda: desk.do(behalf.end))
            st.rerun()
        return
    with st.expander(t("behalf.begin_title")):
        _form(desk, attempt)


def _form(desk: Desk, attempt: Attempt) -> None:
    bodies = attempt(lambda: _bodies(desk)) or []
    kind = st.selectbox(
        t("behalf.role"), [Role.KONSORSIUM, Role.LSP, Role.TUK], format_func=_role, key="posko_behalf_role"
    )
    with st.form("posko_behalf", border=False):
        named = {row["party"]: row["name"] for row in bodies if row["role"] == kind}
        party = Role.KONSORSIUM.value
        if kind is not Role.KONSORSIUM:
            party = st.selectbox(
                _role(kind),
                list(named),
                format_func=lambda one: f"{one.partition(':')[2]} · {named[one]}",
                key=f"posko_behalf_party:{kind}",
            )
        typed = st.text_input(t("behalf.reason"), max_chars=500, key="posko_behalf_reason")
        is_sent = st.form_submit_button(t("behalf.begin"), width="stretch")
    if not is_sent:
        return
    acting = attempt(lambda: behalf.on_behalf(desk, typed, party or kind.value))
    if acting is not None:
        st.session_state[session.BEHALF] = Behalf(acting.by.on_behalf, acting.by.party, desk.auth_event)
        st.rerun()


def _bodies(desk: Desk) -> list[dict[str, Any]]:
    """Return the bodies, read once a sign-in: the registers of LSP and TUK change seldom, and the menu stands on every page."""
    key = f"posko_behalf_bodies:{desk.auth_event}"
    if key not in st.session_state:
        st.session_state[key] = desk.do(behalf.parties)
    found: list[dict[str, Any]] = st.session_state[key]
    return found


def name_of(party: Party | None) -> str:
    """Return a body as a person reads it."""
    if party is None:
        return t("behalf.others")
    return f"{party.role.value} {party.code}" if party.code else t("behalf.KONSORSIUM")


def _role(role: Role) -> str:
    return t("behalf.KONSORSIUM") if role is Role.KONSORSIUM else ROLE_LABELS[role].removeprefix("Administrator ")
