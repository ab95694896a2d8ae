"""The scoring form (Gambar 10): which units there are, and whether what was filled in scores each of them once (§13.7; R-130)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from posko.services.office import Tx

RESULTS = ("K", "BK")
"""Kompeten, belum kompeten."""
Scores = dict[int, dict[str, str]]
"""journey_id -> unit -> K or BK (or, of notes, a text)."""


def units_on(tx: Tx, session: Row) -> list[Row]:
    """Return the units of the session's scheme that were in force on the exam day, in their order.

    Raises:
        Refused: there is none, so nothing can be scored.
    """
    day = session["exam_on"]
    found = many(
        tx.db,
        "select unit_code, unit_title, position from posko.scheme_unit where scheme_code = :scheme"
        " and valid_from <= :day and (valid_until is null or valid_until >= :day) order by position, unit_code",
        scheme=session["scheme_code"],
        day=day,
    )
    if not found:
        raise refuse("NO_UNITS", scheme=session["scheme_code"], day=day)
    return found


def read_scores(value: object, units: list[str]) -> Scores:
    """Return scores of many candidates, checked; numbers of journeys may have become texts on their way through JSON.

    Raises:
        Refused: the shape is wrong, a candidate stands there twice, or a unit is missing, unknown or neither K nor BK.
    """
    if not isinstance(value, Mapping):
        raise refuse("SCORES_SHAPE")
    if not value:
        raise refuse("LIST_EMPTY", what="Daftar nilai")
    made: Scores = {}
    for key, results in value.items():
        number = _journey_number(key)
        if number in made:
            raise refuse("SCORES_TWICE", journey_id=number)
        made[number] = read_results(number, results, units)
    return made


def read_results(journey_id: int, value: object, units: list[str]) -> dict[str, str]:
    """Return the results of one candidate, each unit once.

    Raises:
        Refused: as `read_scores`.
    """
    if not isinstance(value, Mapping) or not all(isinstance(unit, str) for unit in value):
        raise refuse("SCORES_SHAPE")
    missing = [unit for unit in units if unit not in value]
    if missing or len(value) != len(units):
        problem = f"kurang {', '.join(missing[:5])}" if missing else "ada unit yang tidak dikenal"
        raise refuse("UNITS_DIFFER", journey_id=journey_id, problem=problem)
    if not all(isinstance(result, str) and result in RESULTS for result in value.values()):
        raise refuse("UNITS_DIFFER", journey_id=journey_id, problem="ada nilai selain K dan BK")
    return {unit: value[unit] for unit in units}


def read_notes(value: object, scores: Scores) -> Scores:
    """Return the notes beside the scores, journey_id -> unit -> text; None where nobody wrote any.

    Raises:
        Refused: a note on nobody who is scored, on no unit, or no plain text.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise refuse("SCORES_SHAPE")
    made: Scores = {}
    for key, by_unit in value.items():
        number = _journey_number(key)
        if number not in scores or number in made or not isinstance(by_unit, Mapping):
            raise refuse("SCORES_SHAPE")
        if not all(isinstance(unit, str) and unit in scores[number] for unit in by_unit):
            raise refuse("SCORES_SHAPE")
        made[number] = {unit: inputs.text(note, "Catatan") for unit, note in by_unit.items()}
    return made


def result_of(results: Mapping[str, str]) -> str:
    """Return the result of one candidate: kompeten only where each unit is."""
    return "K" if set(results.values()) == {"K"} else "BK"


def _journey_number(key: object) -> int:
    if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= len(str(inputs.LARGEST_ID)):
        key = int(key)
    return inputs.number(key, "Nomor peserta")
