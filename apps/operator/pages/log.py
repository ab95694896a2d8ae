"""The audit log: search, one event with its proof checked on the spot, notes of auditors (§5.3, §5.7; R-021, R-025, R-180, R-181)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import streamlit as st

from apps.operator import lists, parts
from apps.operator.event_view import EVENT, show_event
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import audit_search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Desk

NAME = "log"
FILTERS = {
    "siapa": "who", "tindakan": "action", "hasil": "outcome", "tki": "tki", "jenis": "entity", "kunci": "key",
    "tempat": "place", "dari": "since", "sampai": "until",
}  # fmt: skip
"""Name of a filter in the address -> its name for the service."""
COLUMNS = ("at", "action", "who", "object", "place", "outcome", "event")
OUTCOME_TONES: Mapping[str, parts.Tone] = {"ok": "good", "refused": "bad", "failed": "warn"}
LINKS = "<style>.posko-list td a { color: #8C1D18; }</style>"
_ACTIONS, _MARKS, _LOOKED = "posko_log_actions", "posko_log_marks", "posko_log_looked"


def render(desk: Desk) -> None:
    """Show the event that the address names, or the search."""
    name = st.query_params.get(EVENT, "")
    if name:
        show_event(desk, name)
        return
    known = st.session_state.get(_ACTIONS)
    if known is None:
        known = attempt(lambda: desk.do(audit_search.actions)) or []
        st.session_state[_ACTIONS] = known
    listing(
        desk,
        Listing(
            NAME,
            [Column(name, t(f"log.{name}"), is_fixed=name in {"at", "event"}) for name in COLUMNS],
            _filters(known),
            lambda asked, limit, offset: _read(desk, asked, limit, offset),
            t("log.none"),
            show=_table,
        ),
    )
    looked = st.session_state.get(_LOOKED)
    if looked:
        st.info(t("log.looked_to", most=parts.number(audit_search.LOOKED_AT), time=lists.moment(looked)))


def _filters(actions: Sequence[str]) -> list[Filter]:
    outcomes = {one: t(f"log.outcome_{one}") for one in audit_search.OUTCOMES}
    kinds = {
        "tindakan": dict(zip(actions, actions, strict=True)),
        "hasil": outcomes,
    }
    return [
        Filter(name, t(f"log.filter_{name}"), "choice", kinds[name])
        if name in kinds
        else Filter(name, t(f"log.filter_{name}"), "date" if name in {"dari", "sampai"} else "text")
        for name in FILTERS
    ]


def _read(desk: Desk, asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
    """Read one page behind the last row of the page before, where that is known; a file is read from the newest on."""
    wanted = {FILTERS[name]: value for name, value in asked.items() if name in FILTERS}
    if limit != lists.PAGE_ROWS:
        told = desk.do(audit_search.search, asked=wanted, limit=limit)
        return {"rows": [_shown(row) for row in told["rows"]], "total": told["total"]}
    marks = st.session_state.get(_MARKS)
    if offset == 0 or marks is None or marks["asked"] != wanted:
        marks = st.session_state[_MARKS] = {"asked": wanted, "after": {0: None}, "total": None}
    nearest = max(place for place in marks["after"] if place <= offset)
    told = desk.do(
        audit_search.search,
        asked=wanted,
        after=marks["after"][nearest],
        limit=limit,
        offset=offset - nearest,
        is_counted=marks["total"] is None,
    )
    if told["next"] is not None:
        marks["after"][offset + limit] = told["next"]
    marks["total"] = told["total"] if marks["total"] is None else marks["total"]
    st.session_state[_LOOKED] = told["looked_to"]
    return {"rows": [_shown(row) for row in told["rows"]], "total": marks["total"]}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    role = ROLE_LABELS[Role(row["role"])] if row["role"] else t("log.system")
    behalf = f" {t('log.behalf', whom=row['on_behalf_of'])}" if row["on_behalf_of"] else ""
    code = f" {row['code']}" if row["code"] and row["outcome"] == "refused" else ""
    return {
        "at": lists.moment(row["at"]),
        "action": row["action"],
        "who": f"{row['actor']} · {role}{behalf}",
        "object": f"{row['entity']} {row['key']}",
        "place": row["place"],
        "outcome": Mark(t(f"log.outcome_{row['outcome']}") + code, OUTCOME_TONES.get(row["outcome"], "idle")),
        "event": row["event"],
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show the rows with a link to each event."""
    heads = "".join(f'<th scope="col">{escape(t(f"log.{name}"))}</th>' for name in COLUMNS)
    lines = "".join(f"<tr>{''.join(_cell(name, row[name]) for name in COLUMNS)}</tr>" for row in rows)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    st.html(f'{lists.STYLE}{LINKS}<div class="posko-list" tabindex="0">{table}</div>')


def _cell(name: str, value: Any) -> str:
    if isinstance(value, Mark):
        return f'<td><span class="posko-mark {value.tone}">{escape(value.text)}</span></td>'
    if name == "event":
        address = f"/log?{EVENT}={quote(str(value), safe='')}"
        return f'<td class="fixed"><a href="{escape(address)}" target="_self">{escape(t("log.open"))}</a></td>'
    return f"<td{' class=fixed' if name == 'at' else ''}>{escape(parts.shown(value))}</td>"
