"""The LSP decides: sessions whose results arrived, who passed, under which SK (§13.9-13.11; R-134, R-135, X5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts, print_buttons
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, as_opened, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import decision, results, screen_lsp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST, TABLE, SESSION = "keputusan", "decisions_table", "sesi"
COLUMNS = ("tki_id", "full_name", "units", "asesor_result")


def render(desk: Desk) -> None:
    """Show the sessions that wait, and the table of the one that was chosen."""
    opened.say_saved()
    opened.plain_tables()
    seen = listing(desk, _sessions(desk))
    opened.reload_button(LIST, TABLE)
    if not seen or not seen["rows"]:
        return
    session = _choose(seen)
    if session is None:
        return
    print_buttons.offer(desk, "candidates", "results", of=int(session["session_id"]))
    if session["is_received"]:
        _decide(desk, session)
    else:
        _receive(desk, session)


def _sessions(desk: Desk) -> Listing:
    lsp = desk.by.lsp_code if desk.by else None

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_lsp.undecided_sessions,
            lsp_code=lsp,
            limit=limit,
            offset=offset,
            search=asked.get("cari"),
            since=asked.get("sejak"),
            until=asked.get("sampai"),
        )
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    return Listing(
        LIST,
        [
            Column("session_id", t("decisions.number"), is_number=True),
            Column("exam_on", t("decisions.exam_on"), is_fixed=True),
            Column("tuk", t("decisions.tuk")),
            Column("asesor_name", t("decisions.asesor")),
            Column("tki", t("decisions.tki"), is_number=True),
            Column("mark", t("decisions.state"), is_fixed=True),
        ],
        [
            Filter("cari", t("decisions.search")),
            Filter("sejak", t("decisions.since"), "date"),
            Filter("sampai", t("decisions.until"), "date"),
        ],
        as_opened(LIST, read),
        t("decisions.none"),
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    is_received = row["is_received"]
    mark = Mark(t("decisions.to_decide"), "warn") if is_received else Mark(t("decisions.not_received"), "bad")
    return {**row, "tuk": f"{row['tuk_code']} · {row['tuk_name']}", "mark": mark}


def _choose(found: Mapping[str, Any]) -> dict[str, Any] | None:
    rows: dict[int, dict[str, Any]] = {int(row["session_id"]): row for row in found["rows"]}
    if st.session_state.get(SESSION) not in rows:
        st.session_state.pop(SESSION, None)
    number = st.selectbox(
        t("decisions.session", count=parts.number(found["total"])),
        list(rows),
        key=SESSION,
        format_func=lambda one: _named(rows[one]),
    )
    return None if number is None else rows[number]


def _named(row: dict[str, Any]) -> str:
    told = {"session": row["session_id"], "day": parts.shown(row["exam_on"]), "tuk": row["tuk_code"], "tki": row["tki"]}
    return t("decisions.named" if row["is_received"] else "decisions.named_new", asesor=row["asesor_name"], **told)


def _receive(desk: Desk, session: dict[str, Any]) -> None:
    """Let the LSP take over the table that the assessor's scores made; it is compared with the rows themselves."""
    st.info(t("decisions.to_receive", count=session["tki"]))
    if st.button(t("decisions.receive"), type="primary", icon=":material/inbox:", key="decisions_receive"):
        made = attempt(lambda: desk.do(results.receive_results, session_id=int(session["session_id"])))
        if made is not None:
            told = {"count": len(made["rows"]), "sha256": made["sha256"][:16]}
            opened.saved(t("decisions.received", **told), LIST, TABLE)


def _decide(desk: Desk, session: dict[str, Any]) -> None:
    number = int(session["session_id"])
    seen = opened.opened(TABLE, (number,), lambda: desk.do(results.result_table, session_id=number))
    if seen is None:
        return
    rows = seen.seen["rows"]
    st.caption(t("decisions.receipt", count=len(rows), sha256=seen.seen["sha256"][:16]))
    edited = _table(seen)
    deviating = [row for row in edited if row["result"] != row["asesor_result"]]
    parts.cards(
        [
            (sum(row["result"] == "K" for row in edited), t("decisions.passed")),
            (sum(row["result"] == "BK" for row in edited), t("decisions.failed")),
            (len(deviating), t("decisions.deviating")),
        ]
    )
    unsaid = [row["tki_id"] for row in deviating if not (row["reason"] or "").strip()]
    if unsaid:
        st.warning(t("decisions.reason_missing", first=", ".join(unsaid[:3])))
    with st.form(f"decisions:{seen.token}", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        sk_no = left.text_input(t("decisions.sk_no"), max_chars=decision.SK_MOST, placeholder=t("decisions.sk_example"))
        is_sent = right.form_submit_button(
            t("decisions.decide"), type="primary", icon=":material/gavel:", width="stretch"
        )
    if is_sent:
        _save(desk, seen, number, sk_no, {row["tki_id"]: row for row in edited})


def _table(seen: Opened[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show the result table with the LSP's own column; return its rows as they stand."""
    rows = seen.seen["rows"]
    shown = [
        {
            "tki_id": row["tki_id"],
            "full_name": row["full_name"],
            "units": " ".join(f"{unit.rpartition('.')[2]}:{said}" for unit, said in sorted(row["units"].items())),
            "asesor_result": row["result"],
            "result": row["result"],
            "reason": "",
        }
        for row in rows
    ]
    edited: list[dict[str, Any]] = st.data_editor(
        shown,
        column_config={
            **{name: st.column_config.TextColumn(t(f"decisions.{name}"), disabled=True) for name in COLUMNS},
            "result": st.column_config.SelectboxColumn(t("decisions.result"), options=decision.RESULTS, required=True),
            "reason": st.column_config.TextColumn(t("decisions.reason"), max_chars=500),
        },
        hide_index=True,
        key=f"decisions_rows:{seen.token}",
        placeholder=parts.NOTHING,
        height="auto",
    )
    return edited


def _save(desk: Desk, seen: Opened[dict[str, Any]], number: int, sk_no: str, edited: dict[str, dict[str, Any]]) -> None:
    """Send every result that was on the screen: a correction that came meanwhile then differs, and is refused, not decided unseen."""
    said = {int(row["journey_id"]): edited[row["tki_id"]] for row in seen.seen["rows"]}
    named = {key: row["result"] for key, row in said.items()}
    reasons = {key: row["reason"] for key, row in said.items() if (row["reason"] or "").strip()}
    once = desk.once(seen.key(number, sk_no, sorted(named.items()), sorted(reasons.items())))
    made = attempt(lambda: once.do(decision.decide, session_id=number, sk_no=sk_no, results=named, reasons=reasons))
    if made is not None:
        told = {"decided": made["decided"], "failed": made["not_passed"], "batch": made["batch_id"]}
        numbers = [row["certificate_no"] for row in made["certified"]]
        span = f" ({min(numbers)} .. {max(numbers)})" if numbers else ""
        opened.saved(t("decisions.decided", passed=len(numbers), span=span, **told), LIST, TABLE)
