"""Small pieces that pages share: a record as a grid, a big outcome, cards; everything a person typed is escaped here."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Literal, TypeVar

import streamlit as st

from posko.domain.calendar import WIB

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
Tone = Literal["good", "warn", "bad", "idle"]
NOTHING = "—"
_FOCUS = """/* TURN */ (() => {
  let isFirst = true, left = 20;
  const look = () => {
    const field = document.querySelector('input[aria-label="LABEL"]'), at = document.activeElement;
    if (field && at === field) isFirst = false;
    else if (field && (isFirst || !at || at === document.body)) {
      field.focus();
      if (isFirst) field.select();
      isFirst = false;
    }
    if (left-- > 0) setTimeout(look, 100);
  };
  setTimeout(look, 50);
})()"""


def facts(rows: Iterable[tuple[str, object]]) -> None:
    """Show labels and values as a grid that folds on small screens."""
    cells = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(shown(value))}</dd></div>" for label, value in rows)
    st.html(f'<dl class="posko-facts">{cells}</dl>')


def outcome(tone: Tone, heading: str, *sentences: str) -> None:
    """Show an outcome that is read from two metres away."""
    told = "".join(f"<span>{escape(sentence)}</span>" for sentence in sentences if sentence)
    st.html(f'<div class="posko-outcome {tone}" role="status"><strong>{escape(heading)}</strong>{told}</div>')


def cards(
    rows: Iterable[tuple[int, str]], addresses: Mapping[str, str] | None = None, *, most: int | None = None
) -> None:
    """Show counts with what they count; a zero is pale.

    Args:
        rows: counts and labels.
        addresses: label -> page on which it is done.
        most: up to which was counted; more is shown as that with a plus.
    """
    known = addresses or {}
    made = "".join(
        f'<li class="{"some" if count else "none"}"><b>{_counted(count, most)}</b>'
        f"{_label(label, known.get(label) if count else None)}</li>"
        for count, label in rows
    )
    st.html(f'<ul class="posko-cards">{made}</ul>')


def _counted(count: int, most: int | None) -> str:
    return number(count) if most is None or count <= most else f"{number(most)}+"


def _label(label: str, address: str | None) -> str:
    if address is None:
        return f"<span>{escape(label)}</span>"
    return f'<a href="/{escape(address)}" target="_self">{escape(label)}</a>'


def focus(label: str, turn: object) -> None:
    """Put the cursor into the field with this label; again whenever `turn` is another.

    Streamlit may build the field anew just after, so it is looked at for two seconds; whoever has gone to another field is left there.
    """
    script = _FOCUS.replace("LABEL", escape(label)).replace("TURN", escape(str(turn)))
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def shown(value: object) -> str:
    """Return a value as a person reads it: a date as 01-05-1983, nothing as a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, dt.datetime):
        return f"{value + WIB:%d-%m-%Y %H:%M}"
    text = f"{value:%d-%m-%Y}" if isinstance(value, dt.date) else str(value)
    try:
        return f"{dt.date.fromisoformat(text):%d-%m-%Y}" if len(text) == 10 else text
    except ValueError:
        return text


def number(count: int) -> str:
    """Return a count with Indonesian points."""
    return f"{count:,}".replace(",", ".")


def way(label: str, ways: Mapping[T, str], key: str) -> T:
    """Return which of several ways (way -> what it is called) was chosen; where there is only one, nothing is asked."""
    first = next(iter(ways))
    if len(ways) == 1:
        return first
    return st.radio(label, list(ways), format_func=lambda one: ways[one], horizontal=True, key=key) or first
