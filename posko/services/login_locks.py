"""Locks of sign-in: after so many rejections in a window, an identification number or a station answers no more for a while (R-047, R-049).

The two rows are locked before a finger is judged, the person's before the station's, so any number of tries at once is judged
one after another, and exactly as many as the parameter allows. All stations that nobody registered share one row and lock no
number, or whoever invents stations could lock everybody out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.services import deviation_register
from posko.services.parameter_values import number_on
from posko.services.rows import Row, change, one

if TYPE_CHECKING:
    from posko.services.office import Tx

KINDS = ("PERSON", "STATION")
"""In the order in which their rows are locked."""
RULE = "DV-X02"
STRANGER = "?"
"""Subject of all stations that are not registered, or not in force."""


@dataclass(frozen=True)
class Locks:
    """The two rows of one attempt, locked until it ends, and the limits of its day."""

    rows: dict[str, Row]
    most: int
    window: timedelta
    pause: timedelta

    def is_closed(self, tx: Tx) -> bool:
        """Return whether the number or the station is locked now."""
        return any(row["locked_until"] is not None and row["locked_until"] > tx.at for row in self.rows.values())


def take(tx: Tx, *, number: str, station: str) -> Locks:
    """Lock the rows of a number and a station, made if there are none."""
    today = local_day(tx.at)
    known = one(
        tx.db,
        "select station_code from posko.station where station_code = :code and valid_from <= :day"
        " and (valid_until is null or valid_until >= :day)",
        code=station,
        day=today,
    )
    rows: dict[str, Row] = {}
    for kind, subject in zip(KINDS, (number, station if known else STRANGER), strict=True):
        tx.db.execute(
            sa.text(
                "insert into posko.login_lock (subject_kind, subject, failures, window_began_at)"
                " values (:kind, :subject, 0, :at) on duplicate key update failures = failures"
            ),
            {"kind": kind, "subject": subject, "at": tx.at},
        )
        found = one(
            tx.db,
            "select subject_kind, subject, failures, window_began_at, locked_until from posko.login_lock"
            " where subject_kind = :kind and subject = :subject for update",
            kind=kind,
            subject=subject,
        )
        if found is None:
            raise RuntimeError("a row of login_lock is gone while it is locked")
        rows[kind] = found
    return Locks(
        rows,
        number_on(tx.db, "login_failures", today),
        timedelta(minutes=number_on(tx.db, "login_window_minutes", today)),
        timedelta(minutes=number_on(tx.db, "login_lock_minutes", today)),
    )


def count_failure(tx: Tx, locks: Locks, *, is_known: bool) -> list[str]:
    """Count one judged rejection on both rows; return which of them are locked by it."""
    closed: list[str] = []
    for kind, row in locks.rows.items():
        if kind == "PERSON" and locks.rows["STATION"]["subject"] == STRANGER:
            _keep(tx, row)
            continue
        is_fresh = row["window_began_at"] + locks.window > tx.at and row["locked_until"] is None
        failures = int(row["failures"]) + 1 if is_fresh else 1
        until = tx.at + locks.pause if failures >= locks.most else None
        _write(tx, row, failures, row["window_began_at"] if is_fresh and row["failures"] else tx.at, until)
        if until is not None:
            closed.append(kind)
            _note(tx, locks, kind, row["subject"], is_known=is_known)
    return closed


def keep(tx: Tx, locks: Locks) -> None:
    """Write both rows as they are: a locked attempt costs what a judged one costs, and counts nothing."""
    for row in locks.rows.values():
        _keep(tx, row)


def forget_failures(tx: Tx, locks: Locks) -> None:
    """Begin anew for the number whose finger was proven; the station keeps its count, or one honest finger would hide many others."""
    _write(tx, locks.rows["PERSON"], 0, tx.at, None)


def _keep(tx: Tx, row: Row) -> None:
    _write(tx, row, int(row["failures"]), row["window_began_at"], row["locked_until"])


def _write(tx: Tx, row: Row, failures: int, began: object, until: object) -> None:
    change(
        tx.db,
        "update posko.login_lock set failures = :failures, window_began_at = :began, locked_until = :until"
        " where subject_kind = :kind and subject = :subject",
        failures=failures,
        began=began,
        until=until,
        kind=row["subject_kind"],
        subject=row["subject"],
    )


def _note(tx: Tx, locks: Locks, kind: str, subject: str, *, is_known: bool) -> None:
    ids = 1
    if kind == "STATION":
        found = one(
            tx.db,
            "select count(distinct id_as_typed) as ids from posko.login_attempt"
            " where (station_code = :station or (:station = :stranger and outcome = 'UNKNOWN_STATION'))"
            " and attempted_at > :since and outcome <> 'OK'",
            station=subject,
            stranger=STRANGER,
            since=tx.at - locks.window,
        )
        ids = int(found["ids"]) if found else 0
    cause = "many_ids" if ids > 1 else "repeated" if is_known else "unknown_id"
    told = {"cause": cause, "locked": kind, "failures": locks.most, "ids": ids, "act": tx.meta.name}
    deviation_register.note(
        tx, RULE, told, mode="P", subject_kind="staff" if kind == "PERSON" else "station", subject_code=subject
    )
