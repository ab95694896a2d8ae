"""Search by ID, the record of Gambar 5, registration with the fields of Gambar 4 (§12.5; R-091..R-096)."""

from __future__ import annotations

import secrets
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import list_address, parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Cell, Command
from posko.domain.status import Status
from posko.services import registration
from posko.services.registration_record import FIELDS

if TYPE_CHECKING:
    from posko.services.office import Desk

ID = "tki"
"""Key of the search field, and its name in the address."""
SAID = "posko_search_said"
SEEN = "posko_search_seen"
"""Key of the TKI and her state for which the form was last shown."""


def render(desk: Desk) -> None:
    """Show the search, and what it found."""
    with st.form("search", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        tki_id = left.text_input(t("search.id"), key=ID, max_chars=64, bind="query-params", placeholder="9264729")
        right.form_submit_button(t("search.go"), type="primary", icon=":material/search:", width="stretch")
    said = st.session_state.pop(SAID, None)
    if said:
        st.success(said)
    if not tki_id:
        parts.focus(t("search.id"), "empty")
        st.info(t("search.empty"))
        return
    found = attempt(lambda: desk.do(registration.search, tki_id=tki_id.strip()))
    if found is None:
        return
    if not found["found"]:
        st.warning(t("search.not_found"))
        return
    _record(found)
    if _may_register(desk):
        _register(desk, found)
        if found["status"] == Status.ALLOCATED:
            address = list_address.address_of("pembatalan", "batal_jadwal", cari=found["tki_id"])
            st.html(f'<a class="posko-link" href="{escape(address)}" target="_self">{escape(t("search.undo"))}</a>')


def _record(found: dict[str, Any]) -> None:
    record = found["record"]
    st.header(f"{record['full_name']} · {found['tki_id']}")
    st.markdown(f"**{t('search.state')}:** {found['label'] or t('search.not_sent')}")
    for held in found["held_back"]:
        st.warning(t("search.held_back", rule=held["rule"], reason=held["reason"]))
    rows = [(label, record[name]) for label, _, name in FIELDS]
    parts.facts([*rows, (t("search.payment"), _payment(record["payment_status"]))])


def _may_register(desk: Desk) -> bool:
    cell = MATRIX[Command.REGISTER][desk.by.role] if desk.by else Cell.NO
    return cell is Cell.YES or (cell is Cell.ON_BEHALF and desk.by is not None and bool(desk.by.on_behalf))


def _register(desk: Desk, found: dict[str, Any]) -> None:
    """Show the form of Gambar 4: 14 fields in its order; what BNP2TKI sent cannot be changed here."""
    tki_id, record, status = found["tki_id"], found["record"], found["status"]
    _say_changed(tki_id, found)
    is_new, place = status == Status.SENT_TO_KONSORSIUM, _place(found)
    if not is_new and record["payment_status"] is None:
        return
    key = st.session_state.setdefault(f"posko_register:{tki_id}:{status}", secrets.token_hex(16))
    st.header(t("search.form"))
    with st.form(f"register:{tki_id}"):
        columns = st.columns(2)
        named = [
            ("id", tki_id), ("name", record["full_name"]), ("birth_place", record["birth_place"]),
            ("born_on", record["born_on"]), ("address", record["address"]), ("city", record["home_city"]),
            ("phone", record["phone"]), ("email", record["email"]), ("destination", record["destination"]),
        ]  # fmt: skip
        for number, (name, value) in enumerate(named):
            _fixed(columns[number >= 7], tki_id, name, value)
        chosen = columns[1].selectbox(
            t("search.payment"),
            registration.PAYMENTS,
            index=registration.PAYMENTS.index(record["payment_status"] or "BELUM"),
            format_func=_payment,
        )
        for name in ("schedule", "lsp", "tuk", "asesor"):
            _fixed(columns[1], tki_id, name, place[name])
        is_sent = st.form_submit_button(t("search.register" if is_new else "search.save"), type="primary")
    if is_sent:
        journey_id = attempt(
            lambda: _saved(desk.once(key), tki_id, record, str(chosen), found["journey_id"], is_new=is_new)
        )
        if journey_id is not None:
            st.session_state.pop(SEEN, None)
            st.session_state[SAID] = t("search.registered" if is_new else "search.saved", journey=journey_id)
            st.rerun()


def _say_changed(tki_id: str, found: dict[str, Any]) -> None:
    """Say that somebody else moved her since the form was opened here: the button that was pressed is then another one."""
    now = (tki_id, found["status"])
    before = st.session_state.get(SEEN, now)
    st.session_state[SEEN] = now
    if before[0] == tki_id and before != now:
        st.warning(t("search.changed", tki_id=tki_id, state=found["label"]))


def _saved(
    desk: Desk, tki_id: str, record: dict[str, Any], payment: str, journey_id: int | None, *, is_new: bool
) -> int:
    number = int(desk.do(registration.register, tki_id=tki_id)) if is_new or journey_id is None else journey_id
    if payment != (record["payment_status"] or "BELUM"):
        desk.do(registration.set_payment, journey_id=number, payment_status=payment)
    return number


def _fixed(column: Any, tki_id: str, name: str, value: object) -> None:
    column.text_input(t(f"search.{name}"), parts.shown(value), disabled=True, key=f"gambar4:{tki_id}:{name}:{value}")


def _payment(state: str | None) -> str:
    return t(f"search.{state}") if state else parts.NOTHING


def _place(found: dict[str, Any]) -> dict[str, str]:
    """Return where she is placed, else what is proposed, said as such."""
    if found["place"]:
        place = found["place"]
        told = (place["exam_on"], place["lsp_code"], place["tuk_code"], place["met_no"])
        return dict(zip(("schedule", "lsp", "tuk", "asesor"), told, strict=True))
    proposal = found["proposal"] or {}
    named = (proposal.get("proposed_on"), proposal.get("lsp_code"), proposal.get("tuk_code"))
    told_as = [t("search.proposed", value=parts.shown(value)) if value else parts.NOTHING for value in named]
    return dict(zip(("schedule", "lsp", "tuk"), told_as, strict=True)) | {"asesor": parts.NOTHING}
