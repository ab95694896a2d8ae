"""What two persons decide: the first lays it down, the second reads it and signs it with her finger (§5.2, §8.2; R-050, R-186, R-189).

    if second_person.is_laid_down(slot):
        made = second_person.sign(desk, slot, lambda once, told, proof: once.do(cases.close, second=proof, **told))
    elif is_sent:
        second_person.lay_down(slot, shown, note=note)

Her finger belongs to exactly what she read: to change it is to lay it down anew. The slot bears the token of the opening on which it was
laid down (`opened.Opened`), so that who reads anew decides anew.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from apps.operator import parts
from apps.operator.finger import choose_way, take_finger
from apps.operator.frame import attempt, show_refusal
from apps.operator.messages import t
from posko.domain.proof import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from posko.domain.errors import Refused
    from posko.domain.proof import FingerProof
    from posko.services.office import Desk

T = TypeVar("T")


@dataclass(frozen=True)
class _Draft:
    """What waits for the second person: as it is read, as the act gets it, and the key of its one submission."""

    shown: tuple[tuple[str, object], ...]
    told: Mapping[str, Any]
    key: str


def is_laid_down(slot: str) -> bool:
    """Return whether something waits here for the second person."""
    return isinstance(st.session_state.get(_key(slot)), _Draft)


def lay_down(slot: str, shown: Sequence[tuple[str, object]], **told: Any) -> None:
    """Keep what the second person shall read and sign, and show the page anew."""
    st.session_state[_key(slot)] = _Draft(tuple(shown), told, secrets.token_hex(16))
    st.rerun()


def sign(
    desk: Desk,
    slot: str,
    do: Callable[[Desk, Mapping[str, Any], FingerProof], T],
    *,
    on_refused: Callable[[Refused], None] = show_refusal,
) -> T | None:
    """Show what was laid down and ask for the second person's finger; return what was done with it, None until it is.

    Args:
        desk: of the first person.
        slot: where it was laid down.
        do: does the act with the desk of this one submission, what was laid down, and the finger.
        on_refused: says a refusal of the act.
    """
    draft: _Draft = st.session_state[_key(slot)]
    with st.container(border=True):
        st.subheader(t("second_person.read"), anchor=False)
        parts.facts(draft.shown)
        st.caption(t("second_person.help"))
        number = st.text_input(t("second_person.number"), max_chars=40, key=f"posko_second:{draft.key}").strip()
        way = choose_way(f"second:{draft.key}")
        left, right = st.columns(2)
        is_signed = left.button(
            t("second_person.sign"),
            type="primary",
            icon=":material/fingerprint:",
            width="stretch",
            key=f"sign:{draft.key}",
        )
        if right.button(t("second_person.discard"), width="stretch", key=f"discard:{draft.key}"):
            discard(slot)
            st.rerun()
    if not is_signed:
        return None
    if not number:
        st.error(t("second_person.missing"))
        return None
    proof = attempt(lambda: take_finger(desk, "STAFF", number, Purpose.SECOND_PERSON, way))
    if proof is None:
        return None
    made = attempt(lambda: do(desk.once(draft.key), draft.told, proof), on_refused=on_refused)
    if made is not None:
        discard(slot)
    return made


def discard(slot: str) -> None:
    """Forget what was laid down."""
    st.session_state.pop(_key(slot), None)


def _key(slot: str) -> str:
    return f"posko_laid_down:{slot}"
