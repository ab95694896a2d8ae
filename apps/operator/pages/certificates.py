"""The LSP's certificates: which were printed how often, a copy on a numbered blank, the stock of blanks (§13.12, Gambar 11; R-138)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.services import printing, screen_lsp

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST, STOCK, SEARCH, PAGE = "certificates", "certificates_stock", "cari_sertifikat", "sertifikat_halaman"
COLUMNS = {"certificate_no": 155, "tki_id": 75, "full_name": 160, "status": 75}
"""Column -> least width, so that all stand side by side at 1024 pixels."""


def render(desk: Desk) -> None:
    """Show the certificates, and the window for the one that was picked."""
    opened.say_saved()
    opened.plain_tables()
    lsp = desk.by.lsp_code if desk.by else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            t("certificates.search"), key=SEARCH, max_chars=64, bind="query-params", on_change=_first_page
        )
        unprinted = st.toggle(t("certificates.only_unprinted"), key="certificates_unprinted", on_change=_first_page)
        opened.reload_button(LIST, STOCK)
    page = int(st.session_state.setdefault(PAGE, 1))
    asked: dict[str, Any] = {"lsp_code": lsp, "page": page, "search": search or None, "only_unprinted": unprinted}
    seen = opened.opened(LIST, tuple(asked.values()), lambda: desk.do(screen_lsp.certificates, **asked))
    if seen is None:
        return
    opened.not_past_the_end(PAGE, LIST, seen.seen["rows"])
    if seen.seen["rows"]:
        picked = _list(seen)
        _turn_page(page, is_last=seen.seen["is_last"])
        if picked is not None:
            _print(desk, seen, picked)
    else:
        st.info(t("certificates.none"))
    if lsp is not None:
        _stock(desk, lsp)


def _first_page() -> None:
    st.session_state[PAGE] = 1


def _stock(desk: Desk, lsp: str) -> None:
    """Show the stock of blanks, and take a damaged one out."""
    stock = opened.opened(STOCK, (lsp,), lambda: desk.do(printing.stock, lsp_code=lsp))
    if stock is None:
        return
    parts.cards((stock.seen[name], t(f"certificates.{name}")) for name in ("free", "used", "spoiled"))
    if not stock.seen["is_balanced"]:
        st.error(t("certificates.unbalanced"))
    with st.expander(t("certificates.spoil")), st.form(f"spoil:{stock.token}", border=False):
        left, middle, right = st.columns([2, 3, 1], vertical_alignment="bottom")
        blank = left.text_input(t("certificates.blank"), max_chars=30)
        reason = middle.text_input(t("certificates.reason"), max_chars=500)
        is_sent = right.form_submit_button(t("certificates.take_out"), width="stretch")
    if is_sent:
        once = desk.once(stock.key(blank, reason))
        made = attempt(lambda: once.do(printing.spoil_blank, blank_no=blank, reason=reason))
        if made is not None:
            opened.saved(t("certificates.spoiled_done", blank=made["blank_no"]), STOCK)


def _list(seen: Opened[dict[str, Any]]) -> dict[str, Any] | None:
    rows = seen.seen["rows"]
    event = st.dataframe(
        [{**row, "status": t(f"certificates.{row['status']}")} for row in rows],
        column_order=("certificate_no", "tki_id", "full_name", "certified_on", "status", "copies"),
        column_config={
            **{
                name: st.column_config.TextColumn(t(f"certificates.{name}"), width=width)
                for name, width in COLUMNS.items()
            },
            "certified_on": st.column_config.DateColumn(t("certificates.certified_on"), format="DD-MM-YYYY", width=85),
            "copies": st.column_config.NumberColumn(t("certificates.copies"), width=65),
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"certificates_rows:{seen.token}",
        height="auto",
    )
    picked = [rows[place] for place in event["selection"]["rows"] if place < len(rows)]
    if not picked:
        st.caption(t("certificates.pick"))
    return picked[0] if picked else None


def _turn_page(page: int, *, is_last: bool) -> None:
    if page == 1 and is_last:
        return
    left, middle, right = st.columns([1, 4, 1], vertical_alignment="center")
    if left.button(t("certificates.newer"), disabled=page == 1, key="certificates_newer", width="stretch"):
        st.session_state[PAGE] = page - 1
        st.rerun()
    middle.caption(t("certificates.page", page=page))
    if right.button(t("certificates.older"), disabled=is_last, key="certificates_older", width="stretch"):
        st.session_state[PAGE] = page + 1
        st.rerun()


def _print(desk: Desk, seen: Opened[dict[str, Any]], picked: dict[str, Any]) -> None:
    """Ask for the blank in hand, and for a reprint why; count the copy."""
    number, copies = picked["certificate_no"], int(picked["copies"])
    blank_slot = f"certificates_next:{seen.token}"
    free = opened.opened(
        blank_slot, (picked["lsp_code"],), lambda: (desk.do(screen_lsp.next_blank, lsp_code=picked["lsp_code"]),)
    )
    with st.form(f"print:{seen.token}:{number}"):
        st.subheader(t("certificates.window", number=number), anchor=False)
        parts.facts(
            [(t("certificates.full_name"), picked["full_name"]), (t("certificates.valid"), picked["valid_until"])]
        )
        if copies:
            st.warning(t("certificates.reprint", copies=copies, at=parts.shown(picked["printed_at"])))
        left, middle, right = st.columns([2, 3, 1], vertical_alignment="bottom")
        blank = left.text_input(t("certificates.blank"), (free.seen[0] if free else None) or "", max_chars=30)
        reason = middle.text_input(t("certificates.reprint_reason"), max_chars=500) if copies else ""
        is_sent = right.form_submit_button(
            t("certificates.print"), type="primary", icon=":material/print:", width="stretch"
        )
    if not is_sent:
        return
    once = desk.once(seen.key(number, blank, reason))
    made = attempt(
        lambda: once.do(printing.print_certificate, certificate_no=number, blank_no=blank, reason=reason or None)
    )
    if made is not None:
        key = "certificates.printed_copy" if made["is_copy"] else "certificates.printed"
        opened.saved(t(key, number=number, copy=made["copy_no"], blank=blank.strip()), LIST, STOCK, blank_slot)
