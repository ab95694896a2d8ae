"""Who is signed in where; one's own sessions ended everywhere, another's ended in haste (§8.2; R-045, R-048, R-049)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened
from apps.operator.frame import attempt, go
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, ROLE_LABELS, Cell, Command, Role
from posko.domain.roles import ACTS, Act
from posko.services import audit_search, screen_sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.parts import Tone
    from posko.services.office import Desk

NAME = "sesi_masuk"
FILTERS = {"cari": "search", "peran": "role", "keadaan": "state"}
COLUMNS = ("person_id", "full_name", "role", "station", "opened_at", "last_seen_at", "state")
OWN_COLUMNS = ("station", "opened_at", "last_seen_at", "ended")
EVENTS = ("at", "action", "object", "outcome")
TONES: Mapping[str, Tone] = {"OPEN": "good", "IDLE": "warn", "EXPIRED": "idle"}
EVENTS_SHOWN = 10
FIXED = frozenset({"person_id", "opened_at", "last_seen_at", "at"})


def render(desk: Desk) -> None:
    """Show one's own sessions, and everybody's to whoever may read the log."""
    opened.say_saved()
    _own(desk)
    cell = MATRIX[Command.READ_LOG][desk.by.role] if desk.by else Cell.NO
    if cell in {Cell.OWN_EVENTS, Cell.YES}:
        _own_events(desk)
    if Act.READ in ACTS[cell] and cell is not Cell.OWN_EVENTS:
        _everybody(desk)


def _columns(*names: str) -> list[Column]:
    return [Column(name, t(f"signed_in.{name}"), is_fixed=name in FIXED) for name in names]


def _own(desk: Desk) -> None:
    st.header(t("signed_in.own"), anchor=False)
    rows = attempt(lambda: desk.do(screen_sessions.own))
    if rows is None:
        return
    shown = [
        {
            "station": row["station_code"],
            "opened_at": lists.moment(row["opened_at"]),
            "last_seen_at": lists.moment(row["last_seen_at"]),
            "ended": _ended(row),
        }
        for row in rows
    ]
    lists.show_list(_columns(*OWN_COLUMNS), shown, empty=t("signed_in.none"))
    st.caption(t("signed_in.end_own_help"))
    is_asked = st.button(t("signed_in.end_own"), icon=":material/logout:", key="signed_in_end_own")
    if is_asked and attempt(lambda: desk.do(screen_sessions.end_own)) is not None:
        go("/masuk")


def _ended(row: Mapping[str, Any]) -> Mark:
    if row["ended_at"] is None:
        text = t("signed_in.here") if row["is_own"] else t(f"signed_in.{row['state']}")
        return Mark(text, TONES[row["state"]])
    key = f"signed_in.end_{row['end_reason']}"
    why = t(key) if key in _REASONS else row["end_reason"]
    return Mark(f"{lists.moment(row['ended_at'])} · {why}")


_REASONS = frozenset(
    f"signed_in.end_{name}"
    for name in (
        "LOGOUT",
        "LOGOUT_ALL",
        "REPLACED",
        "SUSPENDED",
        "FINGER",
        "ENDED_BY_OTHER",
        "OTHER_STATION",
        "EXPIRED",
        "IDLE",
    )
)
"""Reasons that have a text of their own."""


def _own_events(desk: Desk) -> None:
    """Show what one did last, so that an act under the own number that was not one's own is seen (R-021)."""
    with st.expander(t("signed_in.own_events")):
        told = attempt(
            lambda: desk.do(
                audit_search.search,
                asked={"who": desk.by.person_id or "" if desk.by else ""},
                limit=EVENTS_SHOWN,
                is_counted=False,
            )
        )
        rows = [
            {
                "at": lists.moment(row["at"]),
                "action": row["action"],
                "object": f"{row['entity']} {row['key']}",
                "outcome": t(f"log.outcome_{row['outcome']}"),
            }
            for row in (told or {"rows": []})["rows"]
        ]
        lists.show_list(_columns(*EVENTS), rows, empty=t("log.none"))


def _everybody(desk: Desk) -> None:
    st.header(t("signed_in.everybody"), anchor=False)
    roles = {role.value: label for role, label in ROLE_LABELS.items() if role is not Role.PUBLIC}
    states = {state: t(f"signed_in.{state}") for state in screen_sessions.STATES}
    seen: dict[str, Mapping[str, Any]] = {}

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted = {FILTERS[name]: value for name, value in asked.items() if name in FILTERS}
        told = desk.do(screen_sessions.signed_in, asked=wanted, limit=limit, offset=offset)
        seen.update({row["auth_event"]: row for row in told["rows"] if not row["is_own"]})
        return {"rows": [_shown(row) for row in told["rows"]], "total": told["total"]}

    listing(
        desk,
        Listing(
            NAME,
            _columns(*COLUMNS),
            [
                Filter("cari", t("signed_in.search")),
                Filter("peran", t("signed_in.role"), "choice", roles),
                Filter("keadaan", t("signed_in.state"), "choice", states),
            ],
            read,
            t("signed_in.nobody"),
        ),
    )
    role = desk.by.role if desk.by else None
    if seen and role is not None and Act.DO in ACTS[MATRIX[Command.SUSPEND_STAFF][role]]:
        _end_other(desk, seen)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    scope = row["lsp_code"] or row["tuk_code"]
    label = ROLE_LABELS[Role(row["role"])]
    return {
        "person_id": row["person_id"],
        "full_name": row["full_name"],
        "role": f"{label} · {scope}" if scope else label,
        "station": row["station_code"],
        "opened_at": lists.moment(row["opened_at"]),
        "last_seen_at": lists.moment(row["last_seen_at"]),
        "state": Mark(t(f"signed_in.{row['state']}"), TONES[row["state"]]),
    }


def _end_other(desk: Desk, seen: Mapping[str, Mapping[str, Any]]) -> None:
    """Ask whose session ends and why; the sign-in that the list showed goes with it, so that a newer one is not ended unseen."""
    names = {event: f"{row['person_id']} · {row['full_name']} · {row['station_code']}" for event, row in seen.items()}
    token = st.session_state.setdefault("signed_in_token", secrets.token_hex(16))
    with st.expander(t("signed_in.end_other")), st.form(f"end_other:{token}", border=False):
        left, middle, right = st.columns([3, 3, 1], vertical_alignment="bottom")
        event = left.selectbox(
            t("signed_in.whose"), list(names), None, format_func=lambda one: names.get(one, ""), placeholder="—"
        )
        reason = middle.text_input(t("signed_in.reason"), max_chars=500)
        is_sent = right.form_submit_button(t("signed_in.end"), width="stretch")
        st.caption(t("signed_in.end_other_help"))
    if not is_sent:
        return
    row = seen.get(event or "")
    if row is None:
        st.error(t("signed_in.choose"))
        return
    once = desk.once(token)
    told = {"person_id": row["person_id"], "auth_event": row["auth_event"], "reason": reason}
    if attempt(lambda: once.do(screen_sessions.end_other, **told)) is not None:
        del st.session_state["signed_in_token"]
        opened.saved(t("signed_in.ended_other", person=row["person_id"]))
