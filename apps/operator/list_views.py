"""The menu of a list's own views: choose, save, rename, delete (R-008)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened
from apps.operator.frame import attempt
from apps.operator.list_address import asked_by, go_to, query_of
from apps.operator.messages import t
from posko.services import saved_views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.listing import Listing
    from posko.services.office import Desk


def menu(desk: Desk, what: Listing, asked: Mapping[str, str]) -> None:
    """Show the button whose window holds the views."""
    slot = f"views:{what.name}"
    with st.popover(t("listing.views"), icon=":material/bookmark:", key=f"posko_views_{what.name}"):
        said = st.session_state.pop(_said(what), None)
        if said:
            st.success(said)
        kept = opened.opened(slot, (desk.auth_event,), lambda: desk.do(saved_views.own, list_name=what.name))
        if kept is None:
            return
        for view in kept.seen:
            st.button(
                view["view_name"],
                key=f"posko_view_{what.name}_{view['view_id']}",
                type="tertiary",
                on_click=go_to,
                args=(what, asked_by(view["query"])),
            )
        st.caption(t("listing.views_help") if kept.seen else t("listing.no_views"))
        _save(desk, what, asked)
        if kept.seen:
            with st.expander(t("listing.manage")):
                _change(desk, what, {int(view["view_id"]): str(view["view_name"]) for view in kept.seen})


def _save(desk: Desk, what: Listing, asked: Mapping[str, str]) -> None:
    with st.form(f"posko_view_form_{what.name}", border=False, clear_on_submit=True):
        name = st.text_input(t("listing.view_name"), max_chars=saved_views.NAME_MOST)
        is_sent = st.form_submit_button(t("listing.save_view"), icon=":material/bookmark_add:")
    if not is_sent:
        return
    values: dict[str, Any] = {"list_name": what.name, "view_name": name, "query": query_of(asked)}
    if attempt(lambda: desk.do(saved_views.save, **values)) is not None:
        _done(what, t("listing.view_saved", name=name.strip()))


def _change(desk: Desk, what: Listing, names: Mapping[int, str]) -> None:
    with st.form(f"posko_view_change_{what.name}", border=False, clear_on_submit=True):
        view_id = st.selectbox(t("listing.choose_view"), list(names), format_func=lambda one: names.get(one, ""))
        name = st.text_input(t("listing.new_name"), max_chars=saved_views.NAME_MOST)
        is_renamed = st.form_submit_button(t("listing.rename_view"))
        is_removed = st.form_submit_button(t("listing.remove_view"))
    if view_id is None:
        return
    if is_renamed and attempt(lambda: (desk.do(saved_views.rename, view_id=view_id, view_name=name),)) is not None:
        _done(what, t("listing.view_renamed", name=name.strip()))
    if is_removed and attempt(lambda: (desk.do(saved_views.remove, view_id=view_id),)) is not None:
        _done(what, t("listing.view_removed", name=names[view_id]))


def _done(what: Listing, sentence: str) -> None:
    opened.close(f"views:{what.name}")
    st.session_state[_said(what)] = sentence
    st.rerun()


def _said(what: Listing) -> str:
    return f"posko_views_said:{what.name}"
