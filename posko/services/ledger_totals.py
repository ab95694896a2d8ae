"""End to end: whoever BNP2TKI delivered stands in exactly one state, and nobody is unexplained (R-001, R-182; requirements 8.3 no. 1).

received = closed with certificate + closed without + absent + turned away + held back + quarantined + still on the way. Quarantined
rows are counted by the delivery that brought them, everybody else by the delivery that first brought her.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.status import LABELS, Status
from posko.services.rows import many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

CERTIFIED, NOT_PASSED = "CLOSED_CERTIFIED", "CLOSED_NOT_PASSED"
QUARANTINED, UNEXPLAINED = "QUARANTINED", "UNEXPLAINED"

STATE_LABELS: Mapping[str, str] = {
    CERTIFIED: "selesai, bersertifikat",
    NOT_PASSED: "selesai, tidak lulus",
    QUARANTINED: "KARANTINA",
    UNEXPLAINED: "TIDAK TERJELASKAN",
    **{state.value: label for state, label in LABELS.items()},
}
"""State in the table -> label on the screen."""
ENDS: Mapping[str, frozenset[str]] = {
    "lulus": frozenset({CERTIFIED}),
    "tidak lulus": frozenset({NOT_PASSED}),
    "tidak hadir": frozenset({Status.ABSENT.value}),
    "ditolak TUK": frozenset({Status.TURNED_AWAY_NO_MATCH.value, Status.TURNED_AWAY_NOT_REGISTERED.value}),
    "ditolak filter": frozenset({Status.HELD_BACK.value}),
    "karantina": frozenset({QUARANTINED}),
    "tanpa keterangan": frozenset({UNEXPLAINED}),
}
"""What may have become of a TKI of a delivery -> states; whoever is in none of them is on her way."""
ON_THE_WAY = "di jalan"
_ORDER = (
    *(state.value for state in Status if state is not Status.CLOSED),
    CERTIFIED,
    NOT_PASSED,
    QUARANTINED,
    UNEXPLAINED,
)
_MODEL = ("fct_tki_eligible", "fct_tki_held_back")

# A TKI counts with her newest journey. Whoever is newer than everything that the filter has seen still waits for it.
_STATES = """
select told.batch_id, told.state, count(*) as tki
from (select staged.first_batch_id as batch_id, {state} as state from posko_staging.tki_tlrt as staged {joins}) as told
group by told.batch_id, told.state
"""
_STATE = """case
    when journey.status = 'CLOSED' and certificate.certificate_id is not null then 'CLOSED_CERTIFIED'
    when journey.status = 'CLOSED' then 'CLOSED_NOT_PASSED'
    when journey.status is not null then journey.status
    {filtered}
    end"""
_FILTERED = """when exists (select 1 from posko_model.fct_tki_held_back as held where held.tki_id = staged.id_tki) then 'HELD_BACK'
    when exists (select 1 from posko_model.fct_tki_eligible as eligible where eligible.tki_id = staged.id_tki) then 'ELIGIBLE'
    when staged.first_batch_id > {newest} then 'RECEIVED'
    else 'UNEXPLAINED'"""
_JOINS = """left join (select tki_id, max(journey_id) as journey_id from posko.journey group by tki_id) as newest
    on newest.tki_id = staged.id_tki
left join posko.journey as journey on journey.journey_id = newest.journey_id
left join posko.certificate as certificate on certificate.journey_id = journey.journey_id"""
_UNEXPLAINED = """
select told.tki_id
from (select staged.id_tki as tki_id, {state} as state from posko_staging.tki_tlrt as staged {joins}) as told
where told.state = 'UNEXPLAINED' order by told.tki_id limit :most
"""
_GONE = """
select journey.tki_id from posko.journey as journey
where not exists (select 1 from posko_staging.tki_tlrt as staged where staged.id_tki = journey.tki_id)
group by journey.tki_id
"""


@dataclass(frozen=True)
class Totals:
    """How many TKI of each delivery stand in each state.

    `counts`: (delivery, state) -> TKI; `staged` and `quarantined` are counted apart from them. `withdrawn` are TKI with a journey whom
    BNP2TKI has since taken out of its table: they are not received any more and stand in no delivery.
    """

    counts: Mapping[tuple[int, str], int]
    staged: int
    quarantined: int
    withdrawn: int

    @property
    def by_state(self) -> dict[str, int]:
        """State -> TKI, in the order of the way."""
        sums: Counter[str] = Counter()
        for (_, state), count in self.counts.items():
            sums[state] += count
        return {state: sums[state] for state in sorted(sums, key=_place)}

    @property
    def unexplained(self) -> int:
        """TKI in no state, and what the sum over the states lacks of what was received."""
        return self.by_state.get(UNEXPLAINED, 0) + abs(self.staged + self.quarantined - sum(self.counts.values()))

    @property
    def by_batch(self) -> dict[int, dict[str, int]]:
        """Delivery -> what became of its TKI -> TKI; oldest first."""
        found: dict[int, dict[str, int]] = {}
        for (batch_id, state), count in sorted(self.counts.items()):
            row = found.setdefault(batch_id, {**dict.fromkeys(ENDS, 0), ON_THE_WAY: 0})
            row[next((name for name, states in ENDS.items() if state in states), ON_THE_WAY)] += count
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return what survives JSON."""
        batches: dict[str, dict[str, int]] = {}
        for (batch_id, state), count in sorted(self.counts.items(), key=lambda item: (item[0][0], _place(item[0][1]))):
            batches.setdefault(str(batch_id), {})[state] = count
        return {
            "received": self.staged + self.quarantined,
            "staged": self.staged,
            "quarantined": self.quarantined,
            "withdrawn": self.withdrawn,
            "unexplained": self.unexplained,
            "by_state": self.by_state,
            "by_batch": batches,
        }


def totals(db: sa.Connection) -> Totals:
    """Count everybody whom BNP2TKI delivered, by delivery and state."""
    asked = _STATES.format(state=_state(db), joins=_JOINS)
    counts = {(int(row["batch_id"]), str(row["state"])): int(row["tki"]) for row in many(db, asked)}
    waiting = many(
        db,
        "select batch_id, count(*) as sent from posko_staging.quarantine"
        " where source_table = 'tki_tlrt' and resolved_at is null group by batch_id",
    )
    counts |= {(int(row["batch_id"]), QUARANTINED): int(row["sent"]) for row in waiting}
    return Totals(
        counts,
        staged=_count(db, "posko_staging.tki_tlrt"),
        quarantined=sum(int(row["sent"]) for row in waiting),
        withdrawn=_count(db, f"({_GONE}) as gone"),
    )


def unexplained(db: sa.Connection, most: int) -> list[str]:
    """Return TKI who were delivered, filtered, and stand nowhere."""
    asked = _UNEXPLAINED.format(state=_state(db), joins=_JOINS)
    return [str(row["tki_id"]) for row in many(db, asked, most=most)]


def _state(db: sa.Connection) -> str:
    """Return the expression for the state; before the first run of the filter nobody can have passed it."""
    found = many(
        db,
        "select table_name from information_schema.tables where table_schema = 'posko_model' and table_name in :names",
        names=list(_MODEL),
    )
    if len(found) < len(_MODEL):
        return _STATE.format(filtered="else 'RECEIVED'")
    newest = [
        many(db, f"select coalesce(max(model.first_batch_id), 0) as newest from posko_model.{name} as model")[0][
            "newest"
        ]
        for name in _MODEL
    ]
    return _STATE.format(filtered=_FILTERED.format(newest=int(max(newest))))


def _count(db: sa.Connection, rows: str) -> int:
    found = one(db, f"select count(*) as tki from {rows}")
    return int(found["tki"]) if found else 0


def _place(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)
