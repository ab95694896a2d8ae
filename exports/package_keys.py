"""The two keys of a body that sends and receives packages: Ed25519 signs, X25519 (age) opens (§12.4; F09, R-088).

Secret halves are files in a folder outside the repository, readable by their owner only: `package-<body>-0001.sign` (32 bytes) and
`package-<body>-0001.age` (one line, as the program `age` takes it). The newest signs; every one of them opens. The public halves travel
as a card: `{"kind": "posko-package-card", "body": "LSP:LSP-1", "sign": "<64 hex digits>", "age": "age1..."}`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exports import age
from posko.db.secrets import read_or_make_key, write_secret
from posko.domain.errors import ConfigurationError
from posko.domain.package import body as checked_body
from posko.domain.package import key_id
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

KIND = "posko-package-card"
PUBLIC_BYTES, SIGNATURE_BYTES = 32, 64
_PREFIX = b"posko-bnsp/package-manifest/1\n"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key with which a body signs: `private` is 32 bytes."""

    private: bytes

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """The key's name."""
        return key_id(self.public)

    def sign(self, manifest: bytes) -> bytes:
        """Return the signature over a manifest, 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(_PREFIX + manifest)


@dataclass(frozen=True)
class Senders:
    """Whose signatures count: body -> name of a key -> its public half."""

    keys: Mapping[str, Mapping[str, bytes]]

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Senders:
        """Return the senders that these cards name; several cards of a body add up."""
        found: dict[str, dict[str, bytes]] = {}
        for card in cards:
            found.setdefault(card.body, {})[key_id(card.sign)] = card.sign
        return cls(found)

    def check(self, sender: str, name: str, manifest: bytes, signature: bytes) -> None:
        """Refuse a manifest that this key of this sender did not sign."""
        public = self.keys.get(sender, {}).get(name)
        if public is None:
            raise refuse("PACKAGE_UNKNOWN_SENDER", sender=sender)
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, _PREFIX + manifest)
        except InvalidSignature as error:
            raise refuse("PACKAGE_SIGNATURE", sender=sender) from error


@dataclass(frozen=True, slots=True)
class Card:
    """What a body tells the others: its name and the public halves of its keys."""

    body: str
    sign: bytes
    age: str

    def text(self) -> str:
        """Return the card as the document that travels."""
        return json.dumps({"kind": KIND, "body": self.body, "sign": self.sign.hex(), "age": self.age}, indent=1) + "\n"


def read_card(text: str) -> Card:
    """Read a card.

    Raises:
        Refused: it is none, or its keys are none.
    """
    try:
        document: Any = json.loads(text)
        name, sign, recipient = (str(document[part]) for part in ("body", "sign", "age"))
        public, is_card = bytes.fromhex(sign), document["kind"] == KIND
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refuse("PACKAGE_KEY_WRONG", body="pemiliknya") from error
    if not is_card or len(public) != PUBLIC_BYTES or not any(public) or not age.is_recipient(recipient):
        raise refuse("PACKAGE_KEY_WRONG", body="pemiliknya")
    return Card(checked_body(name), public, recipient)


@dataclass(frozen=True)
class Keys:
    """The secret keys of one body: the newest signs, all of them open."""

    body: str
    signer: Signer
    identities: Sequence[str]

    @property
    def card(self) -> Card:
        """The public halves of the newest keys."""
        return Card(self.body, self.signer.public, age.recipient_of(self.identities[-1]))


def keys_in(folder: Path, body: str) -> Keys | None:
    """Return the keys of a body that lie in a folder, or None: it has none there.

    Raises:
        ConfigurationError: one file of the pair is missing.
    """
    numbers = _numbers(folder, body)
    return _keys(folder, body, numbers) if numbers else None


def make_keys(folder: Path, body: str) -> Keys:
    """Make new keys of a body, which sign from now on; the older ones stay, to open what was sent to them.

    Raises:
        Refused: it is no name of a body.
    """
    checked_body(body)
    number = max(_numbers(folder, body), default=0) + 1
    read_or_make_key(_file(folder, body, number, "sign"))
    # The second file makes the pair: a pair that was cut short between the two is made again under the same number.
    write_secret(_file(folder, body, number, "age"), f"{age.new_identity()}\n".encode())
    return _keys(folder, body, _numbers(folder, body))


def bodies_in(folder: Path) -> list[str]:
    """Return the bodies that have keys in a folder."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    found = [re.fullmatch(r"package-(.+)-\d{4}\.age", name) for name in names]
    return sorted({unquote(match[1]) for match in found if match})


def _keys(folder: Path, body: str, numbers: Sequence[int]) -> Keys:
    identities = [_file(folder, body, number, "age").read_text("ascii").strip() for number in numbers]
    signing = _file(folder, body, numbers[-1], "sign")
    if not signing.exists():
        raise ConfigurationError(
            f"Berkas kunci {signing.name} tidak ada. Pulihkan dari cadangan, atau buat kunci baru."
        )
    return Keys(body, Signer(read_or_make_key(signing)), identities)


def _file(folder: Path, body: str, number: int, kind: str) -> Path:
    return folder / f"package-{quote(body, safe='')}-{number:04d}.{kind}"


def _numbers(folder: Path, body: str) -> list[int]:
    name = re.compile(re.escape(f"package-{quote(body, safe='')}-") + r"(\d{4})\.age")
    found = [name.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(match[1]) for match in found if match)
