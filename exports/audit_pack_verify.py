"""Verify an auditor's pack from the file alone: no server, no settings, only keys and checkpoints that the auditor holds (§5.7; R-025).

First the archive to the byte, the signature, each file and their order; when these hold, the log against checkpoints and the tables against
the log and each other. So a change by a stranger is named by its file, and one by who holds BNSP's key by what no longer fits.
"""

from __future__ import annotations

import re
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from exports import audit_pack_checks, audit_pack_log
from exports.audit_pack import COUNTED, FILE_ROWS, README, file_of, schema_of
from exports.audit_pack_archive import MANIFEST, SIGNATURE, Broken, Reader
from exports.audit_pack_findings import Verdict
from exports.audit_pack_manifest import MOST_BYTES, WHAT, NoManifest, read_manifest
from exports.package_tables import MOST_UNPACKED, read_here
from posko.domain.audit import iso
from posko.domain.errors import BadInput, Refused
from posko.services.audit_pack_rows import MARGIN, Period
from posko.services.audit_pack_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exports.audit_pack_archive import Member
    from exports.audit_pack_manifest import File, Manifest
    from exports.certificate_keys import PublicKeys
    from posko.services.audit_notes import Checkpoint, PublicKey

MOST_FILE = 256 * 1024 * 1024
_SIGNED = re.compile(rb"([0-9a-f]{16}) ([0-9a-f]{128})\n")


class _BadTable(Exception):
    """A table of a signed pack cannot be read; what depends on it is not checked."""


def verify(
    file: IO[bytes],
    *,
    keys: PublicKeys,
    log_key: PublicKey,
    held: Sequence[Checkpoint],
    witnesses: Sequence[PublicKey] = (),
) -> Verdict:
    """Verify a pack.

    Args:
        file: the pack, open for reading and seeking.
        keys: BNSP's public keys, from where they were published.
        log_key: the public key of the log, from where it was published.
        held: checkpoints that the auditor got earlier or from others; one at least.
        witnesses: keys whose cosignature each of those must bear.

    Raises:
        BadInput: no checkpoint was given; without one nobody but the makers vouches for the log.
    """
    if not held:
        raise BadInput("Tidak ada checkpoint. Berikan paling sedikit satu berkas .note yang pernah Anda terima.")
    verdict = Verdict()
    try:
        reader = Reader.of(file)
    except Broken as error:
        verdict.add("archive", error)
        return verdict
    manifest = _signed(reader, keys, verdict)
    if manifest is None:
        return verdict
    verdict.first, verdict.last, verdict.counts = manifest.first, manifest.last, manifest.counts.get("table", {})
    _check_files(reader, manifest, verdict)
    if verdict.is_clean:
        _look_into(_Pack(reader, manifest), log_key, held, witnesses, verdict)
    return verdict


def _signed(reader: Reader, keys: PublicKeys, verdict: Verdict) -> Manifest | None:
    """Return the manifest, if it can be read, after checking who signed it."""
    found = {member.name: member for member in reader.members[-2:]}
    if [member.name for member in reader.members[-2:]] != [MANIFEST, SIGNATURE]:
        verdict.add("missing", SIGNATURE if MANIFEST in {member.name for member in reader.members} else MANIFEST)
        return None
    text = reader.content(found[MANIFEST], MOST_BYTES + 1)
    signed = _SIGNED.fullmatch(reader.content(found[SIGNATURE], 1024))
    if signed is None:
        verdict.add("signature", "tanda tangannya tidak terbaca")
    elif not keys.knows(bytes.fromhex(signed[1].decode())):
        verdict.add("key", signed[1].decode())
    elif not keys.holds(bytes.fromhex(signed[1].decode()), WHAT, text, bytes.fromhex(signed[2].decode())):
        verdict.add("signature", signed[1].decode())
    try:
        return read_manifest(text)
    except NoManifest as error:
        verdict.add("manifest", error)
        return None


def _check_files(reader: Reader, manifest: Manifest, verdict: Verdict) -> None:
    """Check that the archive holds exactly the files of the manifest, in their order, byte by byte."""
    members, wanted = reader.members[:-2], [file.name for file in manifest.files]
    there = [member.name for member in members]
    for name in wanted:
        if name not in there:
            verdict.add("missing", name)
    for place, name in enumerate(there):
        if name not in wanted or name in there[:place]:
            verdict.add("extra", name)
    if there != wanted and sorted(there) == sorted(wanted):
        verdict.add("order", next(name for name, other in zip(there, wanted, strict=True) if name != other))
    by_name = {file.name: file for file in manifest.files}
    for member in members:
        file = by_name.get(member.name)
        if file is not None and not _is_same(reader, member, file):
            verdict.add("file", member.name)
    _check_names(manifest, verdict)


def _is_same(reader: Reader, member: Member, file: File) -> bool:
    return member.size == file.bytes and reader.digest(member) == file.sha256


def _check_names(manifest: Manifest, verdict: Verdict) -> None:
    """Check that the files are the tables of this version, numbered without a gap, with as many rows as are counted."""
    left = [(file.name, file.rows) for file in manifest.files]
    expected: list[str] = [README]
    for name in TABLES:
        rows = [count for file, count in left if file.startswith(f"{name}/")]
        expected += [file_of(name, number) for number in range(1, len(rows) + 1)]
        if sum(rows) != manifest.counts.get("table", {}).get(name, 0):
            verdict.add("count", name)
    if expected != [name for name, _ in left]:
        verdict.add("manifest", "daftar berkasnya bukan tabel-tabel paket")


class _Pack:
    """Reads the tables of a pack whose files are those that were signed."""

    def __init__(self, reader: Reader, manifest: Manifest) -> None:
        self.reader, self.manifest = reader, manifest
        self._members = {member.name: member for member in reader.members}

    def read(self, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield these columns of a table, row by row.

        Raises:
            _BadTable: a file of it is no such table.
        """
        for file in self.manifest.files:
            if file.name.startswith(f"{name}/"):
                yield from self._rows(name, file, columns)

    def _rows(self, name: str, file: File, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        try:
            content = self.reader.content(self._members[file.name], MOST_FILE)
            table = read_here(content, file.rows, FILE_ROWS, MOST_UNPACKED)
        except Refused as error:
            raise _BadTable(file.name) from error
        if not table.schema.equals(schema_of(name), check_metadata=False):
            raise _BadTable(file.name)
        return zip(*(table[column].to_pylist() for column in columns), strict=True)


def _look_into(
    pack: _Pack, log_key: PublicKey, held: Sequence[Checkpoint], witnesses: Sequence[PublicKey], verdict: Verdict
) -> None:
    """Check what the tables say."""
    events, notes = pack.read("event", "place", "record"), pack.read("checkpoint", "size", "note")
    told = audit_pack_log.Told(*_written_in(pack.manifest))
    log = pack.manifest.log
    try:
        audit_pack_log.check(
            log, events, notes, key=log_key, held=held, witnesses=witnesses, told=told, verdict=verdict
        )
        for name, columns in COUNTED.items():
            if audit_pack_checks.counted_again(pack.read, name, columns) != pack.manifest.counts.get(name, {}):
                verdict.add("count", name)
        audit_pack_checks.check_all(pack.read, told, verdict)
    except _BadTable as error:
        verdict.add("table", error)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        # Who holds BNSP's key can sign rows that no program of ours writes: empty where they may not be, no hash where one stands.
        verdict.add("table", f"yang isinya tidak mungkin ({type(error).__name__})")


def _written_in(manifest: Manifest) -> tuple[str, str]:
    """Return from when to when an event must have its rows in the pack: rows are written up to `MARGIN` before their event."""
    period = Period(date.fromisoformat(manifest.first), date.fromisoformat(manifest.last))
    return iso(period.since + MARGIN), iso(period.until)
