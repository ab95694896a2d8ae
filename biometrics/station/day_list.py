"""The list of one day for one TUK, with templates, for when its line is cut (§13.2-13.6; R-185, R-187).

The server seals it for the station's own key and signs what it sealed; it stands sealed on the station's disk, is opened in memory only,
names no NIK and no whole name, and is deleted when the day is over.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature

from biometrics import gallery
from biometrics.station.files import read_whole, write_whole
from biometrics.station.sealing import SealBroken, seal, unseal
from biometrics.thresholds import threshold_of
from biometrics.types import Template
from posko.domain.calendar import local_day
from posko.domain.errors import BadInput
from posko.domain.masking import mask_name
from posko.domain.proof import Purpose
from posko.services import day_lists

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from biometrics.station.keys import KnownServer, StationKeys
    from biometrics.station.service import Service
    from posko.domain.proof import PersonKind
    from posko.services.station_knock import Admitted

NAME = "day-list.json"


class NoDayList(BadInput):
    """There is no list of today on this computer."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            f"Daftar hari {day} belum ada di komputer ini. Hubungkan jaringan, jalankan posko station run, lalu ulangi."
        )


@dataclass(frozen=True)
class Person:
    """Somebody whose finger may be taken offline; `name` is masked."""

    person_id: str
    name: str
    session_id: int | None
    templates: tuple[Template, ...]


@dataclass(frozen=True)
class DayList:
    """An opened list: who may be taken today, from which score on a finger matches here."""

    list_id: str
    station_code: str
    day: dt.date
    thresholds: Mapping[str, int]
    candidates: Mapping[str, Person]
    operators: Mapping[str, Person]


def make(service: Service, station: Admitted) -> dict[str, str]:
    """Return the sealed and signed list of today for a station's TUK, as it is sent.

    Raises:
        Refused: the station is of no TUK; recorded.
    """
    found = service.desk(station).do(day_lists.read, station_code=station.station_code, tuk_code=station.tuk_code)
    settings = service.verifier.settings
    told = {
        "list_id": secrets.token_hex(16),
        "station_code": station.station_code,
        "day": found["day"],
        "thresholds": {name.value: threshold_of(settings, name) for name in (Purpose.ATTEND, Purpose.LOGIN)},
        "candidates": [_shown(service, "TKI", row["tki_id"], row) for row in found["candidates"]],
        "operators": [_shown(service, "STAFF", row["person_id"], row) for row in found["operators"]],
    }
    sealed = seal(json.dumps(told).encode(), station.sealing_key, context_of(station.station_code, found["day"]))
    signature = service.keys.signing.sign(_signed(station.station_code, found["day"], sealed))
    return {
        "day": found["day"],
        "sealed": base64.b64encode(sealed).decode(),
        "signature": base64.b64encode(signature).decode(),
    }


def keep(folder: Path, shown: dict[str, Any], keys: StationKeys, server: KnownServer) -> DayList:
    """Check a list that came from the server and put it on the disk, sealed as it is.

    Raises:
        SealBroken: the server did not sign it, or it is another station's.
    """
    opened = _opened(shown, keys, server)
    write_whole(folder / NAME, json.dumps(shown).encode())
    return opened


def load(folder: Path, keys: StationKeys, server: KnownServer, now: dt.datetime) -> DayList:
    """Open the list of today; one of another day is deleted.

    Raises:
        NoDayList: there is none of today.
        SealBroken: it was changed.
    """
    forget_old(folder, now)
    data = read_whole(folder / NAME)
    if data is None:
        raise NoDayList(local_day(now))
    try:
        shown = json.loads(data)
    except ValueError as error:
        raise SealBroken from error
    return _opened(shown, keys, server)


def forget_old(folder: Path, now: dt.datetime) -> bool:
    """Delete the list if it is not of today; return whether one was deleted."""
    data = read_whole(folder / NAME)
    if data is None:
        return False
    day = None
    with suppress(ValueError, AttributeError):
        day = json.loads(data).get("day")
    if day == local_day(now).isoformat():
        return False
    (folder / NAME).unlink(missing_ok=True)
    return True


def context_of(station_code: str, day: str) -> str:
    """Return what a list is sealed as."""
    return f"day-list|{station_code}|{day}"


def _signed(station_code: str, day: str, sealed: bytes) -> bytes:
    return f"POSKO-DAY-LIST-1\n{station_code}\n{day}\n{sha256(sealed).hexdigest()}".encode()


def _shown(service: Service, kind: PersonKind, person_id: str, row: dict[str, Any]) -> dict[str, Any]:
    with service.office.engine.connect() as db:
        enrolled = gallery.active(db, service.vault, kind, person_id)
    return {
        "person_id": person_id,
        "name": mask_name(row["full_name"]),
        "session_id": row.get("session_id"),
        "templates": [
            {
                "format": found.template.format,
                "finger": found.template.finger,
                "minutiae": found.template.minutiae,
                "quality": found.template.quality,
                "data": base64.b64encode(found.template.data).decode(),
            }
            for found in enrolled
        ],
    }


def _opened(shown: dict[str, Any], keys: StationKeys, server: KnownServer) -> DayList:
    try:
        day, sealed = str(shown["day"]), base64.b64decode(shown["sealed"], validate=True)
        server.signing.verify(
            base64.b64decode(shown["signature"], validate=True), _signed(keys.station_code, day, sealed)
        )
    except (InvalidSignature, KeyError, ValueError, TypeError) as error:
        raise SealBroken from error
    told = json.loads(unseal(sealed, keys.sealing, context_of(keys.station_code, day)))
    return DayList(
        told["list_id"],
        told["station_code"],
        dt.date.fromisoformat(told["day"]),
        told["thresholds"],
        {row["person_id"]: _person(row) for row in told["candidates"]},
        {row["person_id"]: _person(row) for row in told["operators"]},
    )


def _person(row: dict[str, Any]) -> Person:
    templates = tuple(
        Template(one["format"], one["finger"], base64.b64decode(one["data"]), one["minutiae"], one["quality"])
        for one in row["templates"]
    )
    return Person(row["person_id"], row["name"], row["session_id"], templates)
