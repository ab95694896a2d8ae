"""The stations: reader, key in force, last heard of; keys registered and revoked with the officer's own finger (§8.2; R-041, R-012)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts, picked, print_buttons, station_card
from apps.operator.finger import choose_way, take_finger
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Command
from posko.domain.proof import Purpose
from posko.domain.roles import ACTS, Act
from posko.services import screen_stations, station_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.operator.opened import Opened
    from posko.services.office import Desk

ONE = "stasiun"
SLOT = "station_open"
CARD_MOST = 2_000
"""Characters of a station's card."""


def render(desk: Desk) -> None:
    """Show the stations, or one with its keys."""
    opened.say_saved()
    code = picked.text(ONE)
    if code is None:
        _list(desk)
        return
    picked.back(ONE)
    _one(desk, code)


def _list(desk: Desk) -> None:
    columns = [
        Column("station_code", t("stations.station_code"), is_fixed=True), Column("station_name", t("stations.station_name")),
        Column("tuk_code", t("stations.tuk_code"), is_fixed=True), Column("reader", t("stations.reader_serial"), is_fixed=True),
        Column("mark", t("stations.key"), is_fixed=True), Column("seen", t("stations.seen_at"), is_fixed=True),
        Column("skew", t("stations.skew"), is_number=True),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("stations.search")),
        Filter("keadaan", t("stations.state"), "choice", {one: t(f"stations.{one}") for one in screen_stations.STATES}),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = {"search": asked.get("cari"), "state": asked.get("keadaan")}
        found = desk.do(screen_stations.listed, limit=limit, offset=offset, **told)
        return {"total": found["total"], "rows": [_line(row) for row in found["rows"]]}

    shown = listing(desk, Listing("stasiun", columns, filters, read, t("stations.none")))
    rows = shown["rows"] if shown else []
    picked.choose(
        ONE, {row["station_code"]: f"{row['station_code']} · {row['station_name']}" for row in rows}, t("stations.open")
    )
    print_buttons.offer(desk, "cards")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    is_other = row["seen_reader"] is not None and row["seen_reader"] != row["reader_serial"]
    reader = Mark(t("stations.other_reader", serial=row["seen_reader"]), "bad") if is_other else row["reader_serial"]
    return {
        **row,
        "reader": reader,
        "mark": Mark(row["key_id"][:8], "good") if row["key_id"] else Mark(t("stations.NO_KEY"), "warn"),
        "seen": lists.moment(row["seen_at"]),
        "skew": None if row["skew_ms"] is None else int(row["skew_ms"]),
    }


def _one(desk: Desk, code: str) -> None:
    seen = opened.opened(SLOT, (code,), lambda: desk.do(screen_stations.keys, station_code=code))
    if seen is None:
        return
    st.header(code, anchor=False)
    columns = [
        Column("key_id", t("stations.key_id"), is_fixed=True), Column("since", t("stations.registered_at"), is_fixed=True),
        Column("registered_by", t("stations.registered_by"), is_fixed=True), Column("until", t("stations.revoked_at"), is_fixed=True),
        Column("revoked_by", t("stations.revoked_by"), is_fixed=True), Column("reason", t("stations.reason")),
    ]  # fmt: skip
    rows = [
        {**row, "since": lists.moment(row["registered_at"]), "until": lists.moment(row["revoked_at"])}
        for row in seen.seen
    ]
    lists.show_list(columns, rows, empty=t("stations.no_keys"))
    if desk.by is None or Act.DO not in ACTS[MATRIX[Command.CHANGE_REGISTER][desk.by.role]]:
        st.caption(t("stations.read_only"))
    elif any(row["revoked_at"] is None for row in seen.seen):
        _revoke(desk, code, seen)
    else:
        _register(desk, code, seen)


def _register(desk: Desk, code: str, seen: Opened[list[dict[str, Any]]]) -> None:
    """Read a card, show the name of its key for the telephone, and register it."""
    st.subheader(t("stations.register"), anchor=False)
    text = st.text_area(
        t("stations.card"), max_chars=CARD_MOST, key=f"station_card:{seen.token}", help=t("stations.card_help")
    )
    if not text.strip():
        st.info(t("stations.card_missing"))
        return
    card = station_card.read(text)
    if card is None or card.station_code != code:
        st.error(t("stations.card_wrong") if card is None else t("stations.card_other", station=card.station_code))
        return
    parts.facts([(t("stations.key_id"), card.key_id)])
    st.warning(t("stations.compare"), icon=":material/call:")
    made = _with_finger(
        desk,
        "stations.register",
        lambda once, proof: once.do(
            station_keys.register,
            station_code=code,
            signing_key=card.signing_key,
            sealing_key=card.sealing_key,
            proof=proof,
        ),
        seen.key(card.key_id),
    )
    if made is not None:
        opened.saved(t("stations.registered", station=code, key=made["key_id"][:8]), SLOT)


def _revoke(desk: Desk, code: str, seen: Opened[list[dict[str, Any]]]) -> None:
    st.subheader(t("stations.revoke"), anchor=False)
    st.write(t("stations.revoke_help"))
    reason = st.text_input(t("stations.reason"), max_chars=255, key=f"station_reason:{seen.token}")
    made = _with_finger(
        desk,
        "stations.revoke",
        lambda once, proof: once.do(station_keys.revoke, station_code=code, reason=reason, proof=proof),
        seen.key("revoke", reason),
    )
    if made is not None:
        opened.saved(t("stations.revoked", station=code), SLOT)


def _with_finger(
    desk: Desk, label: str, do: Callable[[Desk, object], dict[str, Any]], key: str
) -> dict[str, Any] | None:
    """Do an act with the finger that whoever is signed in places now."""
    way = choose_way(label)
    if not st.button(t(label), type="primary", icon=":material/fingerprint:", key=f"posko_{label}") or desk.by is None:
        return None
    number = str(desk.by.person_id)
    proof = attempt(lambda: take_finger(desk, "STAFF", number, Purpose.STATION_KEY, way))
    return None if proof is None else attempt(lambda: do(desk.once(key), proof))
