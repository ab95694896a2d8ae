"""BNP2TKI's fingerprints become the reference: which records are new, and what became of each (§6.1; R-026, X11).

`biometrics.import_prints` opens, judges and seals the records; here they are looked up and written, a step in one transaction. A record
is known by the moment at which it was received: one that BNP2TKI sends anew is new. What cannot be used is a row with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.refusals import refuse
from posko.services import finger_attempts, inputs, templates
from posko.services.office import act
from posko.services.rows import Row, add_many, many, many_among
from posko.services.templates import ACTIVE, FROM_BNP2TKI, RETIRED, SealedTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posko.services.office import Tx

READER = "bnp2tki"
REFUSED = "REFUSED"
REPLACED = "BNP2TKI mengirim sidik jari lain"
_NEW = (
    "from posko_staging.tki_sidik_jari as sent left join posko.finger_import as done on done.id_tki = sent.id_tki"
    " and done.finger = sent.jari and done.received_at = sent.received_at"
    " where done.import_id is null and sent.deleted_at is null"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record; `reason` is a code, None where it is in force; `version` of the set that it is part of."""

    id_tki: str
    finger: int
    data_crc: int
    format: str
    received_at: datetime
    reason: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedSet:
    """A new version of one TKI's reference."""

    tki_id: str
    version: int
    taken_at: datetime
    templates: tuple[SealedTemplate, ...]


def waiting(db: sa.Connection, after: str, most: int, tki_id: str | None = None) -> list[str]:
    """Return the next TKI, in order, of whom a record is new."""
    found = many(
        db,
        f"select distinct sent.id_tki {_NEW} and sent.id_tki > :after and (:tki is null or sent.id_tki = :tki)"
        " order by sent.id_tki limit :most",
        after=after,
        tki=tki_id,
        most=most,
    )
    return [str(row["id_tki"]) for row in found]


def records_of(db: sa.Connection, tki_ids: Sequence[str]) -> list[Row]:
    """Return all records that BNP2TKI has of these TKI, encrypted; `is_new` marks those of which nothing is decided."""
    return many_among(
        db,
        "select sent.id_tki, sent.jari as finger, sent.format, sent.key_id, sent.nonce, sent.ciphertext, sent.data_crc,"
        " sent.received_at, coalesce(sent.updated_at, sent.received_at) as taken_at, done.import_id is null as is_new"
        " from posko_staging.tki_sidik_jari as sent left join posko.finger_import as done on done.id_tki = sent.id_tki"
        " and done.finger = sent.jari and done.received_at = sent.received_at"
        " where sent.deleted_at is null and sent.id_tki in :ids order by sent.id_tki, sent.jari",
        tki_ids,
    )


def references_of(db: sa.Connection, tki_ids: Sequence[str]) -> list[Row]:
    """Return the impressions in force of these TKI that came from BNP2TKI, encrypted."""
    return many_among(
        db,
        "select person_kind, person_id, version, finger, seq, format, key_id, nonce, ciphertext, quality, minutiae"
        " from posko_biometric.finger_template where person_kind = 'TKI' and state = 'ACTIVE' and provenance = 'BNP2TKI'"
        " and person_id in :ids order by person_id, finger, seq",
        tki_ids,
    )


def versions_of(db: sa.Connection, tki_ids: Sequence[str]) -> dict[str, int]:
    """Return the newest version of the sets of these TKI; who has none is not there."""
    rows = many_among(
        db,
        "select person_id, max(version) as version from posko_biometric.finger_template"
        " where person_kind = 'TKI' and person_id in :ids group by person_id",
        tki_ids,
    )
    return {str(row["person_id"]): int(row["version"]) for row in rows}


@act("finger_set.import", None)
def import_sets(tx: Tx, *, sets: Sequence[ImportedSet], verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Write one step: the new sets in force, the ones before retired, and what became of every record.

    Returns:
        `sets`, `templates` and `refused`: how many of each.

    Raises:
        Refused: somebody else imported the same records meanwhile.
    """
    tx.permit()
    tx.about(templates.ENTITY, "*")
    sets = finger_attempts.all_made_by_biometrics(sets, ImportedSet)
    verdicts = finger_attempts.all_made_by_biometrics(verdicts, Verdict)
    ids = [one.tki_id for one in sets]
    replaced = _retire(tx, ids)
    try:
        with tx.db.begin_nested():
            templates.add_rows(
                tx.db, "finger_template", [_row(tx, one, part) for one in sets for part in one.templates]
            )
            add_many(tx.db, "finger_import", [_verdict(tx, one) for one in verdicts])
            templates.register(tx, [_registered(one) for one in sets])
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
    templates.ask_search(tx, [("TKI", one.tki_id, one.version) for one in sets])
    refused = sum(one.reason is not None for one in verdicts)
    made = sum(len(one.templates) for one in sets)
    told: dict[str, Any] = {"sets": len(sets), "impressions": made, "refused": refused}
    tx.record_many(
        [
            tx.event(templates.ENTITY, "*", told),
            *(tx.event("tki", _shown(one.tki_id), {"version": one.version}) for one in sets if one.tki_id in replaced),
        ]
    )
    return {"sets": len(sets), "templates": made, "refused": refused}


def _retire(tx: Tx, tki_ids: list[str]) -> frozenset[str]:
    """Retire the sets in force of these TKI and return who had one."""
    if not tki_ids:
        return frozenset()
    where = "from posko_biometric.finger_template where person_kind = 'TKI' and state = 'ACTIVE' and person_id in :ids"
    had = many_among(tx.db, f"select distinct person_id {where}", tki_ids)
    names = [str(row["person_id"]) for row in had]
    if names:
        tx.db.execute(
            sa.text(
                "update posko_biometric.finger_template set state = :retired, retired_at = :at, retired_by = :by,"
                " retired_reason = :why where person_kind = 'TKI' and state = 'ACTIVE' and person_id in :ids"
            ).bindparams(sa.bindparam("ids", expanding=True)),
            {"retired": RETIRED, "at": tx.at, "by": tx.person_id, "why": REPLACED, "ids": names},
        )
    return frozenset(names)


def _row(tx: Tx, one: ImportedSet, part: SealedTemplate) -> Row:
    return {
        "person_kind": "TKI", "person_id": one.tki_id, "version": one.version, "finger": part.finger, "seq": part.seq,
        "format": part.format, "key_id": part.key_id, "nonce": part.nonce, "ciphertext": part.ciphertext,
        "quality": part.quality, "minutiae": part.minutiae, "provenance": FROM_BNP2TKI, "state": ACTIVE,
        "reader_kind": READER, "reader_serial": "-", "taken_at": one.taken_at, "taken_by": tx.person_id, "activated_at": tx.at,
    }  # fmt: skip


def _registered(one: ImportedSet) -> Row:
    mine = {"person_kind": "TKI", "person_id": one.tki_id, "version": one.version}
    return {**mine, "provenance": FROM_BNP2TKI, "station_code": None}


def _verdict(tx: Tx, one: Verdict) -> Row:
    return {
        "id_tki": one.id_tki,
        "finger": one.finger,
        "data_crc": one.data_crc,
        "format": one.format,
        "outcome": REFUSED if one.reason else ACTIVE,
        "reason": one.reason,
        "version": one.version,
        "received_at": one.received_at,
        "imported_at": tx.at,
    }


def _shown(tki_id: str) -> str:
    return "?nik" if inputs.looks_like_nik(tki_id) else tki_id
