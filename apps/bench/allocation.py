"""`posko bench allocation`: the proposal against the optimum of the same problem (§12.5, §12.8).

The optimum is a min-cost flow: queues of interchangeable TKI on one side, seats of a TUK on an open day on
the other, a day of waiting as the cost, a TKI without a seat dearer than any wait. It may move everybody,
which the proposal may not (a later delivery never moves an earlier one): the ratio says what that costs.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa

from apps.cli import context
from apps.cli.screen import table
from posko.domain.errors import BadInput, ConfigurationError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

WAIT_COST = 100
"""Cost of one day of waiting; the place of the TUK in the rule (0-99) only decides between equal waits."""
UNPLACED_COST = 10_000_000
SeatDay = tuple[str, int]
"""TUK and day (proleptic ordinal)."""


@dataclass(frozen=True, slots=True)
class Group:
    """TKI who cannot be told apart by any rule of allocation."""

    members: int
    from_day: int
    until_day: int
    rule_code: str | None
    tie_key: int


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie of ownership that keeps the TKI of some groups away from a TUK or LSP."""

    body_kind: str
    body_code: str
    from_day: int
    until_day: int


@dataclass
class Problem:
    """Who waits, where each may go, and which seats there are."""

    groups: list[Group]
    rules: dict[str, list[str]]
    seats: dict[SeatDay, int]
    bodies: dict[SeatDay, list[str]]
    ties: dict[int, list[Tie]]
    days: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Order the open days of each TUK once."""
        days: dict[str, list[int]] = defaultdict(list)
        for tuk, day in sorted(self.seats):
            days[tuk].append(day)
        self.days = dict(days)

    @property
    def waiting(self) -> int:
        """TKI who need a seat."""
        return sum(group.members for group in self.groups)

    def choices(self, group: Group) -> Iterator[tuple[SeatDay, int]]:
        """Yield every seat that a member of the group may take, with the place of its TUK in the rule."""
        ties = self.ties.get(group.tie_key, ())
        for place, tuk in enumerate(self.rules.get(group.rule_code or "", ())):
            for day in self.days.get(tuk, ()):
                if group.from_day <= day <= group.until_day and self._is_untied((tuk, day), ties):
                    yield (tuk, day), place

    def _is_untied(self, seat: SeatDay, ties: list[Tie] | tuple[()]) -> bool:
        tuk, day = seat
        tied = {(tie.body_kind, tie.body_code) for tie in ties if tie.from_day <= day <= tie.until_day}
        if not tied:
            return True
        return ("TUK", tuk) not in tied and any(("LSP", lsp) not in tied for lsp in self.bodies[seat])


@dataclass(frozen=True, slots=True)
class Outcome:
    """One allocation of the whole problem."""

    waited_days: int
    taken: Counter[SeatDay]

    @property
    def placed(self) -> int:
        """TKI with a seat."""
        return self.taken.total()

    @property
    def mean_wait(self) -> float:
        """Mean days of waiting of those with a seat."""
        return self.waited_days / self.placed if self.placed else 0.0


def read_problem(db: sa.Connection) -> Problem:
    """Read groups, rule, seats and ties as the last `posko transform` left them."""
    groups = [
        Group(int(row[0]), _day(row[1]), _day(row[2]), row[3], int(row[4]))
        for row in db.execute(
            sa.text(
                "select sum(members), test_from_on, test_until_on, rule_code, tie_key"
                " from posko_model.int_allocation__queue group by 2, 3, 4, 5 order by 2, 3, 4, 5"
            )
        )
    ]
    rules: dict[str, list[str]] = defaultdict(list)
    rule_query = "select blkln_code, tuk_code from posko.blkln_tuk_rule order by blkln_code, priority"
    for blkln, tuk in db.execute(sa.text(rule_query)):
        rules[blkln].append(tuk)
    seats: dict[SeatDay, int] = {}
    bodies: dict[SeatDay, list[str]] = defaultdict(list)
    seat_query = "select tuk_code, open_on, capacity, lsp_code from posko_model.int_tuk__seat_day order by 1, 2, 4"
    for tuk, open_on, capacity, lsp in db.execute(sa.text(seat_query)):
        seats[tuk, _day(open_on)] = int(capacity)
        bodies[tuk, _day(open_on)].append(lsp)
    return Problem(groups, dict(rules), seats, dict(bodies), _read_ties(db))


def _read_ties(db: sa.Connection) -> dict[int, list[Tie]]:
    ties: dict[int, list[Tie]] = defaultdict(list)
    columns = "tie_key, body_kind, body_code, valid_from, valid_until"
    query = f"select distinct {columns} from posko_model.int_allocation__tie"
    for tie_key, kind, code, valid_from, valid_until in db.execute(sa.text(query)):
        ties[int(tie_key)].append(Tie(kind, code, _day(valid_from), _day(valid_until)))
    return dict(ties)


def read_proposal(db: sa.Connection) -> Outcome:
    """Read what dbt proposed."""
    taken: Counter[SeatDay] = Counter()
    waited = 0
    columns = "tuk_code, proposed_on, count(*), sum(waited_days)"
    query = f"select {columns} from posko_model.fct_tuk_proposal group by 1, 2"
    for tuk, proposed_on, count, days in db.execute(sa.text(query)):
        taken[tuk, _day(proposed_on)] = int(count)
        waited += int(days)
    return Outcome(waited, taken)


def _day(value: dt.date) -> int:
    return value.toordinal()


def solve(problem: Problem) -> Outcome:
    """Return an optimal allocation: most TKI placed, then fewest days waited, then the rule's order.

    Raises:
        ConfigurationError: the solver's library is not installed.
    """
    try:
        import numpy as np  # noqa: PLC0415 - a development requirement, like the solver
        from ortools.graph.python import min_cost_flow  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            "Pembanding alokasi memerlukan pustaka ortools. Pasang requirements/dev.txt, lalu ulangi."
        ) from error
    arcs, seat_of_node = _arcs(problem)
    columns = [np.array(column, dtype=np.int64) for column in zip(*arcs, strict=True)]
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(*columns)
    for node, group in enumerate(problem.groups):
        flow.set_node_supply(node, group.members)
    flow.set_node_supply(_sink(problem), -problem.waiting)
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("The min-cost flow of the allocation has no solution")
    taken: Counter[SeatDay] = Counter()
    waited = 0
    for number in range(flow.num_arcs()):
        units, seat = flow.flow(number), seat_of_node.get(flow.head(number))
        if units and seat and flow.tail(number) < len(problem.groups):
            taken[seat] += units
            waited += units * (seat[1] - problem.groups[flow.tail(number)].from_day)
    return Outcome(waited, taken)


def _sink(problem: Problem) -> int:
    return len(problem.groups) + len(problem.seats)


def _arcs(problem: Problem) -> tuple[list[tuple[int, int, int, int]], dict[int, SeatDay]]:
    """Return arcs (tail, head, capacity, cost): groups to seats, seats to sink, groups past all seats."""
    sink = _sink(problem)
    node_of = {seat: len(problem.groups) + number for number, seat in enumerate(problem.seats)}
    arcs = [(node_of[seat], sink, capacity, 0) for seat, capacity in problem.seats.items()]
    for node, group in enumerate(problem.groups):
        arcs.append((node, sink, group.members, UNPLACED_COST))
        for seat, place in problem.choices(group):
            cost = WAIT_COST * (seat[1] - group.from_day) + min(place, WAIT_COST - 1)
            arcs.append((node, node_of[seat], group.members, cost))
    return arcs, {node: seat for seat, node in node_of.items()}


def measures(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    """Return overload, lateness and balance of one allocation.

    `overload` counts TKI above the seats of a TUK on a day (all of them on a day that is not open);
    `max_over_mean` and `gini` compare the TUK that have any seat: 1 and 0 are perfect balance.
    """
    overload = sum(max(0, count - problem.seats.get(seat, 0)) for seat, count in outcome.taken.items())
    loads = dict.fromkeys(sorted(problem.days), 0)
    for (tuk, _), count in outcome.taken.items():
        loads[tuk] = loads.get(tuk, 0) + count
    mean = sum(loads.values()) / len(loads) if loads else 0
    return {
        "placed": outcome.placed,
        "unplaced": problem.waiting - outcome.placed,
        "overload": overload,
        "waited_days": outcome.waited_days,
        "mean_wait": round(outcome.mean_wait, 3),
        "max_over_mean": round(max(loads.values()) / mean, 3) if mean else 0.0,
        "gini": round(gini(list(loads.values())), 4),
    }


def gini(loads: list[int]) -> float:
    """Return the Gini coefficient of non-negative loads, 0 (equal) to nearly 1 (all at one)."""
    total = sum(loads)
    if not total:
        return 0.0
    weighted = sum(place * load for place, load in enumerate(sorted(loads), 1))
    return 2 * weighted / (len(loads) * total) - (len(loads) + 1) / len(loads)


def compare(db: sa.Connection) -> dict[str, Any]:
    """Return the measures of proposal and optimum, and their ratios; 1 is as good as possible."""
    problem = read_problem(db)
    if not problem.waiting:
        raise BadInput("Belum ada TKI layak yang menunggu tempat. Jalankan dulu: posko run")
    started = time.monotonic()
    optimum = measures(problem, solve(problem))
    seconds = time.monotonic() - started
    proposal = measures(problem, read_proposal(db))
    names = ("placed", "waited_days", "mean_wait", "max_over_mean", "gini")
    return {
        "waiting": problem.waiting,
        "groups": len(problem.groups),
        "seat_days": len(problem.seats),
        "proposal": proposal,
        "optimum": optimum,
        "ratio": {name: ratio(proposal[name], optimum[name]) for name in names},
        "solve_seconds": round(seconds, 2),
    }


def ratio(proposal: float, optimum: float) -> float | None:
    """Return proposal / optimum; 1 when both are nothing, none when only the optimum is."""
    if optimum:
        return round(proposal / optimum, 4)
    return None if proposal else 1.0


_LABELS = {
    "placed": "dapat tempat",
    "unplaced": "belum dapat tempat",
    "overload": "melebihi kapasitas",
    "waited_days": "jumlah hari tunggu",
    "mean_wait": "rata-rata hari tunggu",
    "max_over_mean": "beban tertinggi / rata-rata",
    "gini": "Gini beban TUK",
}


@click.command("allocation")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Bandingkan usulan alokasi dengan optimum masalah yang sama (aliran biaya minimum)."""
    with context.app_connection() as db:
        result = compare(db)
    if as_json:
        click.echo(json.dumps(result))
        return
    rows = []
    for name, label in _LABELS.items():
        shown = result["ratio"].get(name)
        values = [str(result[side][name]) for side in ("proposal", "optimum")]
        rows.append([label, *values, "" if shown is None else f"{shown:.3f}"])
    title = f"Alokasi {result['waiting']} TKI dalam {result['groups']} kelompok"
    table(title, ["ukuran", "usulan", "optimum", "rasio"], rows, numeric=(1, 2, 3))
