"""What the office sees of the stations: key in force, reader, when each was last heard of (§8.2; R-041, R-012)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.list_query import contains, searched
from posko.services.office import act
from posko.services.paging import choice_or_none, part
from posko.services.rows import Row, many, one
from posko.services.station_keys import ENTITY

if TYPE_CHECKING:
    from posko.services.office import Tx

STATES = ("WITH_KEY", "NO_KEY", "NEVER_SEEN", "OTHER_READER")
"""States that a list may be asked for; OTHER_READER: the one that it showed last is not the registered one (DV-I12)."""
_FROM = f"""
    from posko.station as station
    left join posko.station_key as known on known.active_station = station.station_code
    left join posko.station_seen as seen on seen.station_code = station.station_code
    where {contains("station.station_code", "station.station_name", "station.tuk_code", "station.reader_serial")}
        and (:state is null or (:state = 'WITH_KEY' and known.key_id is not null) or (:state = 'NO_KEY' and known.key_id is null)
            or (:state = 'NEVER_SEEN' and known.key_id is not null and seen.seen_at is null)
            or (:state = 'OTHER_READER' and seen.reader_serial <> station.reader_serial))"""


@act("screen.stations", Command.CHANGE_REGISTER)
def listed(tx: Tx, *, limit: int, offset: int, search: str | None = None, state: str | None = None) -> Row:
    """Return one page of the stations by code.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before.
        search: part of a code, a name, a TUK or a reader; None or blank: all.
        state: one of `STATES`, or None.

    Returns:
        `total`, and `rows`: station_code, station_name, tuk_code, reader_serial, key_id, registered_at, seen_at (ISO), skew_ms,
        version and seen_reader; None where there is none.

    Raises:
        Refused: a filter that there is not, or the role may not.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    asked = {"search": searched(search), "state": choice_or_none(state, "Keadaan", STATES)}
    some = part(limit, offset)
    total = one(tx.db, f"select count(*) as stations {_FROM}", **asked)
    rows = many(
        tx.db,
        "select station.station_code, station.station_name, station.tuk_code, station.reader_serial, known.key_id,"
        f" known.registered_at, seen.seen_at, seen.skew_ms, seen.version, seen.reader_serial as seen_reader {_FROM}"
        " order by station.station_code limit :most offset :before",
        **some,
        **asked,
    )
    tx.record(ENTITY, "*", {"rows": len(rows), **some})
    return {"total": int(total["stations"]) if total else 0, "rows": [_told(row) for row in rows]}


@act("screen.station_keys", Command.CHANGE_REGISTER)
def keys(tx: Tx, *, station_code: str) -> list[Row]:
    """Return every key that a station ever had, the newest first: key_id, registered and revoked when, by whom and why.

    Raises:
        Refused: it is no code, or the role may not.
    """
    code = inputs.code(station_code, "Kode stasiun")
    tx.about(ENTITY, code)
    tx.permit(how=Act.READ)
    rows = many(
        tx.db,
        "select key_id, registered_at, registered_by, revoked_at, revoked_by, reason from posko.station_key"
        " where station_code = :code order by registered_at desc, key_id",
        code=code,
    )
    tx.record(ENTITY, code, {"keys": len(rows)})
    return [_told(row) for row in rows]


def _told(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()}
