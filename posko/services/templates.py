"""Sets of templates: PENDING, in force with the first proof, replaced with history, never deleted (§6.1, §8.2; R-026, R-048, R-187).

A set is one version of one person's fingers. `biometrics` takes the impressions, judges and encrypts them; what is refused here is what
it found. Nobody can open a template here, and no row of it ever leaves `posko_biometric`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.refusals import refuse
from posko.services.rows import Row, add_many, chunks, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posko.domain.proof import FingerProof, PersonKind
    from posko.services.finger_attempts import Attempt
    from posko.services.office import Tx

ENTITY = "finger_set"
PENDING, ACTIVE, RETIRED = "PENDING", "ACTIVE", "RETIRED"
FROM_BNP2TKI, FROM_ENROLMENT = "BNP2TKI", "ENROLMENT"
_TABLE = "posko_biometric.finger_template"
_MINE = "person_kind = :kind and person_id = :person"


@dataclass(frozen=True, slots=True)
class SealedTemplate:
    """One encrypted impression; `finger` 0-10 (ISO/IEC 19794-2), `quality` 0-100 or None: not measured."""

    finger: int
    seq: int
    format: str
    key_id: str
    nonce: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)
    minutiae: int
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Captured:
    """What was taken of one person at one reader: the set to be, every sample, and what is wrong with it.

    `version` is the number that the ciphertexts are bound to. `problem` is a code of the catalogue, or None; `told` what the log
    holds of it.
    """

    version: int
    templates: tuple[SealedTemplate, ...]
    attempts: tuple[Attempt, ...]
    station_code: str
    reader_kind: str
    reader_serial: str
    taken_at: datetime
    is_supervised: bool = False
    problem: str | None = None
    told: dict[str, Any] = field(default_factory=dict)


def rows_of(db: sa.Connection, kind: PersonKind, person_id: str, state: str = ACTIVE) -> list[Row]:
    """Return the encrypted impressions of a person in one state, by finger and number."""
    return many(
        db,
        f"select template_id, person_kind, person_id, version, finger, seq, format, key_id, nonce, ciphertext, quality, minutiae"
        f" from {_TABLE} where {_MINE} and state = :state order by version desc, finger, seq",
        kind=kind,
        person=person_id,
        state=state,
    )


def version_in_force(db: sa.Connection, kind: PersonKind, person_id: str) -> int | None:
    """Return the version of a person's set in force; None: she has none."""
    found = one(
        db,
        f"select max(version) as version from {_TABLE} where {_MINE} and state = 'ACTIVE'",
        kind=kind,
        person=person_id,
    )
    return None if found is None or found["version"] is None else int(found["version"])


def fingers_in_force(db: sa.Connection, kind: PersonKind, person_id: str) -> int:
    """Return how many different fingers a person's set in force has."""
    found = one(
        db,
        f"select count(distinct finger) as fingers from {_TABLE} where {_MINE} and state = 'ACTIVE'",
        kind=kind,
        person=person_id,
    )
    return int(found["fingers"]) if found else 0


def next_version(db: sa.Connection, kind: PersonKind, person_id: str) -> int:
    """Return the number of the set that would be captured now."""
    found = one(
        db,
        f"select greatest(coalesce((select max(version) from {_TABLE} where {_MINE}), 0),"
        " coalesce((select template_version from posko.staff where :kind = 'STAFF' and person_id = :person), 0)) as newest",
        kind=kind,
        person=person_id,
    )
    return int(found["newest"]) + 1 if found else 1


def put(tx: Tx, kind: PersonKind, person_id: str, taken: Captured, *, state: str, provenance: str) -> None:
    """Write the impressions of a new set.

    Raises:
        Refused: somebody captured the same person meanwhile.
    """
    rows = [
        {
            "person_kind": kind, "person_id": person_id, "version": taken.version, "finger": one_of.finger, "seq": one_of.seq,
            "format": one_of.format, "key_id": one_of.key_id, "nonce": one_of.nonce, "ciphertext": one_of.ciphertext,
            "quality": one_of.quality, "minutiae": one_of.minutiae, "provenance": provenance,
            "is_supervised": int(taken.is_supervised), "state": state, "station_code": taken.station_code or None,
            "reader_kind": taken.reader_kind, "reader_serial": taken.reader_serial, "taken_at": taken.taken_at,
            "taken_by": tx.person_id, "activated_at": tx.at if state == ACTIVE else None,
        }
        for one_of in taken.templates
    ]  # fmt: skip
    try:
        with tx.db.begin_nested():
            add_rows(tx.db, "finger_template", rows)
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error


def add_rows(db: sa.Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert rows with equal columns into a table of `posko_biometric`, some at a time."""
    for some in chunks(rows):
        made = sa.table(table, *(sa.column(name) for name in some[0]), schema="posko_biometric")
        db.execute(sa.insert(made), some)


def retire(tx: Tx, kind: PersonKind, person_id: str, reason: str, *, state: str, but: int = 0) -> int:
    """Retire the impressions of a person in one state, all versions but one; return how many."""
    return int(
        tx.db.execute(
            sa.text(
                f"update {_TABLE} set state = 'RETIRED', retired_at = :at, retired_by = :by, retired_reason = :reason"
                f" where {_MINE} and state = :state and version <> :but"
            ),
            {
                "at": tx.at,
                "by": tx.person_id,
                "reason": reason,
                "kind": kind,
                "person": person_id,
                "state": state,
                "but": but,
            },
        ).rowcount
    )


def activate(tx: Tx, kind: PersonKind, person_id: str, proof: FingerProof, *, seconded_by: str | None) -> int | None:
    """Bring the captured set that this proof was compared with into force, retire the one before, and ask for the 1:N search.

    Returns:
        Its version; None: nothing was captured, which only a scripted matcher can lead to.

    Raises:
        Refused: another set was captured since the proof was made.
    """
    waiting = many(
        tx.db,
        f"select distinct version from {_TABLE} where {_MINE} and state = 'PENDING' for update",
        kind=kind,
        person=person_id,
    )
    if not waiting:
        return None
    if [int(row["version"]) for row in waiting] != [proof.template_version]:
        raise refuse("PROOF_OLD_TEMPLATE")
    retire(tx, kind, person_id, "diganti dengan sidik jari yang direkam ulang", state=ACTIVE)
    tx.db.execute(
        sa.text(
            f"update {_TABLE} set state = 'ACTIVE', activated_at = :at, seconded_by = :second"
            f" where {_MINE} and version = :version and state = 'PENDING'"
        ),
        {
            "at": tx.at,
            "second": seconded_by,
            "kind": kind,
            "person": person_id,
            "version": proof.template_version,
        },
    )
    _register_captured(tx, kind, person_id, proof.template_version)
    ask_search(tx, [(kind, person_id, proof.template_version)])
    return proof.template_version


def register(tx: Tx, sets: Sequence[Row]) -> None:
    """Write down, where the rules may read it, that sets came into force: person_kind, person_id, version, provenance, station_code."""
    add_many(tx.db, "template_set", [{**row, "activated_at": tx.at, "activated_by": tx.person_id} for row in sets])


def _register_captured(tx: Tx, kind: PersonKind, person_id: str, version: int) -> None:
    made = many(
        tx.db,
        "select person_kind, person_id, version, min(provenance) as provenance, min(station_code) as station_code"
        f" from {_TABLE} where {_MINE} and version = :version group by person_kind, person_id, version",
        kind=kind,
        person=person_id,
        version=version,
    )
    register(tx, made)


def ask_search(tx: Tx, sets: Sequence[tuple[PersonKind, str, int]]) -> None:
    """Put sets into the queue of the 1:N search (DV-I05, DV-I06)."""
    rows = [
        {"person_kind": kind, "person_id": person, "version": version, "state": "PENDING", "asked_at": tx.at}
        for kind, person, version in sets
    ]
    add_rows(tx.db, "duplicate_search", rows)
