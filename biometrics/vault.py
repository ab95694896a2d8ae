"""Templates under their key: AES-256-GCM each, with its row as associated data, keys in files outside the database (§6.1; R-187).

A row that was moved to another person, finger, version or format does not open. Keys are files `finger-template-1`, `-2`, ... of the
folder of secrets: the newest one seals, each one opens what it sealed. A template is never in a log, a model or an export.
"""

from __future__ import annotations

import re
import secrets
import threading
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from biometrics.errors import TemplateBroken
from biometrics.types import Template
from posko.db.secrets import read_or_make_key
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from posko.settings import Settings

NAME = re.compile(r"finger-template-([1-9][0-9]*)")
FIRST = "finger-template-1"
NONCE_BYTES = 12
Sealed = tuple[str, bytes, bytes]
"""Name of the key, nonce, ciphertext with its tag."""


class Vault:
    """Seals and opens templates; one a process, safe for threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._ciphers: dict[str, AESGCM] = {}
        self._newest = ""
        self._seen = -1

    @classmethod
    def of(cls, settings: Settings) -> Vault:
        """Return the vault of an installation; its first key is made by the first template."""
        return cls(settings.secrets)

    @property
    def newest(self) -> str:
        """Name of the key that seals; looked up again when the folder has changed, because another process may have made one."""
        with self._lock:
            changed = self._folder.stat().st_mtime_ns if self._folder.exists() else 0
            if not self._newest or changed != self._seen:
                self._newest = max(self.key_ids(), key=number_of, default=FIRST)
                self._seen = changed
            return self._newest

    def key_ids(self) -> list[str]:
        """Return the names of the keys that there are, oldest first."""
        names = [path.name for path in self._folder.glob("finger-template-*") if NAME.fullmatch(path.name)]
        return sorted(names, key=number_of)

    def make_key(self) -> str:
        """Make the next key, which seals from now on, and return its name."""
        name = f"finger-template-{max(map(number_of, self.key_ids()), default=0) + 1}"
        read_or_make_key(self._folder / name)
        with self._lock:
            self._newest = ""
        return name

    def made_at(self, key_id: str) -> float:
        """Return when a key was made, in seconds since 1970."""
        return (self._folder / key_id).stat().st_mtime

    def forget(self, key_id: str) -> None:
        """Remove a key's file; what lies under it can never be opened again."""
        with self._lock:
            self._ciphers.pop(key_id, None)
            (self._folder / key_id).unlink()

    def seal(
        self, template: Template, *, kind: str, person_id: str, version: int, seq: int, key_id: str | None = None
    ) -> Sealed:
        """Encrypt one template for its row.

        Args:
            template: what the matcher made.
            kind: `TKI` or `STAFF`.
            person_id: whose finger it is.
            version: of her set of templates.
            seq: number of the impression of this finger in the set.
            key_id: name of the key; None: the newest.
        """
        name = key_id or self.newest
        nonce = secrets.token_bytes(NONCE_BYTES)
        associated = _associated(kind, person_id, template.finger, template.format, seq, version, name)
        return name, nonce, self._cipher(name, make=key_id is None).encrypt(nonce, template.data, associated)

    def open(self, row: Mapping[str, Any]) -> Template:
        """Decrypt the template of a row of `finger_template`.

        Raises:
            TemplateBroken: the row was changed, or belongs to somebody else.
            ConfigurationError: its key file is missing.
        """
        where = (row["person_kind"], row["person_id"], row["finger"], row["format"], row["seq"], row["version"])
        associated = _associated(*where, row["key_id"])
        try:
            data = self._cipher(row["key_id"]).decrypt(bytes(row["nonce"]), bytes(row["ciphertext"]), associated)
        except InvalidTag as error:
            raise TemplateBroken("Templat sidik jari di basis data rusak atau dipindahkan. Hubungi BNSP.") from error
        return Template(row["format"], int(row["finger"]), data, int(row["minutiae"]), row["quality"])

    def _cipher(self, name: str, *, make: bool = False) -> AESGCM:
        """Return the cipher of a key; only the very first key comes into being by use, a lost one never does."""
        found = self._ciphers.get(name)
        if found is None:
            path = self._folder / name
            is_first = make and name == FIRST and not self.key_ids()
            if not NAME.fullmatch(name) or not (path.exists() or is_first):
                raise ConfigurationError(f"Berkas kunci templat {name[:40]} tidak ada. Pulihkan dari cadangan.")
            found = self._ciphers[name] = AESGCM(read_or_make_key(path))
        return found


def number_of(key_id: str) -> int:
    """Return the number in the name of a key."""
    found = NAME.fullmatch(key_id)
    return int(found[1]) if found else 0


def _associated(kind: str, person_id: str, finger: int, form: str, seq: int, version: int, key_id: str) -> bytes:
    """Return what is authenticated with a template; each part with its length, so that none can take over from the next."""
    parts = ("finger_template", kind, person_id, str(finger), form, str(seq), str(version), key_id)
    return "|".join(f"{len(part)}:{part}" for part in parts).encode()
