"""The field for a time of western Indonesia, kept in the address, so that a link shows what its sender saw (F35)."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from apps.operator.messages import t
from posko.domain.calendar import WIB
from posko.services import as_of, inputs

AT = "pada"
"""Name of the time in the address."""
FIRST, LAST = (
    dt.datetime.fromisoformat(f"{inputs.FIRST_YEAR}-01-01"),
    dt.datetime.fromisoformat(f"{inputs.LAST_YEAR}-12-31"),
)
STEP = dt.timedelta(minutes=1)


def moment_field(key: str) -> str:
    """Show the field and return its time as ISO text with its zone; `now` where it is empty."""
    if key not in st.session_state:
        st.session_state[key] = _read(st.query_params.get(AT, ""))
    chosen = st.datetime_input(
        t("moments.at"),
        key=key,
        format="DD/MM/YYYY",
        help=t("moments.help"),
        min_value=FIRST,
        max_value=LAST,
        step=STEP,
        width=260,
    )
    if chosen is None:
        st.query_params.pop(AT, None)
        return as_of.NOW
    told = chosen.replace(tzinfo=None).isoformat(timespec="minutes")
    if st.query_params.get(AT) != told:
        st.query_params[AT] = told
    return f"{told}+07:00"


def said(at: str) -> str:
    """Return a time of `moment_field` as a sentence holds it."""
    if at == as_of.NOW:
        return t("moments.now")
    return f"{dt.datetime.fromisoformat(at).astimezone(dt.timezone(WIB)):%d-%m-%Y %H:%M} WIB"


def _read(shown: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(shown)
    except ValueError:
        return None
    return found if found.tzinfo is None and FIRST <= found <= LAST else None
