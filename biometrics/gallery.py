"""The opened templates of one person: what a probe is compared with (§6.1; R-026, R-187)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posko.services import templates

if TYPE_CHECKING:
    import sqlalchemy as sa

    from biometrics.types import Template
    from biometrics.vault import Vault
    from posko.domain.proof import PersonKind


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One enrolled impression of a person; `template.data` is open, so it stays in memory."""

    template: Template
    template_id: int
    version: int
    finger: int
    seq: int


def active(db: sa.Connection, vault: Vault, kind: PersonKind, person_id: str) -> list[Enrolled]:
    """Return the impressions of a person's set in force, by finger and number; none where there is no set.

    Raises:
        TemplateBroken: a row was changed or moved.
    """
    return _opened(db, vault, kind, person_id, "ACTIVE")


def pending(db: sa.Connection, vault: Vault, kind: PersonKind, person_id: str) -> list[Enrolled]:
    """Return the impressions of the set that waits for its first proof."""
    return _opened(db, vault, kind, person_id, "PENDING")


def _opened(db: sa.Connection, vault: Vault, kind: PersonKind, person_id: str, state: str) -> list[Enrolled]:
    rows = templates.rows_of(db, kind, person_id, state)
    return [
        Enrolled(vault.open(row), int(row["template_id"]), int(row["version"]), int(row["finger"]), int(row["seq"]))
        for row in rows
    ]
