"""Dated parameters: each act is judged by the value of its day (F44, R-028; requirements section 9.2).

A value is never changed: a new one begins on a day of its own, today or later, set by two persons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.parameters import DEFAULTS
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.proofs import second_person
from posko.services.rows import Row, add, many

if TYPE_CHECKING:
    from posko.services.office import Tx

__all__ = ["history", "in_force", "is_known", "limits_of", "number_on", "set_parameter"]

ENTITY = "parameter"
MOST = 100_000
LIMITS = {
    "payment_gate": (0, 1),
    "proof_minutes": (1, 60),
    "attendance_tries": (1, 20),
    "asesor_per_day": (1, 1_000),
    "certificate_years": (1, 50),
    "balance_max_to_mean_percent": (100, MOST),
    "balance_least_mean": (1, MOST),
    "verification_window_minutes": (1, 1_440),
    "verification_tries_number": (1, 100),
    "verification_tries_source": (1, 100),
    "login_failures": (1, 100),
    "login_window_minutes": (1, 1_440),
    "login_lock_minutes": (1, 1_440),
    "session_idle_minutes": (1, 480),
    "session_hours": (1, 24),
    "tuk_silent_minutes": (1, 1_440),
    "station_silent_minutes": (1, 1_440),
    "surveillance_visits": (1, 1_000),
    "surveillance_base": (1, 10_000),
}
"""Name -> least and most; for all others 0 and `MOST`. Zero tries or minutes would lock everybody out, or let everybody in."""


@act("parameter.set", Command.CHANGE_PARAMETER)
def set_parameter(
    tx: Tx, *, name: str, valid_from: object, value: int, reason: str, second: object, seen: int | None = None
) -> Row:
    """Set a parameter from a day on, by two persons.

    Args:
        tx: the act.
        name: one of `DEFAULTS`.
        valid_from: first day in Indonesia; today or later.
        value: a whole number within its limits.
        reason: why.
        second: the finger of the second person.
        seen: the value that the form showed for that day when it opened; None: nobody looked.

    Raises:
        Refused: unknown name, a value out of its limits, a day in the past or one that has a value, no second person, or the value
            of that day is no longer the one that was seen.
    """
    tx.about(ENTITY, name if is_known(name) else "-")
    tx.permit()
    if not is_known(name):
        raise refuse("UNKNOWN_PARAMETER")
    why, first = inputs.reason(reason), inputs.day(valid_from, "Tanggal mulai")
    least, most = limits_of(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise refuse("PARAMETER_RANGE", name=name, least=least, most=most)
    if first < local_day(tx.at):
        raise refuse("DATE_PAST", what="Tanggal mulai")
    seconded_by = second_person(tx, second, Command.CHANGE_PARAMETER)
    before = number_on(tx.db, name, first)
    if seen is not None and seen != before:
        raise refuse("CHANGED_MEANWHILE")
    row = {"parameter_name": name, "valid_from": first, "value": str(value), "reason": why, "set_at": tx.at}
    try:
        with tx.db.begin_nested():
            add(tx.db, "parameter", {**row, "set_by": tx.person_id, "seconded_by": seconded_by})
    except sa.exc.IntegrityError as error:
        raise refuse("PARAMETER_SET", name=name, day=first.isoformat()) from error
    told = {"valid_from": first.isoformat(), "before": before, "after": value, "reason": why, "second": seconded_by}
    tx.record(ENTITY, name, told)
    return {"name": name, "valid_from": first.isoformat(), "before": before, "after": value}


@act("parameter.in_force", Command.CHANGE_PARAMETER)
def in_force(tx: Tx, *, day: object) -> dict[str, Row]:
    """Return name -> value, unit, first day (None: the default) and source of every parameter on a day.

    Raises:
        Refused: it is no day.
    """
    tx.permit(how=Act.READ)
    wanted = inputs.day(day, "Tanggal")
    found = {
        row["parameter_name"]: row
        for row in many(
            tx.db,
            "select parameter_name, value, valid_from, reason from posko.parameter where valid_from <= :day order by valid_from",
            day=wanted,
        )
    }
    tx.record(ENTITY, "*", {"day": wanted.isoformat(), "set": len(found)})
    return {
        name: {
            "value": int(found[name]["value"]) if name in found else default.value,
            "unit": default.unit,
            "valid_from": found[name]["valid_from"].isoformat() if name in found else None,
            "source": found[name]["reason"] if name in found else default.source,
        }
        for name, default in DEFAULTS.items()
    }


@act("parameter.history", Command.CHANGE_PARAMETER)
def history(tx: Tx, *, name: str) -> list[Row]:
    """Return every value of a parameter that was ever set, the newest day first, with both persons; days and times as ISO texts.

    Raises:
        Refused: there is no such parameter.
    """
    tx.about(ENTITY, name if is_known(name) else "-")
    tx.permit(how=Act.READ)
    if not is_known(name):
        raise refuse("UNKNOWN_PARAMETER")
    found = many(
        tx.db,
        "select valid_from, value, reason, set_by, seconded_by, set_at from posko.parameter where parameter_name = :name"
        " order by valid_from desc",
        name=name,
    )
    tx.record(ENTITY, name, {"rows": len(found)})
    return [
        {
            **row,
            "value": int(row["value"]),
            "valid_from": row["valid_from"].isoformat(),
            "set_at": row["set_at"].isoformat(),
        }
        for row in found
    ]


def limits_of(name: str) -> tuple[int, int]:
    """Return the least and the most that a parameter may be."""
    return LIMITS.get(name, (0, MOST))


def is_known(name: object) -> bool:
    """Return whether there is a parameter of this name."""
    return isinstance(name, str) and name in DEFAULTS
