"""What a verification found: nothing, or flaws, each with its place and a sentence (§5.7, R-025)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_FLAWS = 1_000


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it was: its kind, where it is, and what a person reads."""

    kind: str
    where: str
    text: str


@dataclass
class Flaws:
    """The part that all verdicts share; one of its own kind names its `sentences` (kind -> text with `{where}`)."""

    sentences: ClassVar[Mapping[str, str]]
    findings: list[Flaw] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong; what was not proven may still be left."""
        return not self.findings

    def add(self, kind: str, where: object) -> None:
        """Write a flaw down; the first thousand are enough."""
        if len(self.findings) < MOST_FLAWS:
            self.findings.append(Flaw(kind, str(where), self.sentences[kind].format(where=where)))

    def told(self) -> list[dict[str, str]]:
        """Return the flaws for one document."""
        return [{"kind": one.kind, "where": one.where, "text": one.text} for one in self.findings]
