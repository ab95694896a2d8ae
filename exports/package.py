"""Packages: Parquet tables with a signed manifest, encrypted to one recipient (§12.4, 12.6, 12.9, 14.3; F09, R-088, R-100, R-103).

    manifest = Manifest("allocated", 1, "BNSP", "LSP:LSP-1", sequence=3, previous_sha256="ab..", created_at="2026-03-02T01:00:00Z",
                        facts={"batch_id": 17})
    sealed = write({"allocated": table}, manifest, recipient="age1...", signer=keys.signer)
    opened = read(sealed.data, keys=keys, senders=Senders.of(cards), schemas={"allocated": schema}, last=Link())

A package is a tar of `manifest.json`, `manifest.sig` and one Parquet file a table, inside age: `age -d -i KEY package | tar x` and any
Parquet tool open it too. `read` looks at nothing before it is proven: first who it is for, then who signed it, then its place
in the chain, then whether each file is the one that was signed, and only then into the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from exports import age
from exports.package_manifest import MOST_BYTES, File, Manifest, read_manifest
from exports.package_tables import MOST_ROWS, from_parquet, to_parquet
from exports.package_tar import MANIFEST, SIGNATURE, pack, unpack
from posko.domain.package import Link, check_order
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from exports.package_keys import Keys, Senders, Signer
    from exports.package_tables import Schema

MOST_FILE = 128 * 1024 * 1024
"""Bytes of a package; nothing of a larger one is read."""
ENDING = ".posko"


@dataclass(frozen=True)
class Sealed:
    """A package: its bytes and its manifest with the files."""

    data: bytes
    manifest: Manifest

    @property
    def sha256(self) -> str:
        """SHA-256 of the file in hex, by which two people on the telephone tell that they have the same."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Opened:
    """A package that was found good: its manifest, its tables of the newest version, SHA-256 of the file in hex."""

    manifest: Manifest
    tables: dict[str, pa.Table]
    sha256: str


def write(content: Mapping[str, pa.Table], manifest: Manifest, *, recipient: str, signer: Signer) -> Sealed:
    """Make a package.

    Args:
        content: name of a table (a-z, 0-9, _) -> its rows; the file is called after it.
        manifest: everything but `files`.
        recipient: age key of the recipient, `age1...`.
        signer: key of the sender.

    Raises:
        Refused: a name, fact or number that no reader would take, more rows or bytes than it would, or no key.
    """
    if any(table.num_rows > MOST_ROWS for table in content.values()):
        raise refuse("PACKAGE_TOO_LARGE", what=f"paling banyak {MOST_ROWS} baris")
    files = {f"{name}.parquet": to_parquet(table) for name, table in content.items()}
    listed = tuple(
        File(
            f"{name}.parquet",
            table.num_rows,
            len(files[f"{name}.parquet"]),
            sha256(files[f"{name}.parquet"]).hexdigest(),
        )
        for name, table in content.items()
    )
    whole = manifest.with_files(listed)
    text = read_manifest(whole.text).text
    archive = pack({MANIFEST: text, SIGNATURE: _signature(signer, text), **files})
    data = age.encrypt(archive, recipient)
    if len(data) > MOST_FILE or len(text) > MOST_BYTES:
        raise refuse("PACKAGE_TOO_LARGE", what=f"paling besar {MOST_FILE // 2**20} MiB")
    return Sealed(data, whole)


def read(
    data: bytes, *, keys: Keys, senders: Senders, schemas: Mapping[str, Schema], last: Mapping[str, Link] | None = None
) -> Opened:
    """Open a package for the body whose keys these are.

    Args:
        data: the file.
        keys: secret keys of the recipient.
        senders: whose signatures count.
        schemas: kinds of packages that can be read here, by name.
        last: sender -> last package that was taken over from it; None: only look, whatever its place in the chain.

    Raises:
        Refused: with a sentence of `posko.domain.refusals.package`; nothing of it may be loaded.
    """
    manifest, files = read_signed(data, keys=keys, senders=senders)
    if last is not None:
        link = last.get(manifest.sender, Link())
        check_order(link, sender=manifest.sender, sequence=manifest.sequence, previous=manifest.previous_sha256)
    schema = schemas.get(manifest.schema)
    if schema is None:
        raise refuse("PACKAGE_SCHEMA_UNKNOWN", schema=manifest.schema)
    schema.check_version(manifest.schema_version)
    tables = {file.name.removesuffix(".parquet"): from_parquet(files[file.name], file.rows) for file in manifest.files}
    return Opened(manifest, schema.brought_up(tables, manifest.schema_version), sha256(data).hexdigest())


def read_signed(data: bytes, *, keys: Keys, senders: Senders) -> tuple[Manifest, dict[str, bytes]]:
    """Return the manifest and the files of a package whose signature and digests hold; the tables are not looked into.

    Raises:
        Refused: as `read`, but for order, schema and tables.
    """
    if len(data) > MOST_FILE:
        raise refuse("PACKAGE_TOO_LARGE", what=f"paling besar {MOST_FILE // 2**20} MiB")
    files = unpack(age.decrypt(data, keys.identities, keys.body))
    text, signature = files.pop(MANIFEST), files.pop(SIGNATURE)
    if len(text) > MOST_BYTES:
        raise refuse("PACKAGE_TOO_LARGE", what="manifesnya")
    manifest = read_manifest(text)
    name, proof = _read_signature(signature)
    senders.check(manifest.sender, name, text, proof)
    if manifest.recipient != keys.body:
        raise refuse("PACKAGE_WRONG_RECIPIENT", recipient=manifest.recipient, body=keys.body)
    _check_files(manifest, files)
    return manifest, files


def _check_files(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Refuse files that are not, to the byte, those of the signed manifest."""
    if files.keys() != {file.name for file in manifest.files}:
        raise refuse("PACKAGE_CONTENT", what="berkasnya lain")
    for file in manifest.files:
        content = files[file.name]
        if len(content) != file.bytes or sha256(content).hexdigest() != file.sha256:
            raise refuse("PACKAGE_CONTENT", what=file.name)


def _signature(signer: Signer, text: bytes) -> bytes:
    return f"{signer.id} {signer.sign(text).hex()}\n".encode()


def _read_signature(content: bytes) -> tuple[str, bytes]:
    """Return the name of the key and the signature; what is none is a signature that does not hold."""
    name, _, proof = content.decode("ascii", "replace").strip().partition(" ")
    try:
        return name, bytes.fromhex(proof)
    except ValueError:
        return name, b""
