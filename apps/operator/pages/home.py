"""The first page: what waits for whoever is signed in (§9, §12-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from apps.operator import attention, parts
from apps.operator.list_address import address_of
from apps.operator.menu import BY_PATH
from apps.operator.messages import t
from posko.domain.status import Status
from posko.services import screen_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk


DONE_ON: Mapping[Status, str] = {
    Status.SENT_TO_KONSORSIUM: "usulan",
    Status.REGISTERED: "usulan",
    Status.SCHEDULED: "usulan",
    Status.ABSENT: "jadwal",
    Status.TURNED_AWAY_NO_MATCH: "jadwal",
    Status.TURNED_AWAY_NOT_REGISTERED: "jadwal",
    Status.ALLOCATED: "kirim",
    Status.RETURNED_TO_BNSP: "keseimbangan",
    Status.BALANCED: "keseimbangan",
    Status.ACKNOWLEDGED: "absensi",
    Status.PRESENT: "sesi",
    Status.TESTED: "penilaian",
    Status.ASSESSED: "keputusan",
    Status.RESULT_SENT: "rapat",
    Status.ON_HOLD: "rapat",
}
"""State of a TKI -> page on which its next act is done."""


def render(desk: Desk) -> None:
    """Show the counts of the role."""
    found = desk.do(screen_home.home)
    st.header(t("home.attention"))
    counts = [(count, t(f"home.{Status(state).value}")) for state, count in found["waiting"].items()]
    named = {t(f"home.{state.value}"): path for state, path in DONE_ON.items() if _is_open(desk, path)}
    if _is_open(desk, "kasus"):
        named[t("home.cases")] = address_of("kasus", "kasus", status="ACTIVE").removeprefix("/")
    if found["cases"] is not None:
        counts.append((found["cases"], t("home.cases")))
    more, addresses = attention.counts(desk)
    counts += more
    parts.cards(counts, {**named, **addresses}, most=screen_home.MOST_COUNTED)
    if not any(count for count, _ in counts):
        st.success(t("home.nothing"))
    st.header(t("home.today"))
    parts.cards([(found["sessions"], t("home.sessions"))])


def _is_open(desk: Desk, path: str) -> bool:
    return desk.by is not None and BY_PATH[path].is_open_to(desk.by.role)
