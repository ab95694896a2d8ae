"""One event of the audit log: what it tells, what proves it, the proof as a file, and what auditors noted (§5.7; R-025, R-181)."""

from __future__ import annotations

import json
import secrets
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts
from apps.operator.frame import attempt
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.screens import current
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import audit_view
from posko.services.audit_proof import CHECKS, log_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.audit_notes import PublicKey
    from posko.services.office import Desk

EVENT = "kejadian"
"""Name of an event in the address of the page of the log."""
TONES: Mapping[bool | None, parts.Tone] = {True: "good", False: "bad", None: "idle"}
_NOTE = "posko_event_note"
LONGEST_NOTE = 500


def public_key() -> PublicKey | None:
    """Return the log's public key as this installation holds it; None before its first seal."""
    return log_key(current().settings.var / "audit")


def show_event(desk: Desk, name: str) -> None:
    """Show one event."""
    st.html(f'<a class="posko-language" href="/log" target="_self">{t("event_view.back")}</a>')
    found = attempt(lambda: desk.do(audit_view.view, event=name, key=public_key()))
    if found is None:
        return
    st.header(f"{found['action']} · {found['entity']} {found['key']}", anchor=False)
    _facts(found)
    _proof(found)
    _payload(found)
    _notes(desk, found)


def verdict_of(checks: Mapping[str, bool | None]) -> tuple[str, parts.Tone]:
    """Return the name of what the checks of an event say together, and its colour."""
    if False in checks.values():
        return "broken", "bad"
    return ("pending", "idle") if None in checks.values() else ("proven", "good")


def _facts(found: Mapping[str, Any]) -> None:
    role = ROLE_LABELS[Role(found["role"])] if found["role"] else t("log.system")
    rows = [
        (t("event_view.at"), lists.moment(found["at"])),
        (t("event_view.who"), f"{found['actor']} · {role}"),
        (t("event_view.behalf"), found["on_behalf_of"]),
        (
            t("event_view.outcome"),
            t(f"log.outcome_{found['outcome']}") + (f" {found['code']}" if found["code"] else ""),
        ),
        (t("event_view.place"), " · ".join(part for part in (found["place"], found["ip"]) if part)),
        (t("event_view.auth"), found["auth"]),
        (t("event_view.name"), found["event"]),
    ]
    if found["played_at"]:
        rows.insert(1, (t("event_view.played_at"), lists.moment(found["played_at"])))
    parts.facts(rows)


def _proof(found: Mapping[str, Any]) -> None:
    st.header(t("event_view.proof"), anchor=False)
    name, tone = verdict_of(found["checks"])
    show = {"good": st.success, "bad": st.error}.get(tone, st.info)
    show(t(f"event_view.{name}"))
    rows = [
        {
            "check": t(f"event_view.check_{check}"),
            "outcome": Mark(t(f"event_view.is_{found['checks'][check]}"), TONES[found["checks"][check]]),
            "held": _held(found, check),
        }
        for check in CHECKS
    ]
    columns = [Column(column, t(f"event_view.{column}")) for column in ("check", "outcome", "held")]
    lists.show_list(columns, rows, empty="")
    if found["proof"] is not None:
        st.download_button(
            t("event_view.download"),
            json.dumps(found["proof"], ensure_ascii=False).encode(),
            file_name=f"bukti-{found['index']}.json",
            mime="application/json",
            on_click="ignore",
            key="event_proof",
            icon=":material/verified:",
        )
        st.caption(t("event_view.download_help"))


def _held(found: Mapping[str, Any], check: str) -> str:
    """Return what a check compared, as a person may read it out to another."""
    key = public_key()
    waits = t("event_view.waits" if found["index"] is None else "event_view.no_checkpoint")
    told = {
        "mac": str(found["mac"]),
        "chain": str(found["prev"]),
        "seal": waits
        if found["index"] is None
        else t("event_view.held_seal", index=found["index"], leaf=found["leaf"]),
        "root": waits if found["size"] is None else t("event_view.held_root", size=found["size"], root=found["root"]),
        "signature": waits if found["size"] is None else key.text if key else t("event_view.no_key"),
    }
    return told[check]


def _payload(found: Mapping[str, Any]) -> None:
    st.header(t("event_view.payload"), anchor=False)
    told = {name: value for name, value in found["payload"].items() if name != "played_at"}
    if not told:
        st.caption(t("event_view.payload_none"))
        return
    parts.facts((name, _value(value)) for name, value in told.items())


def _value(value: object) -> object:
    """Return a value of a payload as a person reads it."""
    if isinstance(value, bool):
        return t("frame.yes" if value else "frame.no")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _notes(desk: Desk, found: Mapping[str, Any]) -> None:
    st.header(t("event_view.notes"), anchor=False)
    for note in found["notes"]:
        by = f"{note['by']} · {lists.moment(note['at'])} · {t('event_view.name')} {note['event']}"
        st.html(f'<ul class="posko-way"><li><b>{escape(note["note"])}</b><small>{escape(by)}</small></li></ul>')
    if not found["notes"]:
        st.caption(t("event_view.notes_none"))
    slot = f"{_NOTE}:{found['event']}"
    token = st.session_state.setdefault(slot, secrets.token_hex(16))
    with st.form(f"note:{token}", border=False):
        said = st.text_input(t("event_view.note"), max_chars=LONGEST_NOTE, help=t("event_view.note_help"))
        is_sent = st.form_submit_button(t("event_view.note_add"), icon=":material/edit_note:")
    if is_sent:
        made = attempt(lambda: desk.once(token).do(audit_view.annotate, event=found["event"], note=said))
        if made is not None:
            del st.session_state[slot]
            st.rerun()
