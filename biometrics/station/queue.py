"""What was taken while the line was cut: a chain of signed entries in one file that only grows until the server has it (§13.2-13.6; R-185).

Each entry names its number and the hash of the one before; numbers go on for as long as the station keeps its key. An entry counts
when its line is on the disk with its end: a line that a cut of the power left half is taken away, because nobody was told that it
counted. The first line is the head: number and hash of the last entry that the server confirmed. Fingers stand here as templates sealed
for the server, images never.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature

from biometrics.errors import BiometricError
from biometrics.station.files import append, read_whole, write_whole
from posko.domain.audit import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from biometrics.station.keys import StationKeys

NAME = "queue.jsonl"
DOMAIN = b"POSKO-STATION-ENTRY-1\n"


class QueueBroken(BiometricError):
    """The file of waiting attendance was changed by somebody, or the disk is failing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Antrean absensi di {folder / NAME} rusak. Jangan dihapus; salin berkasnya dan hubungi BNSP sebelum melanjutkan."
        )


@dataclass
class Queue:
    """The chain of one station; one process holds it (`files.alone`)."""

    folder: Path
    keys: StationKeys
    head_seq: int = 0
    head_hash: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, keys: StationKeys) -> Queue:
        """Read the chain from the disk, or begin it.

        Raises:
            QueueBroken: a whole line is not what this station wrote.
        """
        made = cls(folder, keys, head_hash=root_of(keys.key_id))
        data = read_whole(folder / NAME)
        if data is None:
            made._rewrite()
            return made
        whole = data[: data.rfind(b"\n") + 1]
        if not whole:
            raise QueueBroken(folder)
        if whole != data:
            write_whole(folder / NAME, whole)
        made._take(whole)
        return made

    @property
    def last(self) -> tuple[int, str]:
        """Number and hash of the newest entry, or of the head where nothing waits."""
        if not self.entries:
            return self.head_seq, self.head_hash
        return self.entries[-1]["entry"]["seq"], hash_of(self.entries[-1])

    def add(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Sign one entry, put it on the disk, and return it; when this returns, it counts."""
        seq, before = self.last
        entry = {**told, "seq": seq + 1, "previous": before, "key_id": self.keys.key_id}
        signature = self.keys.signing.sign(DOMAIN + canonical(entry).encode())
        signed = {"entry": entry, "signature": base64.b64encode(signature).decode()}
        append(self.folder / NAME, canonical(signed).encode() + b"\n")
        self.entries.append(signed)
        return signed

    def confirm(self, seq: int) -> None:
        """Let go of the entries up to this number, which the server has; the chain goes on from there."""
        done = [one for one in self.entries if one["entry"]["seq"] <= seq]
        if not done:
            return
        self.head_seq, self.head_hash = done[-1]["entry"]["seq"], hash_of(done[-1])
        self.entries = self.entries[len(done) :]
        self._rewrite()

    def _rewrite(self) -> None:
        head = {"head": {"seq": self.head_seq, "hash": self.head_hash, "key_id": self.keys.key_id}}
        lines = [canonical(line) for line in (head, *self.entries)]
        write_whole(self.folder / NAME, ("\n".join(lines) + "\n").encode())

    def _take(self, data: bytes) -> None:
        try:
            head, *lines = [json.loads(line) for line in data.decode().splitlines()]
            told = head["head"]
            self.head_seq, self.head_hash = int(told["seq"]), str(told["hash"])
            is_own = told["key_id"] == self.keys.key_id
        except (ValueError, KeyError, TypeError) as error:
            raise QueueBroken(self.folder) from error
        if not is_own:
            self._begin_anew(lines)
            return
        for line in lines:
            seq, before = self.last
            if not is_signed(line, self.keys.signing.public_key()) or (
                (line["entry"]["seq"], line["entry"]["previous"]) != (seq + 1, before)
            ):
                raise QueueBroken(self.folder)
            self.entries.append(line)

    def _begin_anew(self, lines: Sequence[object]) -> None:
        """Begin the chain of a new key; only where nothing of the old one waits, because its key cannot send it any more."""
        if lines:
            raise QueueBroken(self.folder)
        self.head_seq, self.head_hash = 0, root_of(self.keys.key_id)
        self._rewrite()


def root_of(key_id: str) -> str:
    """Return what stands before the first entry of a key's chain."""
    return sha256(DOMAIN + key_id.encode()).hexdigest()


def hash_of(signed: Mapping[str, Any]) -> str:
    """Return the hash of a signed entry: what the next one names."""
    return sha256(DOMAIN + canonical(signed["entry"]).encode()).hexdigest()


def is_signed(signed: object, key: Ed25519PublicKey) -> bool:
    """Return whether this is an entry with the signature of this key."""
    if not isinstance(signed, dict) or not isinstance(signed.get("entry"), dict):
        return False
    try:
        signature = base64.b64decode(str(signed.get("signature")), validate=True)
        key.verify(signature, DOMAIN + canonical(signed["entry"]).encode())
    except (InvalidSignature, ValueError):
        return False
    return all(name in signed["entry"] for name in ("seq", "previous"))
