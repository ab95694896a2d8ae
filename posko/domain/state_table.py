"""What every table of allowed moves has in common: the check of a move, what can be reached, the diagram (DV-X01)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from posko.domain.errors import IllegalMove

if TYPE_CHECKING:
    from collections.abc import Mapping

State = TypeVar("State", bound=StrEnum)


def check_move(
    allowed: Mapping[State, frozenset[State]], labels: Mapping[State, str], current: State, to: State
) -> State:
    """Return `to` if `current` may become it.

    Raises:
        IllegalMove: the table does not name the move.
    """
    if to in allowed[current]:
        return to
    ways = ", ".join(labels[state] for state in allowed if state in allowed[current])
    only = f"hanya boleh menjadi {ways}" if ways else "keadaan akhir, tidak berubah lagi"
    raise IllegalMove(f"{labels[current]} tidak boleh menjadi {labels[to]}; {labels[current]} {only}.")


def reachable(allowed: Mapping[State, frozenset[State]], start: State) -> frozenset[State]:
    """Return every state that `start` can become, by one move or many, and `start` itself."""
    found, ahead = {start}, [start]
    while ahead:
        new = allowed[ahead.pop()] - found
        found |= new
        ahead.extend(new)
    return frozenset(found)


def diagram(allowed: Mapping[State, frozenset[State]], labels: Mapping[State, str], start: State) -> str:
    """Return the table as a Mermaid state diagram in Markdown, in the order of the table."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {state} / {labels[state]}" for state in allowed]
    lines.append(f"    [*] --> {start}")
    for state in allowed:
        lines += [f"    {state} --> {to}" for to in allowed if to in allowed[state]]
        lines += [] if allowed[state] else [f"    {state} --> [*]"]
    return "\n".join([*lines, "```"])
