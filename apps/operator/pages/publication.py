"""The publication: going on or stopped, each meeting's gate, what is held and why, what is public (§14.1-14.2; R-160..R-163, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts, tabs
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import publication, publication_stop, screen_publication
from posko.services.screen_publication import BY_CASE, BY_MEETING

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

STATE = "publication_state"
LISTS = {"gates": "gerbang", "held": "ditahan", "public": "tayang", "stops": "henti"}
"""Tab -> the list in it."""
HELD = {"tki": "tki_id", "lsp": "lsp_code", "oleh": "by"}
PUBLIC = {"cari": "number", "hasil": "result", "lsp": "lsp_code", "tuk": "tuk_code", "sejak": "since"}
"""Filter in the address -> argument of the service."""
RESULTS: dict[str, parts.Tone] = {publication.COMPETENT: "good", publication.NOT_YET: "idle"}
COUNTS = ("to_meet", "held", "waiting", "by_case")


def render(desk: Desk) -> None:
    """Show how it stands, and what may be done."""
    opened.say_saved()
    seen = opened.opened(STATE, (), lambda: desk.do(screen_publication.state))
    if seen is None:
        return
    may_do = desk.by is not None and Act.START_STOP in ACTS[MATRIX[Command.PUBLISH][desk.by.role]]
    _standing(seen.seen)
    parts.cards([(seen.seen[name], t(f"publication.{name}")) for name in COUNTS])
    with st.container(horizontal=True):
        opened.reload_button(STATE)
    if may_do:
        _switch(desk, seen)
    labels = {name: t(f"publication.tab_{name}") for name in LISTS}
    with tabs.one_of("publication_tabs", labels, LISTS) as name:
        if name == "gates":
            _gates(desk, seen, may_do=may_do)
        elif name == "held":
            _held(desk)
        elif name == "public":
            _public(desk)
        else:
            _stops(seen.seen["stops"])


def _standing(shown: dict[str, Any]) -> None:
    stop = shown["stop"]
    if stop is None:
        st.success(t("publication.running"), icon=":material/public:")
        return
    told = {"at": lists.moment(stop["stopped_at"]), "who": stop["stopped_by"], "reason": stop["stop_reason"]}
    st.error(t("publication.stopped", **told), icon=":material/block:")


def _switch(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    """Stop it, or let it go on; the form belongs to the state that was shown when it opened."""
    is_stopped = seen.seen["stop"] is not None
    name = "resume" if is_stopped else "stop"
    with st.expander(t(f"publication.{name}")), st.form(f"{name}:{seen.token}", border=False):
        reason = st.text_input(t("publication.reason"), max_chars=500)
        is_sent = st.form_submit_button(t(f"publication.{name}"), type="primary")
    if is_sent:
        once, what = desk.once(seen.key(reason)), publication_stop.resume if is_stopped else publication_stop.stop
        if attempt(lambda: once.do(what, reason=reason)) is not None:
            opened.saved(t(f"publication.{name}_done"), STATE)


def _gates(desk: Desk, seen: Opened[dict[str, Any]], *, may_do: bool) -> None:
    columns = [
        Column("meeting_id", t("publication.meeting"), is_number=True), Column("held_on", t("publication.held_on"), is_fixed=True),
        Column("mark", t("publication.gate"), is_fixed=True), Column("items", t("publication.items"), is_number=True),
        Column("held", t("publication.held_short"), is_number=True), Column("published", t("publication.published_short"), is_number=True),
        Column("waiting", t("publication.waiting_short"), is_number=True),
    ]  # fmt: skip

    def read(_asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = desk.do(screen_publication.meetings, limit=limit, offset=offset)
        return {**told, "rows": [{**row, "mark": _gate(row)} for row in told["rows"]]}

    found = listing(desk, Listing("gerbang", columns, (), read, t("publication.no_meetings")))
    ready = (
        {row["meeting_id"]: row for row in found["rows"] if row["waiting"] and row["state"] == "CLOSED"}
        if found
        else {}
    )
    if not may_do or not ready:
        return
    number = st.selectbox(t("publication.choose"), list(ready), format_func=lambda one: _named(ready[one]))
    if not st.button(t("publication.publish"), type="primary", icon=":material/public:", key="publication_start"):
        return
    once = desk.once(seen.key("publish", number, ready[number]["waiting"]))
    told = attempt(lambda: once.do(publication.start, meeting_id=number))
    if told is not None:
        opened.saved(t("publication.published_now", **told), STATE)


def _held(desk: Desk) -> None:
    columns = [
        Column("tki_id", t("publication.tki_id"), is_fixed=True), Column("full_name", t("publication.name")),
        Column("lsp_code", t("publication.lsp"), is_fixed=True), Column("label", t("publication.state"), is_fixed=True),
        Column("at", t("publication.since"), is_fixed=True), Column("mark", t("publication.by"), is_fixed=True),
        Column("why", t("publication.why")),
    ]  # fmt: skip
    words = {BY_MEETING: t("publication.MEETING"), BY_CASE: t("publication.CASE")}
    filters = [
        Filter("tki", t("publication.tki_id")), Filter("lsp", t("publication.lsp")),
        Filter("oleh", t("publication.by"), "choice", words),
    ]  # fmt: skip

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {HELD[name]: value for name, value in asked.items()}
        told = desk.do(screen_publication.held, **wanted, limit=limit, offset=offset)
        rows = [
            {**row, "at": lists.moment(row["since"]), "mark": Mark(words[row["by"]], "warn")} for row in told["rows"]
        ]
        return {**told, "rows": rows}

    listing(desk, Listing("ditahan", columns, filters, read, t("publication.none_held")))


def _public(desk: Desk) -> None:
    columns = [
        Column("tki_id", t("publication.tki_id"), is_fixed=True), Column("masked_name", t("publication.name")),
        Column("mark", t("publication.result"), is_fixed=True), Column("lsp_code", t("publication.lsp"), is_fixed=True),
        Column("tuk_code", t("publication.tuk"), is_fixed=True), Column("tested_on", t("publication.tested_on"), is_fixed=True),
        Column("certificate_no", t("publication.certificate_no"), is_fixed=True),
        Column("status", t("publication.status"), is_fixed=True), Column("version", t("publication.version"), is_number=True),
        Column("at", t("publication.published_at"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("publication.search")),
        Filter("hasil", t("publication.result"), "choice", {name: t(f"publication.{name}") for name in RESULTS}),
        Filter("lsp", t("publication.lsp")), Filter("tuk", t("publication.tuk")),
        Filter("sejak", t("publication.published_since"), "date"),
    ]  # fmt: skip

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {PUBLIC[name]: value for name, value in asked.items()}
        told = desk.do(screen_publication.public, **wanted, limit=limit, offset=offset)
        return {**told, "rows": [_shown(row) for row in told["rows"]]}

    listing(desk, Listing("tayang", columns, filters, read, t("publication.none_public")))


def _stops(rows: list[dict[str, Any]]) -> None:
    columns = [
        Column("from", t("publication.stopped_at"), is_fixed=True), Column("stopped_by", t("publication.stopped_by"), is_fixed=True),
        Column("stop_reason", t("publication.reason")), Column("to", t("publication.resumed_at"), is_fixed=True),
        Column("resumed_by", t("publication.resumed_by"), is_fixed=True), Column("resume_reason", t("publication.reason")),
    ]  # fmt: skip
    lines = [{**row, "from": lists.moment(row["stopped_at"]), "to": lists.moment(row["resumed_at"])} for row in rows]
    lists.show_list(columns, lines, empty=t("publication.never_stopped"))


def _gate(row: dict[str, Any]) -> Mark:
    is_closed = row["state"] == "CLOSED"
    return Mark(t("publication.gate_open" if is_closed else "publication.gate_shut"), "good" if is_closed else "warn")


def _named(row: dict[str, Any]) -> str:
    return t("publication.ready", number=row["meeting_id"], day=parts.shown(row["held_on"]), count=row["waiting"])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    status = row["certificate_status"]
    return {
        **row,
        "mark": Mark(t(f"publication.{row['result']}"), RESULTS[row["result"]]),
        "status": t(f"secure_code.{status}") if status else None,
        "at": lists.moment(row["published_at"]),
    }
