"""An LSP or TUK sees what BNSP sent it, and takes it over or refuses it with a reason (§12.10-12.11; R-105, R-182)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import Role
from posko.services import distribution, package_refusal, screen_packages

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

ONE = "packages_one"
TONES: dict[str, parts.Tone] = {"OPEN": "warn", "REFUSED": "bad", "TAKEN_OVER": "good"}
LISTED = {"keadaan": "state", "sejak": "since", "penerima": "receiver_kind", "kode": "receiver_code"}
"""Filter in the address -> argument of the service."""


def render(desk: Desk) -> None:
    """Show the packages, and the chosen one with what may be done."""
    opened.say_saved()
    found = listing(desk, _packages(desk))
    if not found or not found["rows"]:
        return
    by_id = {row["batch_id"]: row for row in found["rows"]}
    number = st.selectbox(t("packages.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
    seen = opened.opened(ONE, (number,), lambda: desk.do(screen_packages.look, batch_id=number))
    if seen is not None:
        _package(desk, seen)


def _packages(desk: Desk) -> Listing:
    columns = [
        Column("batch_id", t("packages.batch"), is_number=True), Column("receiver", t("packages.receiver"), is_fixed=True),
        Column("sent", t("packages.sent_at"), is_fixed=True), Column("row_count", t("packages.rows"), is_number=True),
        Column("mark", t("packages.state"), is_fixed=True), Column("taken", t("packages.taken_at"), is_fixed=True),
    ]  # fmt: skip
    states = {state: t(f"packages.{state}") for state in screen_packages.STATES}
    filters = [Filter("keadaan", t("packages.state"), "choice", states), Filter("sejak", t("packages.since"), "date")]
    if desk.by is not None and desk.by.role is Role.SUPER:
        filters += [
            Filter("penerima", t("packages.kind"), "choice", {"LSP": "LSP", "TUK": "TUK"}),
            Filter("kode", t("packages.code")),
        ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {LISTED[name]: value for name, value in asked.items()}
        told = desk.do(screen_packages.inbox, **wanted, limit=limit, offset=offset)
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    return Listing("terima", columns, filters, read, t("packages.none"))


def _package(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    shown = seen.seen
    st.header(t("packages.one", number=shown["batch_id"]))
    parts.facts(
        [
            (t("packages.sender"), shown["sender"]),
            (t("packages.sent_at"), lists.moment(shown["sent_at"])),
            (t("packages.count_sent"), parts.number(shown["sent"])),
            (t("packages.count_arrived"), parts.number(shown["arrived"])),
            (t("packages.hash_sent"), shown["sent_sha256"]),
            (t("packages.hash_arrived"), shown["arrived_sha256"]),
        ]
    )
    (st.success if shown["is_whole"] else st.error)(t("packages.whole" if shown["is_whole"] else "packages.not_whole"))
    columns = [
        Column("exam_on", t("packages.exam_on"), is_fixed=True), Column("tuk_code", t("packages.tuk"), is_fixed=True),
        Column("lsp_code", t("packages.lsp"), is_fixed=True), Column("met_no", t("packages.met_no"), is_fixed=True),
        Column("tki", t("packages.rows"), is_number=True),
    ]  # fmt: skip
    lists.show_list(columns, shown["sessions"], empty=t("packages.no_sessions"))
    for refusal in shown["refusals"]:
        told = {"at": lists.moment(refusal["refused_at"]), "who": refusal["refused_by"]}
        st.warning(t("packages.refused_before", reason=refusal["reason"], **told))
    if shown["acknowledged_at"] is None:
        _answer(desk, seen)
    else:
        told = {"at": lists.moment(shown["acknowledged_at"]), "who": shown["acknowledged_by"]}
        st.info(t("packages.taken", **told))
    _people(desk, shown["batch_id"])


def _answer(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    """Offer to take over, and to refuse with a reason."""
    number, count = seen.seen["batch_id"], parts.number(seen.seen["sent"])
    if st.button(t("packages.take", count=count), type="primary", icon=":material/inventory_2:", key="packages_take"):
        once = desk.once(seen.key("take"))
        if attempt(lambda: once.do(distribution.acknowledge, batch_id=number)) is not None:
            opened.saved(t("packages.took", number=number, count=count), ONE)
    with st.expander(t("packages.refuse_title")), st.form(f"refuse:{seen.token}", border=False):
        reason = st.text_input(t("packages.reason"), max_chars=500, help=t("packages.reason_help"))
        is_sent = st.form_submit_button(t("packages.refuse"))
    if is_sent:
        once = desk.once(seen.key("refuse", reason))
        if attempt(lambda: once.do(package_refusal.refuse_package, batch_id=number, reason=reason)) is not None:
            opened.saved(t("packages.refused_now", number=number), ONE)


def _people(desk: Desk, number: int) -> None:
    st.header(t("packages.people"))
    columns = [
        Column("tki_id", t("packages.tki_id"), is_fixed=True), Column("full_name", t("packages.full_name")),
        Column("exam_on", t("packages.exam_on"), is_fixed=True), Column("tuk_code", t("packages.tuk"), is_fixed=True),
        Column("lsp_code", t("packages.lsp"), is_fixed=True), Column("met_no", t("packages.met_no"), is_fixed=True),
        Column("label", t("packages.tki_state"), is_fixed=True),
    ]  # fmt: skip

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        tki_id = asked.get("tki")
        return desk.do(screen_packages.rows, batch_id=number, tki_id=tki_id, limit=limit, offset=offset)

    listing(desk, Listing("isipaket", columns, [Filter("tki", t("packages.tki_id"))], read, t("packages.nobody")))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "receiver": f"{row['receiver_kind']} {row['receiver_code']}",
        "sent": lists.moment(row["sent_at"]),
        "taken": lists.moment(row["acknowledged_at"]),
        "mark": Mark(t(f"packages.{row['state']}"), TONES[row["state"]]),
    }


def _named(row: dict[str, Any]) -> str:
    return f"{row['batch_id']} · {row['receiver']} · {row['sent']} · {parts.number(row['row_count'])} TKI"
