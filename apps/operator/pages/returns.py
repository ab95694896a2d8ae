"""Results on their way back to BNP2TKI: both legs, lines and versions, differences, silence, what is open (§14.3-14.5; R-164..R-170)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts, tabs
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.open_list import open_list
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import return_orders, screen_returns

if TYPE_CHECKING:
    from posko.services.office import Desk

FORM = "returns_form"
LISTS = {"batches": "kembali", "lines": "baris", "open": "terbuka"}
"""Tab -> the list in it."""
TONES: dict[str, parts.Tone] = {
    "DIFFERENT": "bad", "REJECTED": "bad", "OVERDUE": "bad", "WAITING": "warn", "REPLACED": "idle", "ACKNOWLEDGED": "good",
}  # fmt: skip


def render(desk: Desk) -> None:
    """Show the returns, their lines, and what is open; start one or look at BNP2TKI's table now."""
    opened.say_saved()
    may_do = desk.by is not None and Act.START_STOP in ACTS[MATRIX[Command.PUBLISH][desk.by.role]]
    labels = {name: t(f"returns.tab_{name}") for name in LISTS}
    with tabs.one_of("returns_tabs", labels, LISTS) as name:
        if name == "batches":
            if may_do:
                _start(desk)
            _batches(desk, may_do=may_do)
        elif name == "lines":
            _lines(desk)
        else:
            open_list(desk)


def _start(desk: Desk) -> None:
    st.caption(t("returns.start_help"))
    form = opened.opened(FORM, (), lambda: True)
    if form is None or not st.button(t("returns.start"), icon=":material/send:", key="returns_start"):
        return
    once = desk.once(form.key("start"))
    told = attempt(lambda: once.do(return_orders.start))
    if told is not None:
        number = told["return_batch_id"]
        name = "returns.nothing_due" if number is None else "returns.started"
        opened.saved(t(name, number=number, count=parts.number(told["rows"] or 0)), FORM)


def _batches(desk: Desk, *, may_do: bool) -> None:
    columns = [
        Column("return_batch_id", t("returns.number"), is_number=True), Column("made", t("returns.made_at"), is_fixed=True),
        Column("row_count", t("returns.rows"), is_number=True), Column("versions", t("returns.versions"), is_number=True),
        Column("first", t("returns.first_leg"), is_fixed=True), Column("second", t("returns.second_leg"), is_fixed=True),
        Column("left", t("returns.left"), is_number=True), Column("due_on", t("returns.due_on"), is_fixed=True),
        Column("mark", t("returns.state"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("terbuka", t("returns.state"), "choice", {"ya": t("returns.only_open")}),
        Filter("sejak", t("returns.since"), "date"),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = desk.do(
            screen_returns.batches, only_open="terbuka" in asked, since=asked.get("sejak"), limit=limit, offset=offset
        )
        return {**told, "rows": [_batch(row) for row in told["rows"]]}

    found = listing(desk, Listing("kembali", columns, filters, read, t("returns.none")))
    if not found or not found["rows"]:
        return
    by_id = {row["return_batch_id"]: row for row in found["rows"]}
    number = st.selectbox(t("returns.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
    row = by_id[number]
    parts.facts(
        [
            (t("returns.relay_hash"), row["relay_sha256"]), (t("returns.relay_loaded"), lists.moment(row["relay_loaded_at"])),
            (t("returns.dispatch"), row["dispatch_id"] or ""), (t("returns.dispatched"), _dispatched(row)),
            (t("returns.source_hash"), row["source_sha256"]), (t("returns.source_loaded"), lists.moment(row["source_loaded_at"])),
        ]
    )  # fmt: skip
    if may_do and row["acknowledged_at"] is None and row["source_sent_at"] is not None:
        _look(desk, row)


def _look(desk: Desk, row: dict[str, Any]) -> None:
    """Compare with what BNP2TKI last delivered; done again it is another question, so it has no key."""
    number = row["return_batch_id"]
    if not st.button(t("returns.look"), icon=":material/sync:", key="returns_look"):
        return
    told = attempt(lambda: desk.do(return_orders.look, return_batch_id=number))
    if told is not None:
        counts = {"closed": told["closed"], "different": len(told["different"]), "missing": len(told["missing"])}
        opened.saved(t("returns.looked", number=number, **counts))


def _lines(desk: Desk) -> None:
    columns = [
        Column("tki_id", t("returns.tki_id"), is_fixed=True), Column("return_batch_id", t("returns.number"), is_number=True),
        Column("version", t("returns.version"), is_number=True), Column("said", t("returns.result"), is_fixed=True),
        Column("lsp_code", t("returns.lsp"), is_fixed=True), Column("certificate_no", t("returns.certificate_no"), is_fixed=True),
        Column("certified_on", t("returns.certified_on"), is_fixed=True), Column("mark", t("returns.state"), is_fixed=True),
        Column("read_back_no", t("returns.read_back"), is_fixed=True), Column("difference", t("returns.difference")),
        Column("confirmation", t("returns.confirmation")), Column("last", t("returns.is_last"), is_fixed=True),
    ]  # fmt: skip
    states = {state: t(f"returns.{state}") for state in screen_returns.STATES}
    filters = [
        Filter("tki", t("returns.tki_id")),
        Filter("nomor", t("returns.number")),
        Filter("keadaan", t("returns.state"), "choice", states),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        number, tki_id = asked.get("nomor"), asked.get("tki")
        # What is no number goes to the service as it is: it says so in words.
        wanted: Any = int(number) if number and number.isascii() and number.isdecimal() and len(number) < 19 else number
        told = desk.do(
            screen_returns.lines,
            return_batch_id=wanted,
            tki_id=tki_id,
            state=asked.get("keadaan"),
            limit=limit,
            offset=offset,
        )
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    st.caption(t("returns.lines_help"))
    listing(desk, Listing("baris", columns, filters, read, t("returns.no_lines")))


def _batch(row: dict[str, Any]) -> dict[str, Any]:
    state = "ACKNOWLEDGED" if row["acknowledged_at"] else "OVERDUE" if row["is_overdue"] else "WAITING"
    return {
        **row,
        "made": lists.moment(row["made_at"]),
        "first": lists.moment(row["relay_sent_at"]),
        "second": lists.moment(row["source_sent_at"]),
        "mark": Mark(t(f"returns.{state}"), TONES[state]),
    }


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "said": t(f"publication.{row['result']}"),
        "mark": Mark(t(f"returns.{row['state']}"), TONES[row["state"]]),
        "confirmation": t(f"returns.said_{row['verdict']}", reason=row["reason"] or "") if row["verdict"] else "",
        "last": t("frame.yes") if row["is_last"] else t("frame.no"),
    }


def _dispatched(row: dict[str, Any]) -> str:
    """Return when a return was written at BNP2TKI, and how."""
    if row["dispatched_at"] is None:
        return t("returns.not_dispatched") if row["dispatch_id"] else ""
    return f"{lists.moment(row['dispatched_at'])} · {t('returns.by_' + row['dispatched_by'])}"


def _named(row: dict[str, Any]) -> str:
    return f"{row['return_batch_id']} · {row['made']} · {parts.number(row['row_count'])} TKI"
