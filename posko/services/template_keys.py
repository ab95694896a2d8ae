"""Change of the key under which templates lie: a step of rows at a time, so that a cut run goes on where it stopped (§5.4; R-187).

Which key a row lies under stands in the row. The old key's file stays until no row names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import finger_attempts, inputs
from posko.services.office import act
from posko.services.rows import Row, change, many

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

ENTITY = "finger_key"


@dataclass(frozen=True, slots=True)
class Resealed:
    """One template under its new key."""

    template_id: int
    key_id_before: str
    key_id: str
    nonce: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)


def rows_under_others(db: sa.Connection, key_id: str, most: int) -> list[Row]:
    """Return some encrypted templates, of whatever state, that do not lie under this key."""
    return many(
        db,
        "select template_id, person_kind, person_id, version, finger, seq, format, key_id, nonce, ciphertext, quality,"
        " minutiae from posko_biometric.finger_template where key_id <> :key order by template_id limit :most",
        key=key_id,
        most=most,
    )


def rows_by_key(db: sa.Connection) -> dict[str, int]:
    """Return how many templates lie under each key."""
    found = many(db, "select key_id, count(*) as rows_there from posko_biometric.finger_template group by key_id")
    return {str(row["key_id"]): int(row["rows_there"]) for row in found}


@act("finger_key.reseal", None)
def reseal(tx: Tx, *, rows: Sequence[Resealed]) -> int:
    """Write one step of templates under their new key and return how many.

    Raises:
        Refused: another run changed one of them meanwhile; nothing of the step is written.
    """
    tx.permit()
    rows = finger_attempts.all_made_by_biometrics(rows, Resealed)
    tx.about(ENTITY, rows[0].key_id if rows else "-")
    for row in rows:
        touched = change(
            tx.db,
            "update posko_biometric.finger_template set key_id = :key, nonce = :nonce, ciphertext = :text"
            " where template_id = :id and key_id = :before",
            key=row.key_id,
            nonce=row.nonce,
            text=row.ciphertext,
            id=row.template_id,
            before=row.key_id_before,
        )
        if touched != 1:
            raise refuse("CHANGED_MEANWHILE")
    tx.record(ENTITY, tx.subject[1], {"rows": len(rows), "from": sorted({row.key_id_before for row in rows})})
    return len(rows)


@act("finger_key.drop", None)
def note_dropped(tx: Tx, *, key_ids: Sequence[str]) -> int:
    """Check that no template lies under these keys, and write down that their files go; return how many.

    Raises:
        Refused: a template still needs one of them.
    """
    tx.permit()
    names = inputs.codes(key_ids, "Kunci")
    tx.about(ENTITY, names[0])
    if many(tx.db, "select 1 as found from posko_biometric.finger_template where key_id in :ids limit 1", ids=names):
        raise refuse("KEY_IN_USE")
    tx.record(ENTITY, tx.subject[1], {"dropped": names})
    return len(names)
