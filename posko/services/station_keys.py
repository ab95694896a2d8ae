"""Keys of the stations: registered by the office, revoked at once, one in force a station (§8.2; R-041, R-012).

A station makes its own keys and shows the office their public halves; a private one never leaves its computer.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.proof import Purpose
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.office import act
from posko.services.proofs import use_proof
from posko.services.rows import Row, add, change, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

KEY_BYTES = 32
ENTITY = "station"


def key_id_of(signing_key: bytes) -> str:
    """Return the name of a key: the first 32 hex digits of the SHA-256 of its public half."""
    return sha256(signing_key).hexdigest()[:32]


@act("station.register", Command.CHANGE_REGISTER)
def register(tx: Tx, *, station_code: str, signing_key: str, sealing_key: str, proof: object) -> Row:
    """Register the public keys of a station that has none in force, and return `station_code` and `key_id`.

    Args:
        tx: the act.
        station_code: a station of the register, in force today.
        signing_key: Ed25519, public, 64 hex digits, from the card that the station printed.
        sealing_key: X25519, public, 64 hex digits.
        proof: the officer's own finger, for the purpose STATION_KEY: a key vouches for every finger that its station will send.

    Raises:
        Refused: no such station, it has a key in force, the key was registered before, it is no key, or the finger is not hers.
    """
    tx.about(ENTITY, harmless(station_code))
    tx.permit()
    _check_finger(tx, proof)
    return _register(tx, station_code, signing_key, sealing_key, tx.person_id)


@act("station.register_at_terminal", None)
def register_at_terminal(tx: Tx, *, operator: str, station_code: str, signing_key: str, sealing_key: str) -> Row:
    """Register as `register` does, by whoever sits at the server's terminal; `operator` is her name there.

    Raises:
        Refused: as `register`.
    """
    tx.about(ENTITY, harmless(station_code))
    tx.permit()
    return _register(tx, station_code, signing_key, sealing_key, inputs.text(operator, "Operator", 40))


@act("station.revoke", Command.CHANGE_REGISTER)
def revoke(tx: Tx, *, station_code: str, reason: str, proof: object) -> Row:
    """Revoke the key of a station at once, stolen or replaced, with the officer's own finger; return `station_code` and `key_id`.

    Raises:
        Refused: it has none in force, or the finger is not hers.
    """
    tx.about(ENTITY, harmless(station_code))
    tx.permit()
    _check_finger(tx, proof)
    return _revoke(tx, station_code, reason, tx.person_id)


@act("station.revoke_at_terminal", None)
def revoke_at_terminal(tx: Tx, *, operator: str, station_code: str, reason: str) -> Row:
    """Revoke as `revoke` does, by whoever sits at the server's terminal.

    Raises:
        Refused: as `revoke`.
    """
    tx.about(ENTITY, harmless(station_code))
    tx.permit()
    return _revoke(tx, station_code, reason, inputs.text(operator, "Operator", 40))


@act("station.list", Command.CHANGE_REGISTER)
def listed(tx: Tx) -> list[Row]:
    """Return every station with its key in force and when it was last seen: what silent TUK are found by.

    Times are ISO texts; `key_id`, `seen_at`, `skew_ms`, `version` and `seen_reader` are None where there is none.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    return _listed(tx)


@act("station.list_at_terminal", None)
def listed_at_terminal(tx: Tx) -> list[Row]:
    """Return the same to whoever sits at the server's terminal."""
    tx.about(ENTITY, "*")
    tx.permit()
    return _listed(tx)


def _listed(tx: Tx) -> list[Row]:
    found = many(
        tx.db,
        "select station.station_code, station.station_name, station.tuk_code, station.reader_serial, known.key_id,"
        " known.registered_at, seen.seen_at, seen.skew_ms, seen.version, seen.reader_serial as seen_reader"
        " from posko.station as station"
        " left join posko.station_key as known on known.active_station = station.station_code"
        " left join posko.station_seen as seen on seen.station_code = station.station_code"
        " order by station.station_code",
    )
    tx.record(ENTITY, "*", {"rows": len(found)})
    return [
        {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()}
        for row in found
    ]


def _register(tx: Tx, station_code: object, signing_key: object, sealing_key: object, by: str) -> Row:
    code = inputs.code(station_code, "Kode stasiun")
    _check_station(tx, code)
    signing, sealing = _key(signing_key), _key(sealing_key)
    if one(tx.db, "select 1 as found from posko.station_key where active_station = :code", code=code):
        raise refuse("STATION_HAS_KEY", station=code)
    row = {
        "key_id": key_id_of(signing),
        "station_code": code,
        "signing_key": signing,
        "sealing_key": sealing,
        "registered_at": tx.at,
        "registered_by": by,
    }
    try:
        with tx.db.begin_nested():
            add(tx.db, "station_key", row)
    except sa.exc.IntegrityError as error:
        raise refuse("STATION_KEY_KNOWN") from error
    tx.record(ENTITY, code, {"key": row["key_id"], "by": by})
    return {"station_code": code, "key_id": row["key_id"]}


def _revoke(tx: Tx, station_code: object, reason: object, by: str) -> Row:
    code, why = inputs.code(station_code, "Kode stasiun"), inputs.reason(reason)[:255]
    row = one(tx.db, "select key_id from posko.station_key where active_station = :code for update", code=code)
    if row is None:
        raise refuse("STATION_NO_KEY", station=code)
    change(
        tx.db,
        "update posko.station_key set revoked_at = :at, revoked_by = :by, reason = :reason where key_id = :key",
        at=tx.at,
        by=by,
        reason=why,
        key=row["key_id"],
    )
    tx.record(ENTITY, code, {"key": row["key_id"], "reason": why, "by": by})
    return {"station_code": code, "key_id": str(row["key_id"])}


def _check_finger(tx: Tx, proof: object) -> None:
    """Take the finger of whoever acts, so that a screen left open changes no key."""
    use_proof(tx, proof, kind="STAFF", person_id=tx.person_id, purpose=Purpose.STATION_KEY)


def _check_station(tx: Tx, code: str) -> None:
    """Refuse a station that is not in force today; hold its row, so that two registrations come one after the other."""
    row = one(
        tx.db,
        "select 1 as found from posko.station where station_code = :code and valid_from <= :day"
        " and (valid_until is null or valid_until >= :day) for update",
        code=code,
        day=local_day(tx.at),
    )
    if row is None:
        raise refuse("STATION_UNKNOWN", station=code)


def _key(value: object) -> bytes:
    """Return a public key of 64 hex digits."""
    text = value.strip().lower() if isinstance(value, str) else ""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES or not any(found):
        raise refuse("STATION_KEY_WRONG")
    return found


def harmless(value: object) -> str:
    """Return the code of a station as it may stand in the log."""
    return inputs.person_number_or_none(value) or "?"
