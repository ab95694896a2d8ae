"""Rows of an enrolment under way: who is enrolled, which impressions wait, and that nothing of them stays (§6.1, §8.2; R-048, R-187)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services.rows import Row, change, many, one

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from posko.domain.proof import PersonKind
    from posko.services.office import Tx

OPEN, CAPTURED, CANCELLED, EXPIRED = "OPEN", "CAPTURED", "CANCELLED", "EXPIRED"
_TABLE = "posko_biometric.enrolment"
_IMPRESSIONS = "posko_biometric.enrolment_impression"
_COLUMNS = "enrolment_id, person_kind, person_id, finger_one, finger_two, is_supervised, state, opened_at, opened_by, expires_at"


def open_of(db: sa.Connection, kind: PersonKind, person_id: str, at: datetime, *, lock: bool = False) -> Row | None:
    """Return the enrolment under way of a person; None: there is none, or its time is over."""
    found = standing(db, kind, person_id, lock=lock)
    return found if found is not None and found["expires_at"] > at else None


def standing(db: sa.Connection, kind: PersonKind, person_id: str, *, lock: bool = False) -> Row | None:
    """Return the enrolment of a person that nobody closed, whether or not its time is over."""
    return one(
        db,
        f"select {_COLUMNS} from {_TABLE} where active_person = :person{' for update' if lock else ''}",
        person=f"{kind}:{person_id}",
    )


def newest_of(db: sa.Connection, kind: PersonKind, person_id: str) -> Row | None:
    """Return the newest enrolment of a person, however it stands."""
    return one(
        db,
        f"select {_COLUMNS} from {_TABLE} where person_kind = :kind and person_id = :person order by enrolment_id desc limit 1",
        kind=kind,
        person=person_id,
    )


def kept(db: sa.Connection, enrolment_id: int) -> list[Row]:
    """Return the impressions that wait, encrypted, by finger and number."""
    return many(
        db,
        "select impression_id, finger, seq, format, key_id, nonce, ciphertext, minutiae, quality, station_code, reader_kind,"
        f" reader_serial, taken_at from {_IMPRESSIONS} where enrolment_id = :id and state = 'KEPT' order by finger, seq",
        id=enrolment_id,
    )


def clear(db: sa.Connection, enrolment_id: int, finger: int | None = None) -> int:
    """Take the templates out of impressions, of one finger or of all; return how many waited."""
    return change(
        db,
        f"update {_IMPRESSIONS} set state = 'CLEARED', nonce = null, ciphertext = null"
        " where enrolment_id = :id and state = 'KEPT' and (:finger is null or finger = :finger)",
        id=enrolment_id,
        finger=finger,
    )


def sweep(tx: Tx) -> int:
    """End every enrolment whose time is over and clear its impressions, whoever began it; return how many."""
    over = many(
        tx.db,
        f"select enrolment_id from {_TABLE} where active_person is not null and expires_at <= :at order by enrolment_id limit 100",
        at=tx.at,
    )
    for row in over:
        _end(tx, int(row["enrolment_id"]), EXPIRED)
    return len(over)


def close(tx: Tx, kind: PersonKind, person_id: str, state: str) -> int | None:
    """End the enrolment under way of a person and clear its impressions; return its number, None where there is none."""
    found = standing(tx.db, kind, person_id, lock=True)
    if found is None:
        return None
    number = int(found["enrolment_id"])
    _end(tx, number, state)
    return number


def _end(tx: Tx, enrolment_id: int, state: str) -> None:
    clear(tx.db, enrolment_id)
    change(
        tx.db,
        f"update {_TABLE} set state = :state, closed_at = :at, closed_by = :by where enrolment_id = :id and state = 'OPEN'",
        state=state,
        at=tx.at,
        by=tx.person_id,
        id=enrolment_id,
    )


def supervise(db: sa.Connection, enrolment_id: int) -> None:
    """Mark that somebody answers for a low quality in this enrolment."""
    change(db, f"update {_TABLE} set is_supervised = 1 where enrolment_id = :id", id=enrolment_id)
