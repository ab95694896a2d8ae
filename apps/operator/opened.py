"""What a list or form showed when it opened, kept until it closes, so that a save is about what its reader saw (facts/apps.md, section 3).

Streamlit runs a page anew at every click. Read anew each time, a list would change under the hand that picks from it, and a save
would overwrite what somebody else saved meanwhile. The key made at opening lets a second click of the same save write nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from apps.operator.frame import attempt, show_refusal
from apps.operator.messages import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from posko.domain.errors import Refused

T = TypeVar("T")
_SAID = "posko_said"


@dataclass(frozen=True)
class Opened(Generic[T]):
    """One opening: what it was asked for, what was read, and the key of its save."""

    asked: tuple[object, ...]
    seen: T
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    def key(self, *filled: object) -> str:
        """Return the idempotency key of a save with these entries; other entries are another save."""
        return sha256(repr((self.token, filled)).encode()).hexdigest()


def opened(name: str, asked: tuple[object, ...], read: Callable[[], T]) -> Opened[T] | None:
    """Return what was read when this opened, reading now if it has not been or was asked for something else; None: it was refused."""
    return attempt(lambda: kept(name, asked, read))


def kept(name: str, asked: tuple[object, ...], read: Callable[[], T]) -> Opened[T]:
    """Return the same as `opened`, and let a refusal through."""
    found = st.session_state.get(_slot(name))
    if isinstance(found, Opened) and found.asked == asked:
        return found
    made = Opened(asked, read())
    st.session_state[_slot(name)] = made
    return made


def now_open(name: str) -> Opened[Any] | None:
    """Return what is open under a name; None: nothing is."""
    found = st.session_state.get(_slot(name))
    return found if isinstance(found, Opened) else None


def close(*names: str) -> None:
    """Forget openings, so that the next run reads anew."""
    for name in names:
        st.session_state.pop(_slot(name), None)


def saved(sentence: str, *names: str) -> None:
    """Close what was saved, and run the page anew with this sentence above it."""
    close(*names)
    st.session_state[_SAID] = sentence
    st.rerun()


def say_saved() -> None:
    """Show what the last save said, once."""
    sentence = st.session_state.pop(_SAID, None)
    if sentence:
        st.success(sentence, icon=":material/check_circle:")
        # Whoever saved at the foot of a long page does not see its head.
        st.toast(sentence, icon=":material/check_circle:")


def reload_button(*names: str) -> None:
    """Offer to read the list anew."""
    if st.button(t("opened.reload"), icon=":material/refresh:", key=f"posko_reload:{names[0]}"):
        close(*names)
        st.rerun()


def plain_tables() -> None:
    """Take the toolbar off the tables of a page: its texts are English, and its download would leave no trace in the log (R-021)."""
    st.html(
        "<style>[data-testid='stElementToolbar'] { display: none; }"
        " button[kind='primary'] kbd { color: #fff; opacity: 1; }</style>"
    )


def show_refusal_of(refusal: Refused) -> None:
    """Say why a save of several was refused, and about whom: her ID TKI stands in a note on the refusal."""
    for note in getattr(refusal, "__notes__", ()):
        st.warning(t("opened.about", tki_id=note))
    show_refusal(refusal)


def _slot(name: str) -> str:
    return f"posko_opened:{name}"
