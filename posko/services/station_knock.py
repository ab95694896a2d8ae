"""Every request of a station shows its key, signed, on time, never twice; what is not is refused and recorded (§8.2; DV-I10, I12, S07)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posko.db.transaction import run_tx
from posko.domain.audit import Place
from posko.domain.calendar import local_day
from posko.domain.refusals import refuse
from posko.services.office import act
from posko.services.rows import Row, change, one
from posko.services.station_keys import ENTITY, harmless

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.services.office import Office, Tx

MOST_SKEW = dt.timedelta(seconds=60)
"""How far a station's clock may be from the server's."""
REASONS = (
    *("STATION_UNKNOWN_KEY", "STATION_BAD_SIGNATURE", "STATION_KEY_REVOKED", "STATION_NOT_IN_FORCE", "STATION_CLOCK"),
    *("STATION_REPLAYED", "STATION_TOO_LARGE", "STATION_MESSAGE", "STATION_OTHER_READER", "STATION_OLD_SAMPLE"),
    *("STATION_ENTRY_UNSIGNED", "STATION_ENTRY_AGAIN", "STATION_GAP", "STATION_CHAIN"),
)
"""Why a request of a station may be turned away, found here or by `biometrics` and the service that it came to."""
FIRST_COUNTER = 2**62
"""Above every counter: about a hundred thousand years in microseconds."""


@dataclass(frozen=True, slots=True)
class Knock:
    """What a station shows with a request: who it says it is, when it sent it, its counter, and what it signed.

    `sent_at` is its own clock, UTC without zone; `counter` a whole number above that of its last request; `signed` the bytes that
    `signature` (64 bytes, Ed25519) covers.
    """

    station_code: str
    key_id: str
    sent_at: dt.datetime
    counter: int
    signed: bytes
    signature: bytes
    version: str = "?"
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A station that proved itself: its key, where it stands, which reader is registered for it."""

    station_code: str
    tuk_code: str | None
    reader_serial: str
    key_id: str
    signing_key: bytes
    sealing_key: bytes


def admit(office: Office, knock: Knock) -> Admitted:
    """Let a signed request in, note that the station was seen, and use its counter up.

    Raises:
        Refused: unknown, unregistered or revoked key, wrong signature, station not in force (DV-I12), clock (DV-S07), or a
            request that was sent before (DV-I10); recorded, with a deviation.
    """
    found = run_tx(office.engine, lambda db: _judged(db, office.clock(db), knock))
    if isinstance(found, Admitted):
        return found
    code, told = found
    place = Place(device=harmless(knock.station_code), ip=knock.ip and knock.ip[:45])
    office.desk(None, place=place).do(turn_away, code=code, station_code=knock.station_code, told=told)
    raise AssertionError(code)


@act("station.request", None)
def turn_away(tx: Tx, *, code: str, station_code: str, told: Row) -> None:
    """Refuse a request of a station, so that it is recorded with what is known of it.

    Raises:
        Refused: always, with this code.
    """
    tx.about(ENTITY, harmless(station_code))
    tx.permit()
    if code not in REASONS or not isinstance(told, dict):
        raise refuse("STATION_MESSAGE")
    tx.context.update(told)
    if code == "STATION_CLOCK":
        raise refuse("STATION_CLOCK", seconds=told["skew_seconds"], most=int(MOST_SKEW.total_seconds()))
    raise refuse(code)


def note_reader(office: Office, station_code: str, kind: str, serial: str) -> None:
    """Note which reader a station shows, for those who watch over it."""
    run_tx(
        office.engine,
        lambda db: change(
            db,
            "update posko.station_seen set reader_kind = :kind, reader_serial = :serial where station_code = :code",
            kind=kind[:20],
            serial=serial[:80],
            code=station_code,
        ),
    )


def _judged(db: sa.Connection, at: dt.datetime, knock: Knock) -> Admitted | tuple[str, Row]:
    told: Row = {"key": knock.key_id[:32] if knock.key_id.isalnum() else "?"}
    row = one(
        db,
        "select known.*, station.tuk_code, station.reader_serial, station.valid_from, station.valid_until"
        " from posko.station_key as known join posko.station as station on station.station_code = known.station_code"
        " where known.key_id = :key",
        key=knock.key_id if knock.key_id.isascii() else "?",
    )
    problem = _problem(row, at, knock)
    if row is None or problem is not None:
        return problem or "STATION_UNKNOWN_KEY", told
    skew = knock.sent_at - at
    if abs(skew) > MOST_SKEW:
        return "STATION_CLOCK", {**told, "skew_seconds": round(skew.total_seconds())}
    if not _is_newer(db, at, knock, skew):
        return "STATION_REPLAYED", {**told, "counter": knock.counter}
    return Admitted(
        row["station_code"],
        row["tuk_code"],
        row["reader_serial"],
        row["key_id"],
        row["signing_key"],
        row["sealing_key"],
    )


def _problem(row: Row | None, at: dt.datetime, knock: Knock) -> str | None:
    """Return what is wrong with the key, or None."""
    if row is None or row["station_code"] != knock.station_code:
        return "STATION_UNKNOWN_KEY"
    if not _is_signed(row["signing_key"], knock):
        return "STATION_BAD_SIGNATURE"
    if row["revoked_at"] is not None:
        return "STATION_KEY_REVOKED"
    is_in_force = row["valid_from"] <= local_day(at) <= (row["valid_until"] or dt.date.max)
    return None if is_in_force else "STATION_NOT_IN_FORCE"


def _is_signed(signing_key: bytes, knock: Knock) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(signing_key).verify(knock.signature, knock.signed)
    except InvalidSignature:
        return False
    return True


def _is_newer(db: sa.Connection, at: dt.datetime, knock: Knock, skew: dt.timedelta) -> bool:
    """Use the counter up and note that the station was seen; False: a request with this counter or a later one was here."""
    values = {
        "code": knock.station_code,
        "key": knock.key_id,
        "at": at,
        "skew": int(skew.total_seconds() * 1000),
        "counter": knock.counter,
        "version": knock.version[:80],
    }
    if not 0 < knock.counter < FIRST_COUNTER:
        return False
    touched = change(
        db,
        "update posko.station_seen set key_id = :key, seen_at = :at, skew_ms = :skew, last_counter = :counter,"
        " version = :version where station_code = :code and (last_counter < :counter or key_id <> :key)",
        **values,
    )
    if touched:
        return True
    made = change(
        db,
        "insert ignore into posko.station_seen (station_code, key_id, seen_at, skew_ms, last_counter, version)"
        " values (:code, :key, :at, :skew, :counter, :version)",
        **values,
    )
    return made == 1
