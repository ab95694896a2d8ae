"""What must hold in the hand-off ledger, asked of the tables as they are (F08, §12.1-14.5, R-182, DV-A11; requirements 8.3 no. 1).

The invariants over many lines are statements (`ledger_sql`) that return only what breaks them; `ledger_lines` judges each line.
`HOPS` says from which state on a TKI must have a line on a hop, and from which state on its receiver must have taken it over.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.handoff import HOP_LABELS, Hop
from posko.domain.status import LABELS, Status
from posko.services import ledger_sql as sql
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import sqlalchemy as sa

MOST_NAMED = 1000
"""TKI that one invariant names on one hop; where more break it, the report says so."""

DROPPED, DOUBLED, ALTERED = "DROPPED", "DOUBLED", "ALTERED"
NOT_TAKEN_OVER, UNFOUNDED, WRONG_PLACE, COUNTS_DIFFER = "NOT_TAKEN_OVER", "UNFOUNDED", "WRONG_PLACE", "COUNTS_DIFFER"
MORE = "MORE"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: on which hop, of what kind, of whom (None: of a whole batch), in a sentence."""

    hop: str
    kind: str
    tki_id: str | None
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return what survives JSON."""
        return {"hop": self.hop, "kind": self.kind, "tki_id": self.tki_id, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class HopRule:
    """When a TKI must or may have a line on a hop.

    `must`: states of the attempt under way with which she has one. `may`: states with which she can have one. `loaded`: states with
    which the receiver has taken it over. `every_attempt`: an attempt that ended without a test has one too; otherwise the hop
    is passed once a journey.
    """

    must: frozenset[Status]
    may: frozenset[Status]
    loaded: frozenset[Status]
    every_attempt: bool = False


_WAY = (
    *(Status.SENT_TO_KONSORSIUM, Status.REGISTERED, Status.SCHEDULED, Status.ALLOCATED, Status.RETURNED_TO_BNSP),
    *(Status.BALANCED, Status.DISTRIBUTED, Status.ACKNOWLEDGED, Status.PRESENT, Status.TESTED, Status.ASSESSED),
    *(Status.DECIDED, Status.CERTIFIED, Status.RESULT_SENT, Status.EVALUATED, Status.PUBLISHED),
    *(Status.SENT_TO_BNP2TKI, Status.CLOSED),
)
"""States in the order of the way."""
_BESIDE = {
    Status.ABSENT: Status.PRESENT,
    Status.TURNED_AWAY_NOT_REGISTERED: Status.PRESENT,
    Status.TURNED_AWAY_NO_MATCH: Status.PRESENT,
    Status.NOT_PASSED: Status.CERTIFIED,
    Status.ON_HOLD: Status.EVALUATED,
}
"""State beside the way -> the one that stands as far along."""


def since(first: Status) -> frozenset[Status]:
    """Return the states from this one on, those beside the way too."""
    later = set(_WAY[_WAY.index(first) :])
    return frozenset(later | {beside for beside, like in _BESIDE.items() if like in later})


_ALL = since(Status.SENT_TO_KONSORSIUM)
_TO_BNSP, _OUT, _AT_TUK = since(Status.RETURNED_TO_BNSP), since(Status.DISTRIBUTED), since(Status.ACKNOWLEDGED)
_TESTED = since(Status.TESTED)

HOPS: Mapping[Hop, HopRule] = {
    Hop.BNP2TKI_TO_RELAY: HopRule(_ALL, _ALL, _ALL),
    Hop.RELAY_TO_BNSP: HopRule(_ALL, _ALL, _ALL),
    Hop.BNSP_TO_KONSORSIUM: HopRule(_ALL, _ALL, since(Status.REGISTERED)),
    Hop.KONSORSIUM_TO_BNSP: HopRule(_TO_BNSP, _TO_BNSP, since(Status.BALANCED), every_attempt=True),
    # Who has a line here, and that it answers one that was sent, is said by `ledger_sql`: only withdrawn allocations do.
    Hop.BNSP_BACK_TO_KONSORSIUM: HopRule(frozenset(), since(Status.ALLOCATED), since(Status.ALLOCATED)),
    Hop.BNSP_TO_LSP: HopRule(_OUT, _OUT, _AT_TUK, every_attempt=True),
    Hop.BNSP_TO_TUK: HopRule(_OUT, _OUT, _AT_TUK, every_attempt=True),
    Hop.TUK_TO_LSP: HopRule(since(Status.DECIDED), _TESTED, since(Status.DECIDED)),
    Hop.LSP_TO_BNSP: HopRule(since(Status.RESULT_SENT), since(Status.DECIDED), since(Status.EVALUATED)),
    Hop.BNSP_TO_RELAY: HopRule(since(Status.SENT_TO_BNP2TKI), since(Status.PUBLISHED), frozenset({Status.CLOSED})),
    Hop.RELAY_TO_BNP2TKI: HopRule(frozenset({Status.CLOSED}), since(Status.PUBLISHED), frozenset({Status.CLOSED})),
}
"""Hop -> its rule."""


class Naming:
    """Makes problems of what breaks an invariant, and counts on where one kind is too frequent on a hop to name everybody."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def name(self, hop: str, kind: str, row: Row, sentence: str | None = None) -> Iterator[Problem]:
        """Yield the problem of one row, which fills the sentence of its kind."""
        self._counts[hop, kind] += 1
        if self._counts[hop, kind] <= MOST_NAMED:
            text = SENTENCES[sentence or kind].format(**{**_said(row), "hop": label_of(hop)})
            yield Problem(hop, kind, str(row["tki_id"]), text)

    def more(self) -> Iterator[Problem]:
        """Yield what is to be said where more break an invariant than were named."""
        for (hop, kind), count in self._counts.items():
            if count > MOST_NAMED:
                text = f"{label_of(hop)}: lebih dari {MOST_NAMED} TKI seperti ini ({kind})."
                yield Problem(hop, MORE, None, text)


def problems_of_chain(db: sa.Connection) -> Iterator[Problem]:
    """Yield TKI who lack a line on a hop that they passed, or have two."""
    naming = Naming()
    attempts = _attempts(db)
    for hop, rule in HOPS.items():
        values = {"hop": hop.value, "most": MOST_NAMED + 1}
        lacking = many(db, _dropped(rule, attempts), must=sorted(rule.must), **values) if rule.must else []
        if hop in sql.ROW_WITHOUT_LINE:
            lacking += many(db, sql.ROW_WITHOUT_LINE[hop], **values)
        for row in lacking:
            yield from naming.name(hop.value, DROPPED, row)
    for row in many(db, sql.DOUBLED, most=len(Hop) * MOST_NAMED + 1):
        yield from naming.name(row["hop"], DOUBLED, row)
    yield from naming.more()


def problems_of_parts(db: sa.Connection) -> Iterator[Problem]:
    """Yield TKI whom the parts for the LSP, or for the TUK, lack or have beside the whole, or who stand in another's part (§12.8-12.9)."""
    naming = Naming()
    asked = ((DROPPED, sql.LACKS_A_PART), (UNFOUNDED, sql.PART_TOO_MANY), (WRONG_PLACE, sql.WRONG_PLACE))
    for hop, receiver in ((Hop.BNSP_TO_LSP, "LSP"), (Hop.BNSP_TO_TUK, "TUK")):
        for kind, statement in asked:
            for row in many(db, statement, hop=hop.value, kind=receiver, most=MOST_NAMED + 1):
                yield from naming.name(hop.value, kind, row)
    yield from naming.more()


def label_of(hop: str) -> str:
    """Return a hop as the screen calls it; what is no hop stands there as it is."""
    return HOP_LABELS[Hop(hop)] if hop in set(Hop) else f"jalur tidak dikenal {hop!r}"


def _said(row: Row) -> Row:
    status = row.get("status")
    label = LABELS[Status(status)] if status in set(Status) else status
    return {"detail": "", "batch_id": "-", "attempt_no": 1, **row, "status": label or "tidak ada"}


GONE, CHANGED = "GONE", "CHANGED"
SENTENCES = {
    DROPPED: "TKI {tki_id} (keadaan {status}, percobaan {attempt_no}) tidak punya baris pada {hop}.",
    GONE: "Data TKI {tki_id} yang diserahkan pada {hop}, kiriman {batch_id}, tidak ada lagi.",
    DOUBLED: "TKI {tki_id} tercatat {detail} kali pada {hop} untuk percobaan {attempt_no}: kiriman {batch_id}.",
    ALTERED: "Baris TKI {tki_id} pada {hop}, kiriman {batch_id}, berubah: {detail}.",
    CHANGED: "Data TKI {tki_id} kini lain dari yang diserahkan pada {hop}, kiriman {batch_id}.",
    UNFOUNDED: "TKI {tki_id} tercatat pada {hop}, kiriman {batch_id}, tanpa dasar: {detail}, keadaan {status}.",
    NOT_TAKEN_OVER: "TKI {tki_id} sudah {status}, tetapi penerima pada {hop} belum memuat kiriman {batch_id}.",
    WRONG_PLACE: "TKI {tki_id} ada dalam kiriman {batch_id} pada {hop}, padahal alokasinya ke {detail}.",
}
"""Kind, or what it is more exactly -> sentence."""


def _attempts(db: sa.Connection) -> int:
    (row,) = many(db, "select coalesce(max(attempt_no), 1) as attempts from posko.journey")
    return int(row["attempts"])


def _dropped(rule: HopRule, attempts: int) -> str:
    """Return the statement for TKI without a line: of their journey, or of each attempt that came so far."""
    if not rule.every_attempt:
        return sql.DROPPED
    numbers = " union all ".join(f"select {number} as attempt_no" for number in range(1, attempts + 1))
    return sql.DROPPED_OF_ATTEMPT.format(numbers=numbers)
