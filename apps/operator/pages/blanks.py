"""The register of certificate blanks: each LSP's stock, every blank, and a range given to an LSP after a look at it (§13.12; R-138)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import printing, screen_blanks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.operator.opened import Opened
    from posko.services.office import Desk

FORM, PLAN = "blanks_form", "blanks_plan"
"""The form as it opened, and the range that is looked at."""
ASKED = "blanks_asked"
TONES: dict[str, parts.Tone] = {"FREE": "good", "USED": "idle", "SPOILED": "bad"}


def render(desk: Desk) -> None:
    """Show the form to whoever gives blanks out, each LSP's stock, and the register."""
    opened.say_saved()
    stocks = attempt(lambda: desk.do(screen_blanks.stocks))
    if stocks is None:
        return
    if desk.by is None or Act.DO not in ACTS[MATRIX[Command.CHANGE_REGISTER][desk.by.role]]:
        st.caption(t("blanks.read_only"))
    else:
        _issue(desk, {row["lsp_code"]: f"{row['lsp_code']} · {row['lsp_name']}" for row in stocks})
    _stocks(stocks)
    listing(desk, _listing(desk, {row["lsp_code"]: row["lsp_code"] for row in stocks}))


def _stocks(rows: Sequence[Mapping[str, Any]]) -> None:
    columns = [
        Column("lsp_code", t("blanks.lsp"), is_fixed=True), Column("lsp_name", t("blanks.lsp_name")),
        *(Column(name.lower(), t(f"blanks.{name}"), is_number=True) for name in screen_blanks.STATES),
    ]  # fmt: skip
    with st.expander(t("blanks.stocks"), icon=":material/inventory:"):
        lists.show_list(columns, rows, empty=t("blanks.no_lsp"))


def _listing(desk: Desk, choices: Mapping[str, str]) -> Listing:
    columns = [
        Column("blank_no", t("blanks.blank_no"), is_fixed=True), Column("lsp_code", t("blanks.lsp"), is_fixed=True),
        Column("mark", t("blanks.state"), is_fixed=True), Column("issued", t("blanks.issued_at"), is_fixed=True),
        Column("issued_by", t("blanks.issued_by"), is_fixed=True), Column("certificate_no", t("blanks.certificate_no"), is_fixed=True),
        Column("copy_no", t("blanks.copy_no"), is_number=True), Column("changed", t("blanks.changed_at"), is_fixed=True),
        Column("changed_by", t("blanks.changed_by"), is_fixed=True), Column("reason", t("blanks.reason")),
    ]  # fmt: skip
    filters = [
        Filter("lsp", t("blanks.lsp"), "choice", choices),
        Filter("keadaan", t("blanks.state"), "choice", {one: t(f"blanks.{one}") for one in screen_blanks.STATES}),
        Filter("cari", t("blanks.search")),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = {"lsp_code": asked.get("lsp"), "state": asked.get("keadaan"), "search": asked.get("cari")}
        found = desk.do(screen_blanks.listed, **told, limit=limit, offset=offset)
        return {"total": found["total"], "rows": [_line(row) for row in found["rows"]]}

    return Listing("blangko", columns, filters, read, t("blanks.none"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "mark": Mark(t(f"blanks.{row['state']}"), TONES[row["state"]]),
        "issued": lists.moment(row["issued_at"]),
        "changed": lists.moment(row["changed_at"]),
    }


def _issue(desk: Desk, lsps: Mapping[str, str]) -> None:
    """Ask for a range, and show what would be given out."""
    st.header(t("blanks.issue"), anchor=False)
    form = opened.kept(FORM, (), lambda: None)
    with st.form(f"blanks:{form.token}"):
        lsp = st.selectbox(
            t("blanks.to_lsp"),
            list(lsps),
            index=None,
            format_func=lambda code: lsps.get(code, code),
            placeholder=t("picked.placeholder"),
        )
        left, middle, right = st.columns(3)
        first = left.text_input(t("blanks.first"), max_chars=30, placeholder="BL000001")
        count = middle.number_input(t("blanks.count"), 1, printing.BLANKS_AT_ONCE, None, 1)
        most = parts.number(printing.BLANKS_AT_ONCE)
        last = right.text_input(t("blanks.last"), max_chars=30, help=t("blanks.last_help", most=most))
        is_sent = st.form_submit_button(t("blanks.look"), icon=":material/search:")
    if is_sent:
        opened.close(PLAN)
        st.session_state[ASKED] = (lsp, first, last.strip() or None, count)
    if ASKED in st.session_state:
        _planned(desk, *st.session_state[ASKED])


def _planned(desk: Desk, lsp: str | None, first: str, last: str | None, count: int | None) -> None:
    """Show the range that was asked for, and give it out at a press."""
    asked: dict[str, Any] = {"lsp_code": lsp, "first": first, "last": last, "count": count}
    seen = opened.opened(PLAN, tuple(asked.values()), lambda: desk.do(screen_blanks.plan, **asked))
    if seen is None:
        # Said once: what is typed next is judged when it is sent.
        st.session_state.pop(ASKED, None)
        return
    plan = seen.seen
    st.info(t("blanks.planned"))
    parts.facts(
        [
            (t("blanks.to_lsp"), f"{plan['lsp_code']} · {plan['lsp_name']}"),
            (t("blanks.range"), f"{plan['first']} .. {plan['last']}"),
            (t("blanks.count"), parts.number(plan["blanks"])),
            (t("blanks.free_now"), parts.number(plan["free"])),
            (t("blanks.free_then"), parts.number(plan["free"] + plan["blanks"])),
        ]
    )
    _give_out(desk, seen)


def _give_out(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    plan = seen.seen
    told = {"count": parts.number(plan["blanks"]), "lsp": plan["lsp_code"]}
    if not st.button(t("blanks.go", **told), type="primary", icon=":material/outbox:", key="posko_blanks_go"):
        return
    once = desk.once(seen.key())
    asked = {name: plan[name] for name in ("lsp_code", "first", "last")}
    if attempt(lambda: once.do(printing.issue_blanks, **asked)) is not None:
        st.session_state.pop(ASKED, None)
        opened.saved(t("blanks.done", **told, first=plan["first"], last=plan["last"]), FORM, PLAN)
