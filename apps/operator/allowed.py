"""What whoever is signed in may do, by her role in the truth table: what a page offers; the services ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import MATRIX
from posko.domain.roles import ACTS, Act

if TYPE_CHECKING:
    from posko.domain.matrix import Command
    from posko.services.office import Desk


def may(desk: Desk, command: Command, how: Act = Act.DO) -> bool:
    """Return whether the role's cell of this command holds the act; False where nobody is signed in."""
    return desk.by is not None and how in ACTS[MATRIX[command][desk.by.role]]
