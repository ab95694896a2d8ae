"""Whose fingers match one set of templates: a shortlist from the index and the papers, then every pair on it compared (DV-I05, DV-I06).

The matcher sees only the shortlist: a comparison with each of 100,000 templates would take minutes. Whoever comes near the alert is
compared again with all impressions, because one of them may be worn. A finger may stand under another number at another person.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from biometrics.errors import TemplateBroken
from biometrics.search.keys import probes_of
from posko.services import duplicates
from posko.services.duplicates import INDEX, Match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from biometrics.search.index import Index
    from biometrics.search.store import Comparer
    from biometrics.types import Template
    from biometrics.vault import Vault

ALERT = 60
"""NBIS score from which people look at a pair (facts of the readers, recommendation 4); higher than any 1:1 threshold."""
NEAR = 30
"""Score from which the other impressions of a pair are compared too."""
SHORTLIST = 300
"""Templates that are compared for one finger; `posko finger bench search` measures how often the true one is among them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One open template with whose it is; it stays in memory."""

    template: Template
    template_id: int
    kind: str
    person_id: str
    version: int
    finger: int

    @property
    def owner(self) -> tuple[str, str]:
        """Whose it is."""
        return self.kind, self.person_id


@dataclass(frozen=True, slots=True)
class Pair:
    """One comparison: a template of the searched set, another person's, their score, and what the index gave (None: not proposed)."""

    own: Opened
    other: Opened
    score: int
    index_score: float | None


class Finder:
    """Searches in one index."""

    def __init__(
        self, index: Index, vault: Vault, matcher: Comparer, *, shortlist: int = SHORTLIST, alert: int = ALERT
    ) -> None:
        self._index = index
        self._vault = vault
        self._matcher = matcher
        self._shortlist = shortlist
        self._alert = alert

    def find(
        self, db: sa.Connection, kind: str, person_id: str, version: int, papers: Mapping[str, str] | None = None
    ) -> list[Match]:
        """Return the other identities whose fingers match a set, best first; none where another version is in force by now.

        Args:
            db: a connection that may read templates.
            kind: `TKI` or `STAFF`.
            person_id: whose set is searched.
            version: of the set.
            papers: TKI that could be the same person, each with the reason; compared whatever the index says.

        Raises:
            TemplateBroken: a template of the searched set does not open.
        """
        rows = duplicates.templates_of(db, kind, [person_id], self._matcher.format)
        own = [self.opened(row) for row in rows if int(row["version"]) == version]
        alike = papers or {}
        others = duplicates.templates_of(db, duplicates.TKI, sorted(alike), self._matcher.format) if own else []
        rivals = self._open_each(others)
        by_finger = groupby(sorted(own, key=lambda each: each.finger), key=lambda each: each.finger)
        found = [pair for _, impressions in by_finger for pair in self.of_finger(db, list(impressions), rivals)]
        return self._matches(found, alike)

    def of_finger(self, db: sa.Connection, own: Sequence[Opened], rivals: Sequence[Opened] = ()) -> list[Pair]:
        """Return all comparisons of one finger that reach the alert.

        Args:
            db: a connection that may read templates.
            own: impressions of one finger of one person.
            rivals: templates that are compared whatever the index says.
        """
        nearest = self.shortlist(own)
        there = {each.template_id for each in rivals}
        listed = duplicates.templates_by_id(db, [number for number in nearest if number not in there])
        others = [each for each in (*rivals, *self._open_each(listed)) if each.owner != own[0].owner]
        pairs = []
        for other in others:
            score, probe = nearest.get(other.template_id, (None, own[0]))
            pairs.append(self._compared(probe, other, score))
        again = [
            self._compared(each, pair.other, pair.index_score)
            for pair in pairs
            if NEAR <= pair.score < self._alert
            for each in own
            if each is not pair.own
        ]
        return [pair for pair in (*pairs, *again) if pair.score >= self._alert]

    def shortlist(self, own: Sequence[Opened]) -> dict[int, tuple[float, Opened]]:
        """Return the templates that share most with impressions of one finger: number -> score of the index, nearest impression."""
        nearest: dict[int, tuple[float, Opened]] = {}
        without = [each.template_id for each in own]
        for each in own:
            keys, weights = probes_of(self._matcher.impression_of(each.template))
            for template_id, score in self._index.query(keys, weights, most=self._shortlist, without=without):
                if score > nearest.get(template_id, (0.0, each))[0]:
                    nearest[template_id] = (score, each)
        best = sorted(nearest.items(), key=lambda item: (-item[1][0], item[0]))
        return dict(best[: self._shortlist])

    def _matches(self, pairs: Sequence[Pair], papers: Mapping[str, str]) -> list[Match]:
        """Return the best comparison with each other identity."""
        best: dict[tuple[str, str], Pair] = {}
        fingers: dict[tuple[str, str], set[int]] = {}
        for pair in sorted(pairs, key=lambda pair: -pair.score):
            best.setdefault(pair.other.owner, pair)
            fingers.setdefault(pair.other.owner, set()).add(pair.own.finger)
        return [
            Match(
                own_template=pair.own.template_id,
                own_finger=pair.own.finger,
                kind="STAFF" if owner[0] == duplicates.STAFF else "TKI",
                person_id=owner[1],
                version=pair.other.version,
                finger=pair.other.finger,
                template_id=pair.other.template_id,
                score=pair.score,
                threshold=self._alert,
                fingers=len(fingers[owner]),
                index_score=pair.index_score,
                origin=papers.get(owner[1], INDEX) if owner[0] == duplicates.TKI else INDEX,
                format=self._matcher.format,
            )
            for owner, pair in best.items()
        ]

    def _compared(self, own: Opened, other: Opened, index_score: float | None) -> Pair:
        return Pair(own, other, self._matcher.compare(own.template, [other.template]).score, index_score)

    def _open_each(self, rows: Sequence[dict[str, Any]]) -> list[Opened]:
        """Open what opens: a broken template of somebody else must not stop the search for this one."""
        opened = []
        for row in rows:
            try:
                opened.append(self.opened(row))
            except TemplateBroken:
                continue
        return opened

    def opened(self, row: Mapping[str, Any]) -> Opened:
        """Return the open template of a row.

        Raises:
            TemplateBroken: it does not open.
        """
        return Opened(
            self._vault.open(row),
            int(row["template_id"]),
            str(row["person_kind"]),
            str(row["person_id"]),
            int(row["version"]),
            int(row["finger"]),
        )
