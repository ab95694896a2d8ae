"""BNSP checks what came from the Konsorsium and forwards it to LSP and TUK, split (§12.7-12.9; R-101..R-104, X6)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.opened import saved, say_saved
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import distribution, screen_balance

if TYPE_CHECKING:
    from posko.services.office import Desk

TONES: dict[str, parts.Tone] = {
    "SENT": "warn", "INCOMPLETE": "bad", "COMPLETE": "warn", "RELEASED": "good", "WITHDRAWN": "idle",
}  # fmt: skip


def render(desk: Desk) -> None:
    """Show the Konsorsium's batches and what may be done with the chosen one."""
    say_saved()
    shown = listing(desk, _batches(desk))
    if shown and shown["rows"]:
        by_id = {row["batch_id"]: row for row in shown["rows"]}
        number = st.selectbox(t("balance.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
        _batch(desk, by_id[number])


def _batches(desk: Desk) -> Listing:
    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_balance.waiting,
            limit=limit,
            offset=offset,
            state=asked.get("keadaan"),
            since=asked.get("sejak"),
            until=asked.get("sampai"),
        )
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    columns = [
        Column("batch_id", t("balance.batch"), is_number=True), Column("sent", t("balance.sent_at"), is_fixed=True),
        Column("row_count", t("balance.rows"), is_number=True), Column("rest_count", t("balance.rest"), is_number=True),
        Column("mark", t("balance.state"), is_fixed=True), Column("load", t("balance.load"), is_number=True),
        Column("parts", t("balance.packages"), is_number=True), Column("released", t("balance.released_at"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("keadaan", t("balance.state"), "choice", {one: t(f"balance.{one}") for one in screen_balance.STATES}),
        Filter("sejak", t("balance.since"), "date"),
        Filter("sampai", t("balance.until"), "date"),
    ]
    return Listing("keseimbangan", columns, filters, read, t("balance.none"))


def _batch(desk: Desk, row: dict[str, Any]) -> None:
    for found in row["findings"]:
        (st.warning if found["code"] == "FOUND_LOAD" else st.error)(found["text"])
    if row["state"] in {"COMPLETE", "RELEASED"} and not row["findings"]:
        st.success(t("balance.clean"))
    may_do = desk.by is not None and Act.DO in ACTS[MATRIX[Command.BALANCE][desk.by.role]]
    if row["state"] == "RELEASED":
        _packages(desk, row)
    elif row["state"] == "WITHDRAWN":
        st.info(t("balance.withdrawn", at=lists.moment(row["withdrawn_at"]), reason=row["withdrawn_why"]))
    elif not may_do:
        st.info(t("balance.read_only"))
    elif row["state"] == "COMPLETE":
        _release(desk, row)
    elif st.button(t("balance.check"), type="primary", icon=":material/balance:"):
        told = attempt(lambda: _once(desk, row).do(distribution.check_balance, batch_id=row["batch_id"]))
        if told is not None:
            _done(row, t("balance.complete" if told["is_complete"] else "balance.incomplete"))


def _release(desk: Desk, row: dict[str, Any]) -> None:
    st.write(t("balance.release_help", rows=parts.number(row["row_count"])))
    if st.button(t("balance.release"), type="primary", icon=":material/send:"):
        told = attempt(lambda: _once(desk, row).do(distribution.release, balance_check_id=row["balance_check_id"]))
        if told is not None:
            _done(row, t("balance.released", count=len(told["batches"])))


def _packages(desk: Desk, row: dict[str, Any]) -> None:
    found = attempt(lambda: desk.do(screen_balance.packages, balance_check_id=row["balance_check_id"]))
    st.header(t("balance.packages"))
    columns = [
        Column("batch_id", t("balance.batch"), is_number=True), Column("receiver_kind", t("balance.kind"), is_fixed=True),
        Column("receiver_code", t("balance.receiver"), is_fixed=True), Column("row_count", t("balance.rows"), is_number=True),
        Column("mark", t("balance.acknowledged"), is_fixed=True), Column("refusal", t("balance.refusal")),
    ]  # fmt: skip
    lines = [
        {
            **one,
            "mark": _acknowledged(one),
        }
        for one in found or []
    ]
    listing(desk, Listing("paket", columns, [], in_memory(lines), t("balance.no_packages")))


def _acknowledged(row: dict[str, Any]) -> Mark:
    if row["acknowledged_at"]:
        return Mark(lists.moment(row["acknowledged_at"]), "good")
    return Mark(t("balance.refused"), "bad") if row["refusal"] else Mark(t("balance.not_acknowledged"), "warn")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "sent": lists.moment(row["sent_at"]),
        "released": lists.moment(row["released_at"]),
        "mark": Mark(t(f"balance.{row['state']}"), TONES[row["state"]]),
        "load": lists.decimal(row["max_to_mean"]),
        "parts": f"{row['acknowledged']}/{row['packages']}" if row["packages"] else None,
    }


def _named(row: dict[str, Any]) -> str:
    return f"{row['batch_id']} · {lists.moment(row['sent_at'])} · {parts.number(row['row_count'])} TKI"


def _once(desk: Desk, row: dict[str, Any]) -> Desk:
    return desk.once(st.session_state.setdefault(_form(row), secrets.token_hex(16)))


def _done(row: dict[str, Any], said: str) -> None:
    """Show the outcome on the page as it stands now; a check that is done again is another submission."""
    st.session_state.pop(_form(row), None)
    saved(said)


def _form(row: dict[str, Any]) -> str:
    return f"posko_balance:{row['batch_id']}:{row['balance_check_id']}"
