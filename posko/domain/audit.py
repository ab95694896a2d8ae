"""What an audit event is and how it is written as bytes: pure rules, no database (§5.3, §5.7, R-021, R-180, R-181).

An event says who (and on behalf of whom), what, on whom, when, where, with which outcome and by which sign-in. Its
*record* is one line of canonical JSON: sorted keys, no spaces, UTF-8, whole numbers only.

    {"event":{"action":...,"seq":1,"v":1,"writer":"<16 hex>"},"mac":"<64 hex>","prev":"<64 hex>"}

`mac` is HMAC-SHA256 over `prev` (32 bytes) and the bytes of `event`; `prev` is the mac of the same writer's event
before, zeros for its first. The record is what the Merkle tree hashes, what the log file holds and what an export holds.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

FORMAT = 1
FIRST_PREV = bytes(32)
"""What stands for the mac before a writer's first event."""
HEARTBEAT, CLOSE = "audit.heartbeat", "audit.close"
"""Events of the log itself: both tell the last events of writers; after `CLOSE` its writer never writes again."""
WRITERS = "writers"
"""Key of their payload: writer in hex -> [its last number, its last mac in hex]."""

Outcome = Literal["ok", "refused", "failed"]
ActorKind = Literal["person", "system", "public"]

WIDTHS = {
    "actor_id": 64,
    "actor_role": 40,
    "on_behalf_of": 64,
    "action": 60,
    "entity": 40,
    "entity_key": 120,
    "device": 80,
    "ip": 45,
    "tuk": 20,
    "auth_event": 40,
}
"""Field -> characters that the table holds; a longer text is refused, never cut."""
LONGEST_TEXT = 500
"""Longest text inside a payload: room for a reason, none for a template."""
PERSONAL_KEYS = frozenset(
    {"nama", "name", "full_name", "nik", "no_ktp", "ktp", "tanggal_lahir", "tempat_lahir", "alamat", "address"}
    | {"email", "no_telepon", "phone", "template", "sidik_jari", "fingerprint", "image", "password", "secret"}
)
"""Keys that a payload must not have: what they would hold may stand there as a commitment only."""
RECORD = re.compile(rb'\{"event":(\{.*\}),"mac":"([0-9a-f]{64})","prev":"([0-9a-f]{64})"\}')
"""A record: its event, mac and prev."""
_NIK = re.compile(r"(?<![0-9a-fA-F])\d{16}(?![0-9a-fA-F])")
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class EventRefused(ValueError):
    """An event breaks the rules of the log: a mistake of the code that writes it, never of a user."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: a person by identification number and role, a system by its name, or the public."""

    kind: ActorKind
    id: str
    role: str | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """From where: device or station, IP address, TUK code; None where there is none."""

    device: str | None = None
    ip: str | None = None
    tuk: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One act, refusal, search, view or rejected sign-in. `auth_event` names the sign-in as `WRITER/NUMBER`."""

    action: str
    actor: Actor
    entity: str
    entity_key: str
    outcome: Outcome = "ok"
    payload: Mapping[str, Any] = field(default_factory=dict)
    place: Place = field(default_factory=Place)
    auth_event: str | None = None

    def texts(self) -> dict[str, str | None]:
        """Return the fields of text under their names in the table."""
        return {
            "actor_id": self.actor.id,
            "actor_role": self.actor.role,
            "on_behalf_of": self.actor.on_behalf_of,
            "action": self.action,
            "entity": self.entity,
            "entity_key": self.entity_key,
            "device": self.place.device,
            "ip": self.place.ip,
            "tuk": self.place.tuk,
            "auth_event": self.auth_event,
        }


def canonical(value: object) -> str:
    """Return a value as canonical JSON: sorted keys, no spaces, no escapes but those that JSON demands."""
    return _encode(value)


def check(event: Event) -> None:
    """Check that an event fits the table and shows nobody's data.

    Raises:
        EventRefused: a text is too long, looks like a NIK, or the payload holds what it must not hold.
    """
    for name, text in event.texts().items():
        if text is not None and len(text) > WIDTHS[name]:
            raise EventRefused(f"{name} is longer than {WIDTHS[name]} characters")
        if text is not None and _NIK.search(text):
            raise EventRefused(f"{name} looks like a NIK")
    for problem in _payload_problems(event.payload, "payload"):
        raise EventRefused(problem)


def _payload_problems(value: object, where: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _key_problems(key, where)
            yield from _payload_problems(inside, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _payload_problems(inside, where)
    elif isinstance(value, str | int):
        text = str(value)
        if len(text) > LONGEST_TEXT:
            yield f"{where} is longer than {LONGEST_TEXT} characters"
        if _NIK.search(text):
            yield f"{where} looks like a NIK"
    elif value is not None:
        yield f"{where} is a {type(value).__name__}; only texts, whole numbers, yes/no, lists and tables are allowed"


def _key_problems(key: object, where: str) -> Iterator[str]:
    if not isinstance(key, str):
        yield f"{where} has a key that is no text"
    elif key.lower() in PERSONAL_KEYS:
        yield f"{where}.{key} would show somebody's data; write a commitment under another key"
    elif _NIK.search(key):
        yield f"{where} has a key that looks like a NIK"


def iso(moment: datetime) -> str:
    """Return a UTC time without zone as it stands in a record, always with microseconds."""
    return moment.isoformat(timespec="microseconds") + "Z"


def event_fields(texts: Mapping[str, str | None], kind: str, outcome: str, payload: object) -> dict[str, Any]:
    """Return the part of a record's event that does not depend on its writer."""
    return {
        "action": texts["action"],
        "actor": {"id": texts["actor_id"], "kind": kind, "role": texts["actor_role"]},
        "auth": texts["auth_event"],
        "entity": texts["entity"],
        "key": texts["entity_key"],
        "on_behalf_of": texts["on_behalf_of"],
        "outcome": outcome,
        "payload": payload,
        "place": {"device": texts["device"], "ip": texts["ip"], "tuk": texts["tuk"]},
        "v": FORMAT,
    }


def event_bytes(fields: dict[str, Any], *, at: str, writer_id: bytes, writer_seq: int) -> bytes:
    """Return the bytes of a record's event, which its mac covers."""
    return _encode({**fields, "at": at, "seq": writer_seq, "writer": writer_id.hex()}).encode()


def mac_of(key: bytes, prev: bytes, event: bytes) -> bytes:
    """Return the mac of an event that follows the one with mac `prev`."""
    return hmac.digest(key, prev + event, "sha256")


def record_bytes(event: bytes, prev: bytes, mac: bytes) -> bytes:
    """Return the record, without line end."""
    return b'{"event":%b,"mac":"%b","prev":"%b"}' % (event, mac.hex().encode(), prev.hex().encode())


def has_mac(key: bytes, record: bytes) -> bool:
    """Return whether a record is written as records are and its mac is the one of this key."""
    shape = RECORD.fullmatch(record)
    if shape is None:
        return False
    event, mac, prev = shape[1], bytes.fromhex(shape[2].decode()), bytes.fromhex(shape[3].decode())
    return hmac.compare_digest(mac_of(key, prev, event), mac)


def claims(action: object, payload: object) -> list[tuple[bytes, int, bytes]]:
    """Return what a heartbeat or close says of writers: writer, its last number, its last mac; nothing of other events."""
    if action not in {HEARTBEAT, CLOSE} or not isinstance(payload, dict):
        return []
    told = payload.get(WRITERS)
    try:
        return [(bytes.fromhex(name), int(seq), bytes.fromhex(mac)) for name, (seq, mac) in dict(told or {}).items()]
    except (TypeError, ValueError):
        return []


def new_salt() -> bytes:
    """Return 32 random bytes: the salt of one person, kept and deleted with that person's data."""
    return secrets.token_bytes(32)


def commitment(label: str, value: str, salt: bytes) -> str:
    """Return what stands in a payload for a person's value: whoever has salt and value can show that it was this one.

    Without the salt nobody can try values out, so deleting the salt makes the log forget the person.
    """
    if len(salt) < 16:
        raise EventRefused("a salt has at least 16 bytes")
    return "c1:" + hmac.digest(salt, sha256(label.encode()).digest() + value.encode(), "sha256").hex()


def opens(committed: str, label: str, value: str, salt: bytes) -> bool:
    """Return whether a commitment is to this value under this label and salt."""
    return hmac.compare_digest(committed, commitment(label, value, salt))
