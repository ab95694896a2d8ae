"""Checks of the whole: the log with its seals, the hand-off ledger, the log replayed against the tables; and the export (R-025, R-181)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import jobs, lists, log_export, parts
from apps.operator.event_view import public_key
from apps.operator.listing import FIRST, LAST
from apps.operator.lists import Column
from apps.operator.messages import language, t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import ledger, log_check, replay_check

if TYPE_CHECKING:
    from collections.abc import Callable

    from posko.services.office import Desk

HOPS = ("label", "batches", "sent", "received", "loaded", "rejected", "in_transit")
DETAILS = ("size", "verified", "unverified", "unsealed", "open_tails", "checkpoints")


def render(desk: Desk) -> None:
    """Show the checks, each with its button, its progress and its verdict."""
    who = desk.by.person_id if desk.by and desk.by.person_id else "-"
    _log(desk, who)
    _ledger(desk, who)
    _replay(desk, who)
    role = desk.by.role if desk.by else None
    if role is not None and Act.DO in ACTS[MATRIX[Command.EXPORT_AUDIT][role]]:
        _export(desk, who)
        _pack(desk, who)


def _section(name: str) -> None:
    st.header(t(f"verify.{name}"), anchor=False)
    st.caption(t(f"verify.{name}_help"))


def _log(desk: Desk, who: str) -> None:
    _section("log")
    key = public_key()
    if key is None:
        st.info(t("verify.no_seal"))
        return
    parts.facts([(t("verify.key"), key.text)])
    with_file = st.toggle(t("verify.with_file"), key="verify_with_file", help=t("verify.with_file_help"))

    def work(told: jobs.Told) -> dict[str, Any]:
        return desk.do(log_check.verify, log=log_export.log_place(), with_file=with_file, told=told)

    found = jobs.panel("verify_log", who, t("verify.log_go"), work)
    if found is None:
        return
    if found["clean"]:
        st.success(t("verify.log_clean", size=parts.number(found["size"]), verified=parts.number(found["verified"])))
    else:
        st.error(t("verify.log_changed", count=parts.number(found["finding_count"])))
    parts.cards((int(found[name]), t(f"verify.{name}")) for name in DETAILS)
    if found["findings"]:
        rows = [{"where": one["where"], "text": one["text"]} for one in found["findings"]]
        lists.show_list([Column(name, t(f"verify.{name}")) for name in ("where", "text")], rows, empty="")


def _ledger(desk: Desk, who: str) -> None:
    _section("ledger")
    found = jobs.panel("verify_ledger", who, t("verify.ledger_go"), lambda _told: desk.do(ledger.look))
    if found is None:
        return
    if found["clean"]:
        st.success(t("verify.ledger_clean"))
    else:
        st.error(t("verify.ledger_broken", count=parts.number(found["problem_count"])))
    columns = [Column(name, t(f"verify.hop_{name}"), is_number=name != "label") for name in HOPS]
    lists.show_list(columns, found["hops"], empty="")
    if found["problems"]:
        _sentences(found["problems"])


def _replay(desk: Desk, who: str) -> None:
    _section("replay")
    work: Callable[[jobs.Told], Any] = lambda told: desk.do(replay_check.compare, told=told)  # noqa: E731 - one line says it
    found = jobs.panel("verify_replay", who, t("verify.replay_go"), work)
    if found is None:
        return
    if not found["count"]:
        st.success(t("verify.replay_equal"))
        return
    st.error(t("verify.replay_differs", count=parts.number(found["count"])))
    _sentences(found["differences"])


def _sentences(rows: list[dict[str, Any]]) -> None:
    columns = [Column("tki_id", t("verify.tki"), is_fixed=True), Column("sentence", t("verify.text"))]
    lists.show_list(columns, rows, empty="")


def _export(desk: Desk, who: str) -> None:
    _section("export")
    tongue = language()
    made = jobs.panel("export_log", who, t("verify.export_go"), lambda told: log_export.make(desk, told, tongue))
    if made is None:
        return
    size = lists.decimal(made["bytes"] / 1_000_000)
    st.success(t("verify.export_made", events=parts.number(made["events"]), size=size))
    parts.facts([("SHA-256", made["sha256"])])
    st.html(
        f'<a class="posko-button" href="{log_export.ADDRESS}" target="_self" download>{t("verify.export_take")}</a>'
    )


def _pack(desk: Desk, who: str) -> None:
    """Offer the auditor's pack of some days."""
    _section("pack")
    left, right = st.columns(2)
    first = left.date_input(t("verify.pack_first"), None, FIRST, LAST, key="verify_pack_first", format="DD/MM/YYYY")
    last = right.date_input(t("verify.pack_last"), None, FIRST, LAST, key="verify_pack_last", format="DD/MM/YYYY")
    if not isinstance(first, dt.date) or not isinstance(last, dt.date):
        st.caption(t("verify.pack_days"))
        return

    def work(told: jobs.Told) -> dict[str, Any]:
        return log_export.make_pack(desk, told, first, last)

    made = jobs.panel("audit_pack", who, t("verify.pack_go"), work)
    if made is None:
        return
    told = {name: parts.number(made[name]) for name in ("events", "rows")}
    told |= {
        "size": lists.decimal(made["bytes"] / 1_000_000),
        **{name: parts.shown(made[name]) for name in ("first", "last")},
    }
    st.success(t("verify.pack_made", **told))
    parts.facts([("SHA-256", made["sha256"])])
    st.html(
        f'<a class="posko-button" href="{log_export.PACK_ADDRESS}" target="_self" download>{t("verify.export_take")}</a>'
    )
