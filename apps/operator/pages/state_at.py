"""Where a TKI, a session, a register or the whole ledger stood at a time (F35; R-001, R-012, R-025)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import jobs, lists, moments, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import as_of, as_of_views
from posko.services.registry_columns import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk

KIND, TKI, SESSION, REGISTER = "apa", "tki", "sesi", "daftar"
"""Names of the fields in the address."""
KINDS = ("tki", "session", "register", "ledger")
LARGEST = 10**9
DATES = frozenset({"valid_from", "valid_until", "closed_on"})
COUNTED = ("journeys", "sides", "sessions", "cases")


def render(desk: Desk) -> None:
    """Ask what and when, and show how it stood."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _choice(KIND, KINDS, "state_at.kind", {one: t(f"state_at.{one}") for one in KINDS})
        at = moments.moment_field("state_at_moment")
        register = ""
        if kind == "register":
            names = {name: one.label for name, one in REGISTERS.items()}
            register = _choice(REGISTER, tuple(REGISTERS), "state_at.which", names)
    if kind == "tki":
        _tki(desk, at)
    elif kind == "session":
        _session(desk, at)
    elif kind == "register":
        _register(desk, register, at)
    else:
        _ledger(desk, at)


def _choice(name: str, codes: tuple[str, ...], label: str, words: Mapping[str, str]) -> str:
    """Show a choice that the address keeps by its code."""
    key = f"state_at_{name}"
    if key not in st.session_state:
        shown = st.query_params.get(name, "")
        st.session_state[key] = shown if shown in codes else codes[0]
    chosen = str(st.selectbox(t(label), codes, key=key, format_func=words.__getitem__, width=220))
    if st.query_params.get(name, codes[0]) != chosen:
        st.query_params[name] = chosen
    return chosen


def _tki(desk: Desk, at: str) -> None:
    tki_id = st.text_input(
        t("state_at.tki_id"), key=TKI, max_chars=64, bind="query-params", placeholder="9264729", width=320
    )
    if not tki_id:
        st.info(t("state_at.tki_empty"))
        return
    found = attempt(lambda: desk.do(as_of.look, tki_id=tki_id.strip(), at=at))
    if found is None:
        return
    if not found["journeys"]:
        st.warning(t("journey.not_begun" if found["known"] else "journey.unknown"))
    for one in reversed(found["journeys"]):
        st.header(t("journey.heading", scheme=one["scheme"], number=one["journey"]), anchor=False)
        sides = ", ".join(one["side_labels"])
        state = one["label"] or t("state_at.not_begun")
        parts.facts(
            [
                (t("state_at.moment"), moments.said(at)),
                (t("journey.state"), f"{state} ({sides})" if sides else state),
                (t("journey.since"), lists.moment(one["since"].removesuffix("Z") if one["since"] else None)),
                (t("journey.attempt"), one["attempt"]),
                (t("journey.events"), len(one["history"])),
            ]
        )
        if one["problem"]:
            st.error(t("journey.problem", problem=one["problem"]))


def _session(desk: Desk, at: str) -> None:
    number = st.number_input(t("state_at.session_id"), 1, LARGEST, None, 1, key=SESSION, bind="query-params", width=220)
    if number is None:
        st.info(t("state_at.session_empty"))
        return
    found = attempt(lambda: desk.do(as_of_views.session, session_id=int(number), at=at))
    if found is None:
        return
    parts.facts(
        [
            (t("state_at.moment"), moments.said(at)),
            (t("state_at.state"), found["label"] or t("state_at.not_planned")),
            (t("journey.events"), len(found["history"])),
        ]
    )
    st.header(t("state_at.candidates"), anchor=False)
    rows = [{**row, "label": row["label"] or t("state_at.not_begun")} for row in found["candidates"]]
    columns = [Column("tki_id", t("state_at.tki_id"), is_fixed=True), Column("label", t("state_at.state"))]
    lists.show_list(columns, rows, empty=t("state_at.candidates_none"))
    st.header(t("state_at.history"), anchor=False)
    steps = [
        {
            "at": lists.moment(step["at"].removesuffix("Z")),
            "action": step["action"],
            "actor": step["actor"],
            "to": _became(step),
        }
        for step in found["history"]
    ]
    columns = [
        Column(name, t(f"state_at.step_{name}"), is_fixed=name == "at") for name in ("at", "action", "actor", "to")
    ]
    lists.show_list(columns, steps, empty=t("state_at.history_none"))


def _became(step: Mapping[str, Any]) -> str:
    """Return the state to which an event moved a session, in the words of the screen."""
    if step["outcome"] != "ok":
        return t("log.outcome_refused")
    to = step["told"].get("to")
    return str(LABELS[SessionStatus(to)]) if to in set(SessionStatus) else ""


def _register(desk: Desk, register: str, at: str) -> None:
    names = (*REGISTERS[register].names, "changed_at", "changed_by")

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        search = asked.get("cari")
        told = desk.do(as_of_views.register, register=register, at=at, search=search, limit=limit, offset=offset)
        rows = [{**row, "changed_at": lists.moment(row["changed_at"])} for row in told["rows"]]
        return {"rows": rows, "total": told["total"]}

    listing(
        desk,
        Listing(
            f"keadaan_{register}",
            [Column(name, t(f"state_at.col_{name}"), is_fixed=name in DATES) for name in names],
            [Filter("cari", t("state_at.search"))],
            read,
            t("state_at.register_none"),
            stamp=moments.said(at),
        ),
    )


def _ledger(desk: Desk, at: str) -> None:
    st.caption(t("state_at.ledger_help"))
    who = desk.by.person_id if desk.by and desk.by.person_id else "-"

    def work(told: jobs.Told) -> dict[str, Any]:
        return {"at": at, **desk.do(as_of_views.ledger, at=at, told=told)}

    found = jobs.panel("as_of_ledger", who, t("state_at.ledger_go"), work)
    if found is None:
        return
    st.header(t("state_at.ledger_of", time=moments.said(found["at"])), anchor=False)
    st.markdown(t("state_at.ledger_total", total=parts.number(found["total"])))
    for name in COUNTED:
        if found[name]:
            st.subheader(t(f"state_at.counted_{name}"), anchor=False)
            parts.cards((count, label) for label, count in found[name].items())
    if found["hops"]:
        st.subheader(t("state_at.hops"), anchor=False)
        columns = [
            Column(name, t(f"state_at.hop_{name}"), is_number=name != "label")
            for name in ("label", "batches", "sent", "received", "in_transit")
        ]
        lists.show_list(columns, found["hops"], empty="")
    if found["problem_count"]:
        st.error(t("state_at.problems", count=parts.number(found["problem_count"]), first=", ".join(found["problems"])))
