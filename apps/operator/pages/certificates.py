"""The LSP's certificates: which were printed how often, a copy on a numbered blank, the stock of blanks (§13.12, Gambar 11; R-138)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import certificate_files, opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, as_opened, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.services import printing, screen_lsp
from posko.services.screen_lsp import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST, STOCK = "sertifikat", "certificates_stock"
ROWS = "certificates_rows"
COLUMNS = {"certificate_no": 155, "tki_id": 75, "full_name": 160, "status": 75}
"""Column -> least width, so that all stand side by side at 1024 pixels."""
PRINTED = {"SUDAH": True, "BELUM": False}


def render(desk: Desk) -> None:
    """Show the certificates, and the window for the one that was picked."""
    opened.say_saved()
    opened.plain_tables()
    lsp = desk.by.lsp_code if desk.by else None
    seen = opened.now_open(LIST) if listing(desk, _certificates(desk, lsp)) else None
    picked = _picked(seen)
    if seen is not None and picked is not None:
        _print(desk, seen, picked)
    certificate_files.last(desk)
    printing_for = certificate_files.own_lsp(desk)
    if printing_for is not None:
        certificate_files.batch(desk, printing_for)
        certificate_files.today(desk, printing_for)
    if lsp is not None:
        _stock(desk, lsp)


def _certificates(desk: Desk, lsp: str | None) -> Listing:
    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_lsp.certificates,
            lsp_code=lsp,
            limit=limit,
            offset=offset,
            search=asked.get("cari"),
            status=asked.get("keadaan"),
            printed=PRINTED.get(asked.get("cetakan", "")),
            since=asked.get("sejak"),
            until=asked.get("sampai"),
            order=asked.get("urut"),
        )
        rows = [{**row, "state": t(f"certificates.{row['status']}")} for row in found["rows"]]
        return {**found, "rows": rows}

    return Listing(
        LIST,
        [
            Column("certificate_no", t("certificates.certificate_no"), is_fixed=True),
            Column("tki_id", t("certificates.tki_id"), is_fixed=True),
            Column("full_name", t("certificates.full_name")),
            Column("certified_on", t("certificates.certified_on"), is_fixed=True),
            Column("valid_until", t("certificates.valid"), is_fixed=True),
            Column("state", t("certificates.status")),
            Column("copies", t("certificates.copies"), is_number=True),
        ],
        [
            Filter("cari", t("certificates.search")),
            Filter("keadaan", t("certificates.status"), "choice", {one: t(f"certificates.{one}") for one in STATUSES}),
            Filter("cetakan", t("certificates.copies"), "choice", {one: t(f"certificates.{one}") for one in PRINTED}),
            Filter("sejak", t("certificates.since"), "date"),
            Filter("sampai", t("certificates.until"), "date"),
        ],
        as_opened(LIST, read),
        t("certificates.none"),
        sorts=("certificate_no", "tki_id", "full_name", "certified_on"),
        show=_rows,
    )


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


def _rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show the certificates so that one can be picked."""
    st.dataframe(
        rows,
        column_order=("certificate_no", "tki_id", "full_name", "certified_on", "state", "copies"),
        column_config={
            **{
                name: st.column_config.TextColumn(t(f"certificates.{label}"), width=COLUMNS[label])
                for name, label in (
                    ("certificate_no", "certificate_no"),
                    ("tki_id", "tki_id"),
                    ("full_name", "full_name"),
                    ("state", "status"),
                )
            },
            "certified_on": st.column_config.DateColumn(t("certificates.certified_on"), format="DD-MM-YYYY", width=85),
            "copies": st.column_config.NumberColumn(t("certificates.copies"), width=65),
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=_key(opened.now_open(LIST)),
        height="auto",
    )


def _key(seen: Opened[Any] | None) -> str:
    return f"{ROWS}:{seen.token if seen else ''}"


def _picked(seen: Opened[dict[str, Any]] | None) -> dict[str, Any] | None:
    """Return the row that was picked, as it stood when the list opened."""
    rows = seen.seen["rows"] if seen else []
    chosen = st.session_state.get(_key(seen)) if rows else None
    places = chosen["selection"]["rows"] if chosen else []
    picked = [rows[place] for place in places if place < len(rows)]
    if rows and not picked:
        st.caption(t("certificates.pick"))
    return picked[0] if picked else None


def _print(desk: Desk, seen: Opened[dict[str, Any]], picked: dict[str, Any]) -> None:
    """Ask for the blank in hand, and for a reprint why; count the copy."""
    number, copies = picked["certificate_no"], int(picked["copies"])
    blank_slot = f"certificates_next:{seen.token}"
    free = opened.opened(
        blank_slot, (picked["lsp_code"],), lambda: (desk.do(screen_lsp.next_blank, lsp_code=picked["lsp_code"]),)
    )
    with st.form(f"print:{seen.token}:{number}"):
        st.header(t("certificates.window", number=number), anchor=False)
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
        certificate_files.counted(picked["lsp_code"], number)
        key = "certificates.printed_copy" if made["is_copy"] else "certificates.printed"
        opened.saved(t(key, number=number, copy=made["copy_no"], blank=blank.strip()), LIST, STOCK, blank_slot)
