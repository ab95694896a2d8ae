"""What a colleague changed while a form was open: both versions beside each other, and nothing saved (facts/apps.md, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.operator import lists
from apps.operator.frame import attempt, show_refusal
from apps.operator.lists import Column
from apps.operator.messages import t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posko.domain.errors import Refused

CODES = frozenset({"CHANGED_MEANWHILE", "NOTED_MEANWHILE"})
"""Refusals that say so."""


def teller(seen: Mapping[str, str], now: Callable[[], Mapping[str, str]]) -> Callable[[Refused], None]:
    """Return what says a refusal, and where it was a change meanwhile, shows what differs.

    Args:
        seen: label -> value, as it stood when the form opened.
        now: reads the same anew.
    """

    def tell(refusal: Refused) -> None:
        show_refusal(refusal)
        if refusal.code not in CODES:
            return
        found = attempt(now)
        if found is None:
            return
        labels = dict.fromkeys([*seen, *found])
        rows = [
            {"label": label, "seen": seen.get(label), "now": found.get(label)}
            for label in labels
            if seen.get(label) != found.get(label)
        ]
        columns = [Column(name, t(f"changed.{name}")) for name in ("label", "seen", "now")]
        lists.show_list(columns, rows, empty=t("changed.nothing"))

    return tell
