"""A person's sets of templates on a page: where each came from, how good, by whom, and what the 1:N search says (R-026, X11, DV-I05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts
from apps.operator.lists import Column, Mark
from apps.operator.messages import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TONES: Mapping[str, parts.Tone] = {"ACTIVE": "good", "PENDING": "warn", "RETIRED": "idle"}


def show(sets: Sequence[Mapping[str, Any]], search: Mapping[str, Any]) -> None:
    """Show every set, the newest first, and how the search for the same finger elsewhere stands."""
    columns = [
        Column("version", t("finger_history.version"), is_number=True), Column("mark", t("finger_history.state"), is_fixed=True),
        Column("origin", t("finger_history.provenance")), Column("impressions", t("finger_history.impressions"), is_fixed=True),
        Column("quality", t("finger_history.quality"), is_number=True), Column("taken", t("finger_history.taken_at"), is_fixed=True),
        Column("by", t("finger_history.taken_by")), Column("place", t("finger_history.place")),
        Column("retired", t("finger_history.retired")),
    ]  # fmt: skip
    lists.show_list(columns, [_line(row) for row in sets], empty=t("finger_history.none"))
    if search["cases"]:
        numbers = ", ".join(str(number) for number in search["cases"])
        st.warning(t("finger_history.found", cases=numbers), icon=":material/content_copy:")
    elif search["state"] == "PENDING":
        st.info(t("finger_history.waiting"), icon=":material/hourglass:")
    elif search["state"] == "DONE":
        st.caption(t("finger_history.clean", at=lists.moment(search["searched_at"])))


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    quality = None if row["quality"] is None else int(row["quality"])
    people = " + ".join(str(name) for name in (row["taken_by"], row["seconded_by"]) if name)
    retired = t("finger_history.retired_on", at=lists.moment(row["retired_at"]), reason=row["retired_reason"])
    return {
        "version": int(row["version"]),
        "mark": Mark(t(f"finger_history.{row['state']}"), TONES[row["state"]]),
        "origin": t(f"finger_history.{row['provenance']}"),
        "impressions": f"{row['fingers']} x {int(row['impressions']) // max(1, int(row['fingers']))}",
        "quality": f"{quality} *" if row["is_supervised"] else quality,
        "taken": lists.moment(row["taken_at"]),
        "by": people,
        "place": " · ".join(str(part) for part in (row["station_code"], row["reader_kind"]) if part),
        "retired": retired if row["retired_at"] else None,
    }
