"""Who has no place yet, why, and for how long, with the way to her record (§12.2-12.6; R-085, R-089, X6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import fresh, parts
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import PAGE_ROWS, Column, Link, Mark
from apps.operator.messages import t
from posko.services import screen_unallocated
from posko.services.paging import MOST_ROWS
from posko.services.screen_unallocated import HELD_BACK, KINDS, MOST_COUNTED, UNPLACED, UNREGISTERED, WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk

NAME = "belum"
TONES: Mapping[str, parts.Tone] = {WAITING: "warn", UNPLACED: "bad", HELD_BACK: "idle", UNREGISTERED: "idle"}
CODES = ("NO_RULE", "NO_LICENSED_TUK", "ALL_TIED", "FULL_UNTIL_HORIZON", "REGISTERED", "ABSENT", "TURNED_AWAY_NO_MATCH")
"""Reasons that can be filtered by: of the rule, and the states in which a registered TKI waits."""
AGES = ("7", "14", "30", "90")
"""Days of waiting that can be filtered by."""
EMPTY: Mapping[str, Any] = {"rows": [], "total": 0}


def render(desk: Desk) -> None:
    """Show the list with its counts."""
    st.caption(t("unallocated.help"))
    counts = st.container()
    answer = listing(
        desk,
        Listing(
            NAME,
            [
                Column("tki_id", t("unallocated.tki_id"), is_fixed=True),
                Column("full_name", t("unallocated.full_name")),
                Column("kind", t("unallocated.kind"), is_fixed=True),
                Column("why", t("unallocated.why")),
                Column("blkln_code", t("unallocated.blkln"), is_fixed=True),
                Column("since_on", t("unallocated.since"), is_fixed=True),
                Column("days", t("unallocated.days"), is_number=True),
            ],
            [
                Filter("cari", t("unallocated.search")),
                Filter("golongan", t("unallocated.kind"), "choice", {kind: t(f"unallocated.{kind}") for kind in KINDS}),
                Filter("alasan", t("unallocated.why"), "choice", {code: t(f"unallocated.{code}") for code in CODES}),
                Filter("blkln", t("unallocated.blkln")),
                Filter("umur", t("unallocated.age"), "choice", {age: t("unallocated.least", days=age) for age in AGES}),
            ],
            lambda asked, limit, offset: _read(desk, asked, limit, offset),
            t("unallocated.none"),
        ),
    )
    if answer is not None:
        with counts:
            parts.cards([_card(answer, kind) for kind in KINDS], most=MOST_ROWS)


def _card(answer: Mapping[str, Any], kind: str) -> tuple[int, str]:
    """Return a count and its label; who only waits for registration is counted up to a limit, which the label tells."""
    count = int(answer["counts"].get(kind, 0))
    if kind == UNREGISTERED and count == MOST_COUNTED + 1:
        return MOST_COUNTED, t("unallocated.UNREGISTERED_more")
    return count, t(f"unallocated.{kind}")


def _read(desk: Desk, asked: Mapping[str, str], limit: int, offset: int) -> dict[str, Any]:
    """Return a part of the list; what is counted once holds for a minute of turning pages, but for no file."""
    filters, is_page = tuple(sorted(asked.items())), limit == PAGE_ROWS
    known = fresh.known(NAME, filters) if is_page else None
    answer = _asked(desk, asked, limit, offset, known)
    if known is not None and not answer["rows"]:
        # The page is behind the last by now.
        known, answer = None, _asked(desk, asked, limit, offset, None)
    if is_page and known is None:
        fresh.keep(NAME, answer["counts"], filters)
    return {**answer, "rows": [_line(row) for row in answer["rows"]]}


def _asked(
    desk: Desk, asked: Mapping[str, str], limit: int, offset: int, known: Mapping[str, int] | None
) -> dict[str, Any]:
    return desk.do(
        screen_unallocated.unallocated,
        limit=limit,
        offset=offset,
        kind=asked.get("golongan"),
        code=asked.get("alasan"),
        search=asked.get("cari"),
        blkln_code=asked.get("blkln"),
        least_days=int(asked["umur"]) if "umur" in asked else None,
        known=known,
    )


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "tki_id": Link(str(row["tki_id"]), f"/cari?tki={row['tki_id']}"),
        "kind": Mark(t(f"unallocated.{row['kind']}"), TONES[row["kind"]]),
        "why": _why(row),
    }


def _why(row: Mapping[str, Any]) -> str:
    """Say why she has no place: what the rule or the filter found, else what she waits for."""
    if row["kind"] == HELD_BACK:
        return f"{row['code']}: {row['reason']}"
    if row["kind"] == UNPLACED:
        return str(row["reason"])
    state = t(f"unallocated.{row['code']}")
    if row["proposed_on"] is None:
        return state
    return t("unallocated.proposed", state=state, day=parts.shown(row["proposed_on"]), tuk=row["tuk_code"])
