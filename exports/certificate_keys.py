"""The Ed25519 keys that sign certificates: the newest signs, every one that ever signed still verifies (§13.12; requirements 8.3 no. 4).

Private keys are files `certificate-signing-0001`, `-0002`, ... in the folder of secrets. Their public halves travel as one JSON document
that anybody may keep: `{"kind": "posko-certificate-keys", "keys": [{"id": "9f...", "public": "..."}]}`, oldest first, both in hex.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posko.db.secrets import read_or_make_key
from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "certificate-signing-{:04d}"
KIND = "posko-certificate-keys"
ID_BYTES, PUBLIC_BYTES, SIGNATURE_BYTES = 8, 32, 64
_FILE = re.compile(r"certificate-signing-\d{4}")
_WRONG = "Berkas kunci publik sertifikat tidak dapat dibaca. Minta lagi berkasnya kepada BNSP."


def key_id(public: bytes) -> bytes:
    """Return the 8 bytes by which a signature names its key."""
    return sha256(b"posko-bnsp/certificate-key\n" + public).digest()[:ID_BYTES]


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs now: `private` is 32 bytes."""

    private: bytes

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        """The key's name in signatures."""
        return key_id(self.public)

    def sign(self, what: str, data: bytes) -> bytes:
        """Return the signature, 64 bytes, over data of one kind; a signature of one kind is none of another."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(_message(what, data))


@dataclass(frozen=True)
class PublicKeys:
    """Keys whose signatures count: name -> public half."""

    by_id: Mapping[bytes, bytes]

    @classmethod
    def of(cls, publics: Iterable[bytes]) -> PublicKeys:
        """Return the ring of these public halves, oldest first."""
        return cls({key_id(public): public for public in publics})

    def knows(self, name: bytes) -> bool:
        """Return whether this key is one of the ring."""
        return name in self.by_id

    def holds(self, name: bytes, what: str, data: bytes, signature: bytes) -> bool:
        """Return whether the named key of the ring signed these data as something of this kind."""
        public = self.by_id.get(name)
        if public is None or len(signature) != SIGNATURE_BYTES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, _message(what, data))
        except InvalidSignature:
            return False
        return True

    def text(self) -> str:
        """Return the ring as the document that travels."""
        keys = [{"id": name.hex(), "public": public.hex()} for name, public in self.by_id.items()]
        return json.dumps({"kind": KIND, "keys": keys}, indent=1) + "\n"


def signer_in(secrets: Path) -> Signer:
    """Return the key that signs: the newest in the folder of secrets; the first call makes the first."""
    return Signer(read_or_make_key(secrets / FILE.format(max(_last(secrets), 1))))


def rotate(secrets: Path) -> Signer:
    """Make a new key that signs from now on; what the older ones signed stays valid."""
    return Signer(read_or_make_key(secrets / FILE.format(_last(secrets) + 1)))


def public_keys_in(secrets: Path) -> PublicKeys:
    """Return the public halves of all keys in the folder of secrets."""
    signer_in(secrets)
    files = sorted(path for path in secrets.iterdir() if _FILE.fullmatch(path.name))
    return PublicKeys.of(Signer(read_or_make_key(path)).public for path in files)


def read_public_keys(text: str) -> PublicKeys:
    """Read the document of public keys.

    Raises:
        BadInput: it is none, or a name is not the one of its key.
    """
    try:
        document: Any = json.loads(text)
        if document["kind"] != KIND:
            raise BadInput(_WRONG)
        publics = [(str(one["id"]), bytes.fromhex(one["public"])) for one in document["keys"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(_WRONG) from error
    if not publics or any(len(public) != PUBLIC_BYTES or key_id(public).hex() != name for name, public in publics):
        raise BadInput(_WRONG)
    return PublicKeys.of(public for _, public in publics)


def _last(secrets: Path) -> int:
    """Return the number of the newest key; 0: there is none."""
    if not secrets.is_dir():
        return 0
    return max((int(path.name[-4:]) for path in secrets.iterdir() if _FILE.fullmatch(path.name)), default=0)


def _message(what: str, data: bytes) -> bytes:
    return f"posko-bnsp/{what}/1\n".encode() + data
