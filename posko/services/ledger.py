"""The hand-off ledger held against all other tables: nobody lost, doubled or altered on any hop (F08, R-001, R-101, R-105, R-182, DV-A11).

    with snapshot(engine) as db:
        report = check(db)

`check` reads only. Its invariants stand in `ledger_rules` (over many lines), `ledger_lines` (each line), `ledger_batches` and
`ledger_totals` (end to end).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.db.snapshot import snapshot
from posko.domain.handoff import HOP_LABELS, Hop
from posko.domain.matrix import Command
from posko.services.ledger_batches import problems_of_batches
from posko.services.ledger_lines import problems_of_lines
from posko.services.ledger_rules import MOST_NAMED, Problem, problems_of_chain, problems_of_parts
from posko.services.ledger_totals import UNEXPLAINED, Totals, totals, unexplained
from posko.services.office import act
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from posko.services.office import Tx

__all__ = ["HopCount", "LedgerReport", "Problem", "Totals", "check", "look", "totals"]

SHOWN = 200
"""Problems that a screen gets; the report has all."""

_HOPS = """
select batch.hop, count(*) as batches, sum(batch.row_count) as sent,
    sum(coalesce(batch.received_count, 0)) as received, sum(if(batch.received_at is null, batch.row_count, 0)) as in_transit
from posko.handoff_batch as batch
group by batch.hop
"""
_LINES = """
select hop, sum(status = 'LOADED') as loaded, sum(status = 'REJECTED') as rejected
from posko.handoff_line
group by hop
"""
_WAITING = """
select batch_id, hop, sender, receiver, row_count, sent_at from posko.handoff_batch where loaded_at is null order by batch_id limit :most
"""


@dataclass(frozen=True, slots=True)
class HopCount:
    """What went over one hop, in TKI: sent and received as the batches say, loaded and rejected as the lines do."""

    hop: str
    label: str
    batches: int
    sent: int
    received: int
    loaded: int
    rejected: int
    in_transit: int

    def as_dict(self) -> dict[str, Any]:
        """Return what survives JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True)
class LedgerReport:
    """What the ledger shows: hops, batches that nobody confirmed yet, everybody by state, and what does not hold."""

    hops: list[HopCount]
    waiting: list[Row]
    totals: Totals
    problems: list[Problem]

    @property
    def is_clean(self) -> bool:
        """Whether every invariant holds."""
        return not self.problems

    @property
    def named(self) -> list[str]:
        """The TKI whom the problems name."""
        return sorted({problem.tki_id for problem in self.problems if problem.tki_id is not None})

    def as_dict(self, most: int | None = None) -> dict[str, Any]:
        """Return what survives JSON; `most` problems at most."""
        return {
            "clean": self.is_clean,
            "hops": [hop.as_dict() for hop in self.hops],
            "waiting": [{**row, "sent_at": row["sent_at"].isoformat()} for row in self.waiting],
            "totals": self.totals.as_dict(),
            "problem_count": len(self.problems),
            "problems": [problem.as_dict() for problem in self.problems[:most]],
        }


def check(db: sa.Connection) -> LedgerReport:
    """Check the whole ledger; read inside `snapshot` while others work.

    Args:
        db: open connection that may read all four schemas.
    """
    problems = [*problems_of_chain(db), *problems_of_parts(db), *problems_of_batches(db), *problems_of_lines(db)]
    made = totals(db)
    problems += _unexplained(db, made)
    return LedgerReport(_hops(db), many(db, _WAITING, most=MOST_NAMED), made, _once(problems))


@act("ledger.check", Command.READ_LOG)
def look(tx: Tx) -> dict[str, Any]:
    """Check the ledger for a screen, in a snapshot of its own; the answer holds at most 200 problems."""
    tx.about("ledger", "*")
    tx.permit()
    with snapshot(tx.desk.office.engine) as db:
        report = check(db)
    tx.record("ledger", "*", {"problems": len(report.problems), "unexplained": report.totals.unexplained})
    return report.as_dict(SHOWN)


def _unexplained(db: sa.Connection, made: Totals) -> Iterator[Problem]:
    if not made.unexplained:
        return
    hop = Hop.BNP2TKI_TO_RELAY.value
    yield Problem(
        hop,
        UNEXPLAINED,
        None,
        f"{made.unexplained} TKI tidak terjelaskan: jumlah menurut keadaan bukan jumlah yang diterima.",
    )
    for tki_id in unexplained(db, MOST_NAMED):
        sentence = f"TKI {tki_id} diterima dari BNP2TKI dan sudah disaring, tetapi tidak ada di mana pun."
        yield Problem(hop, UNEXPLAINED, tki_id, sentence)


def _hops(db: sa.Connection) -> list[HopCount]:
    batches = {row["hop"]: row for row in many(db, _HOPS)}
    lines = {row["hop"]: row for row in many(db, _LINES)}
    counted = ("batches", "sent", "received", "in_transit")
    made = []
    for hop in Hop:
        of_batches, of_lines = batches.get(hop.value, {}), lines.get(hop.value, {})
        numbers = {name: int(of_batches.get(name) or 0) for name in counted}
        numbers |= {name: int(of_lines.get(name) or 0) for name in ("loaded", "rejected")}
        made.append(HopCount(hop.value, HOP_LABELS[hop], **numbers))
    return made


def _once(problems: list[Problem]) -> list[Problem]:
    """Return the problems without those that say the same of the same TKI on the same hop again."""
    seen, kept = set(), []
    for problem in problems:
        what = (problem.hop, problem.kind, problem.tki_id or problem.sentence)
        if what not in seen:
            seen.add(what)
            kept.append(problem)
    return kept
