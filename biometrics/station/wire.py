"""How a station and the server talk: JSON over HTTPS, each request signed with the station's key (§8.2; DV-I10, DV-I12).

The signature (Ed25519) covers station, key, method, target, SHA-256 of the body, the station's time, a counter that only rises, and the
program's version, one a line. Nothing of a request can be changed or sent again.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from posko.services.station_knock import Knock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VERSION = "posko-station/1"
MOST_BODY = 4 * 1024 * 1024
"""Bytes of a request at most: a grey image of 1,500 x 1,500 pixels in base64."""
REQUESTS, ANSWERS, DAY_LIST, UPLOADS, SERVER = (
    "/v1/requests",
    "/v1/answers",
    "/v1/day-list",
    "/v1/uploads",
    "/v1/server",
)
"""Targets: long poll for a capture request; its answer; the day list; late attendance; the server's public keys."""
_CODE = re.compile(r"[!-~ ]{1,40}")
_KEY = re.compile(r"[0-9a-f]{32}")
_COUNTER = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Signer:
    """The station as it signs: its code, the name of its key, the key."""

    station_code: str
    key_id: str
    key: Ed25519PrivateKey

    def headers(self, method: str, target: str, body: bytes, *, at: dt.datetime, counter: int) -> dict[str, str]:
        """Return the headers that prove one request; `at` is the station's time, UTC without zone."""
        shown = at.isoformat(timespec="microseconds")
        fields = (self.station_code, self.key_id, shown, str(counter), VERSION)
        signature = self.key.sign(_signed(method, target, body, fields))
        names = ("Station", "Key", "Time", "Counter", "Version")
        made = {f"X-Posko-{name}": field for name, field in zip(names, fields, strict=True)}
        return made | {"X-Posko-Signature": base64.b64encode(signature).decode()}


def knock_of(method: str, target: str, body: bytes, headers: Mapping[str, str], ip: str | None) -> Knock | None:
    """Return what a request shows of its sender, not yet believed; None: it shows nothing that could be a station's."""
    names = ("station", "key", "time", "counter", "version")
    fields = tuple(headers.get(f"x-posko-{name}", "") for name in names)
    code, key_id, time, counter, version = fields
    if not (_CODE.fullmatch(code) and _KEY.fullmatch(key_id) and _COUNTER.fullmatch(counter) and len(version) <= 80):
        return None
    try:
        sent_at = dt.datetime.fromisoformat(time)
        signature = base64.b64decode(headers.get("x-posko-signature", ""), validate=True)
    except (ValueError, binascii.Error):
        return None
    if sent_at.tzinfo is not None:
        return None
    return Knock(code, key_id, sent_at, int(counter), _signed(method, target, body, fields), signature, version, ip)


def _signed(method: str, target: str, body: bytes, fields: tuple[str, ...]) -> bytes:
    station, key_id, *rest = fields
    return "\n".join(["POSKO-STATION-1", station, key_id, method, target, sha256(body).hexdigest(), *rest]).encode()
