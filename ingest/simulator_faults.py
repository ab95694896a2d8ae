"""Planted faults: which rows carry exactly one fault, of which kind, and what must become of them (§3.1).

A fault changes the facts of a person before her row is written (so that her NIK and BLKLN certificate number
agree with what is left untouched, and no second rule fires), or one text of the finished row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.simulator_fault_texts import TEXT_FAULTS, TextFault
from ingest.simulator_people import Person, Plan, mdy, respelled
from ingest.simulator_registers import EXPIRED_BLKLN, SMALL_BLKLN, UNKNOWN_BLKLN, dice

if TYPE_CHECKING:
    from random import Random

FactsFault = Callable[[Person, Plan], Person]
PairFault = Callable[[Person, Person], Person]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at one row; `partner` is the other row of a pair that only together breaks a rule."""

    kind: str
    expected: str
    partner: int | None = None
    is_second: bool = False


def _too_short(person: Person, _: Plan) -> Person:
    # Fewer hours in the certificate number too, so that the days are wrong and the hours a day are not.
    days = min(person.hours // 10 - 2, 18)
    return replace(person, entered=person.left - days + 1, hours=days * 8)


def _too_dense(person: Person, _: Plan) -> Person:
    days = person.left - person.entered + 1
    return replace(person, hours=min(days * 12, 990))


def _certified_before_exit(person: Person, _: Plan) -> Person:
    return replace(person, certified=person.left - 2)


def _young(person: Person, plan: Plan) -> Person:
    # Her age counts on the day of the test, which comes after this delivery however old her training is.
    return replace(person, born=plan.last - 19 * 365)


def _crowded(person: Person, plan: Plan) -> Person:
    left = plan.last - 12
    entered = left - (person.left - person.entered)
    return replace(person, blkln_code=SMALL_BLKLN, left=left, entered=entered, certified=left + 1)


def _closed_country(person: Person, _: Plan) -> Person:
    # The long course of the hardest destination satisfies the dated hours of a closed one too.
    return replace(person, destination="SAUDI ARABIA", entered=person.left + 1 - 52, hours=400)


def _at(code: str) -> FactsFault:
    return lambda person, _: replace(person, blkln_code=code)


FACTS_FAULTS: dict[str, tuple[str, FactsFault]] = {
    "certified_before_exit": ("held_back:DV-E02", _certified_before_exit),
    "training_too_short": ("finding:DV-E03", _too_short),
    "training_too_dense": ("finding:DV-E04", _too_dense),
    "blkln_unknown": ("held_back:DV-E05", _at(UNKNOWN_BLKLN)),
    "blkln_expired": ("held_back:DV-E05", _at(EXPIRED_BLKLN)),
    "blkln_over_capacity": ("blkln_finding:DV-E08", _crowded),
    "under_21": ("held_back:DV-E09", _young),
    "destination_closed": ("finding:DV-E10", _closed_country),
}
"""Kind -> what must become of the row, and the change to the person's facts."""


def _same_training(person: Person, other: Person) -> Person:
    # Born early enough to have been of age when the other was trained, so that only the pair is wrong.
    return replace(
        person,
        born=min(person.born, other.born),
        entered=other.entered,
        left=other.left,
        certified=other.certified,
        hours=other.hours,
        destination=other.destination,
        blkln_code=other.blkln_code,
    )


def _same_certificate(person: Person, other: Person) -> Person:
    return replace(_same_training(person, other), serial=other.serial)


def _same_nik(person: Person, other: Person) -> Person:
    return replace(_same_training(person, other), born=other.born, female=other.female)


def _same_human(person: Person, other: Person) -> Person:
    return replace(respelled(other), number=person.number, tki_id=person.tki_id, serial=person.serial)


PAIR_FAULTS: dict[str, tuple[str, PairFault]] = {
    "blkln_certificate_twice": ("finding:DV-E07", _same_certificate),
    "nik_twice": ("finding:DV-I03", _same_nik),
    "person_twice": ("finding:DV-I04", _same_human),
}
"""Kind -> what must become of both rows, and how the second is made like the first."""

_REPEAT_RULES = 3
"""Rule faults are this much more frequent than typing faults."""


def place_faults(plan: Plan, share: float) -> dict[int, Fault]:
    """Return number -> fault for a share of the rows; every kind comes up before one repeats.

    Args:
        plan: of the simulation.
        share: part of the rows that carries a fault, 0 to 1.
    """
    rng = dice(plan.seed, "faults")
    numbers = rng.sample(range(plan.tki - 1), min(round(plan.tki * share), plan.tki - 1))
    placed: dict[int, Fault] = {}
    once: set[str] = set()
    while numbers:
        for kind, expected in _one_round(rng):
            if not numbers:
                break
            _place(placed, numbers, kind, expected, once)
    return placed


def _one_round(rng: Random) -> list[tuple[str, str]]:
    rules = [(kind, fault[0]) for kind, fault in (FACTS_FAULTS | PAIR_FAULTS).items()]
    rules += [(kind, fault.expected) for kind, fault in TEXT_FAULTS.items() if fault.is_rule]
    texts = [(kind, fault.expected) for kind, fault in TEXT_FAULTS.items() if not fault.is_rule]
    first = rules + texts
    again = rules * (_REPEAT_RULES - 1)
    rng.shuffle(first)
    rng.shuffle(again)
    return first + again


def _place(placed: dict[int, Fault], numbers: list[int], kind: str, expected: str, once: set[str]) -> None:
    if kind in once:
        return
    if kind in TEXT_FAULTS and TEXT_FAULTS[kind].only_once:
        once.add(kind)
    if kind not in PAIR_FAULTS:
        placed[numbers.pop()] = Fault(kind, expected)
    elif len(numbers) >= 2:
        first, second = numbers.pop(), numbers.pop()
        placed[first] = Fault(kind, expected, partner=second)
        placed[second] = Fault(kind, expected, partner=first, is_second=True)


def faulty_row(plan: Plan, number: int, fault: Fault) -> list[str | None]:
    """Return the row of the n-th person with its fault in it."""
    person = plan.person(number)
    if fault.is_second and fault.partner is not None:
        return _second_row(plan, person, plan.person(fault.partner), fault.kind)
    if fault.kind in FACTS_FAULTS:
        return plan.row(FACTS_FAULTS[fault.kind][1](person, plan))
    row = plan.row(person)
    if fault.kind in TEXT_FAULTS:
        _apply_text(TEXT_FAULTS[fault.kind], person, plan, row)
    return row


def _second_row(plan: Plan, person: Person, other: Person, kind: str) -> list[str | None]:
    row = plan.row(PAIR_FAULTS[kind][1](person, other))
    if kind == "nik_twice":
        row[6] = plan.row(other)[6]
    return row


def _apply_text(fault: TextFault, person: Person, plan: Plan, row: list[str | None]) -> None:
    row[fault.column] = fault.text(person, mdy(plan.today.toordinal() + 200), row[fault.column] or "")
