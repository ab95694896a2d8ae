"""Verify the audit log from its records and published checkpoints alone (§5.3, §5.7, R-025, R-181).

Nothing here opens a database: an outsider runs it on an export, with the log's public key and the checkpoints that were
handed to him earlier. Whoever holds the key of the macs checks those too. What lies after the last checkpoint that is
given is *unverified*: it may be true, but this proves nothing about it.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain import audit
from posko.domain.errors import BadInput
from posko.domain.merkle import CompactRange, leaf_hash
from posko.domain.verdict import Flaws
from posko.services.audit_notes import Checkpoint, PublicKey, is_signed, witnessed_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SENTENCES = {
    "not_canonical": "Peristiwa {where}: baris tidak ditulis menurut bentuk baku.",
    "gap": "Penulis {where}: ada peristiwa sebelumnya yang hilang atau urutannya diubah.",
    "chain": "Penulis {where}: rantai putus, peristiwa sebelumnya bukan yang semula.",
    "mac": "Peristiwa {where}: MAC salah, isinya diubah atau dipalsukan.",
    "after_close": "Penulis {where}: menulis lagi sesudah ditutup.",
    "tail": "Penulis {where}: peristiwa terakhirnya hilang; penulis lain telah mencatatnya.",
    "claim": "Penulis {where}: peristiwa terakhirnya bukan yang dicatat penulis lain.",
    "root": "Checkpoint {where}: akar tidak cocok; isi log sebelum tempat itu diubah.",
    "truncated": "Checkpoint {where}: log lebih pendek dari checkpoint ini; ekornya dipotong.",
    "signature": "Checkpoint {where}: tidak ditandatangani kunci log.",
    "two_roots": "Checkpoint {where}: ada dua akar berbeda yang sama-sama ditandatangani; kunci log dipakai orang lain.",
    "witness": "Checkpoint {where}: tanda tangan saksi tidak ada.",
    "no_event": "Segel {where}: peristiwanya tidak ada lagi di tabel.",
    "leaf": "Segel {where}: sidik peristiwa tidak cocok dengan isi tabel.",
    "seal_gap": "Segel {where}: nomor segel sebelumnya hilang.",
    "lost_pending": "Peristiwa {where}: belum disegel dan tidak ada dalam antrean.",
    "no_checkpoint": "Checkpoint {where}: pernah terbit, tetapi tidak ada di basis data.",
    "not_in_table": "Berkas log baris {where}: tidak ada di tabel, atau isinya lain.",
    "torn": "Berkas log baris {where}: baris tidak utuh.",
}
"""Kind of finding -> sentence."""


@dataclass
class Verdict(Flaws):
    """What came out: how many records, up to where a given checkpoint proves them, and what is wrong."""

    sentences = SENTENCES
    size: int = 0
    root: bytes = b""
    verified: int = 0
    macs_checked: bool = False
    checkpoints: int = 0
    open_tails: int = 0
    unsealed: int = 0
    not_in_file: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return one flat document."""
        return {
            "size": self.size,
            "root": self.root.hex(),
            "verified": self.verified,
            "unverified": self.size - self.verified,
            "unsealed": self.unsealed,
            "open_tails": self.open_tails,
            "not_in_file": self.not_in_file,
            "macs_checked": self.macs_checked,
            "checkpoints": self.checkpoints,
            "clean": self.is_clean,
            "findings": self.told(),
        }


@dataclass
class _Writer:
    """Where a writer stands while the log is read."""

    seq: int = 0
    mac: bytes = audit.FIRST_PREV
    is_closed: bool = False


class LogReader:
    """Reads records in the log's order and checks what each must be. Shared by the verification of files and of tables.

    `edge` is the tree before the first record, where that is not the log's first: what a writer wrote before is then not known, and its
    first event here is taken as it comes. `told` hears each event.
    """

    def __init__(
        self,
        mac_key: bytes | None = None,
        *,
        edge: CompactRange | None = None,
        told: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.verdict = Verdict(macs_checked=mac_key is not None)
        self.tree = CompactRange() if edge is None else edge.copy()
        self.verdict.size = self.tree.size
        self._is_part = self.tree.size > 0
        self._key = mac_key
        self._told = told
        self._writers: dict[str, _Writer] = {}
        self._claims: dict[str, tuple[int, bytes]] = {}

    def feed(self, record: bytes) -> None:
        """Take the next sealed record."""
        self.tree.append(leaf_hash(record))
        self.verdict.size += 1
        self._check(record, self.verdict.size - 1)

    def feed_unsealed(self, record: bytes) -> None:
        """Take a record that has no place yet: its chain is checked, and heartbeats may count on it."""
        self._check(record, f"belum disegel ({self.verdict.unsealed + 1})")
        self.verdict.unsealed += 1

    def _check(self, record: bytes, where: object) -> None:
        shape = audit.RECORD.fullmatch(record)
        event = _event(shape[1]) if shape else None
        if not shape or event is None:
            self.verdict.add("not_canonical", where)
            return
        mac, prev = bytes.fromhex(shape[2].decode()), bytes.fromhex(shape[3].decode())
        if self._key is not None and not hmac.compare_digest(audit.mac_of(self._key, prev, shape[1]), mac):
            self.verdict.add("mac", where)
        name, seq = event["writer"], event["seq"]
        if self._is_part and name not in self._writers:
            self._writers[name] = _Writer(seq - 1, prev)
        writer = self._writers.setdefault(name, _Writer())
        if seq != writer.seq + 1:
            self.verdict.add("gap", f"{name}/{seq}")
        elif prev != writer.mac:
            self.verdict.add("chain", f"{name}/{seq}")
        if writer.is_closed:
            self.verdict.add("after_close", f"{name}/{seq}")
        writer.seq, writer.mac = max(seq, writer.seq), mac
        self._take_claims(event, name, writer)
        if self._told is not None:
            self._told(event)

    def _take_claims(self, event: dict[str, Any], name: str, writer: _Writer) -> None:
        claim = self._claims.get(name)
        if claim and claim[0] == writer.seq and claim[1] != writer.mac:
            self.verdict.add("claim", f"{name}/{writer.seq}")
        writer.is_closed = event["action"] == audit.CLOSE
        for told, seq, mac in audit.claims(event["action"], event["payload"]):
            other = self._writers.get(told.hex(), _Writer())
            if other.seq == seq and other.mac != mac:
                self.verdict.add("claim", f"{told.hex()}/{seq}")
            if seq > self._claims.get(told.hex(), (0, b""))[0]:
                self._claims[told.hex()] = (seq, mac)

    def end(self) -> Verdict:
        """Return the verdict after the last record, without the checkpoints' part."""
        self.verdict.root = self.tree.root()
        for name, (seq, _) in self._claims.items():
            is_before = self._is_part and name not in self._writers
            if not is_before and self._writers.get(name, _Writer()).seq < seq:
                self.verdict.add("tail", f"{name}/{seq}")
        self.verdict.open_tails = sum(
            not writer.is_closed and self._claims.get(name, (0, b""))[0] < writer.seq
            for name, writer in self._writers.items()
        )
        return self.verdict


class RootWatch:
    """Compares the growing tree with checkpoints whose signature was checked."""

    def __init__(self, checkpoints: Sequence[Checkpoint], key: PublicKey, witnesses: Sequence[PublicKey] = ()) -> None:
        self._roots: dict[int, set[bytes]] = {}
        self._problems: list[tuple[str, object]] = []
        self._is_broken = False
        for one in checkpoints:
            if not is_signed(one, key):
                self._problems.append(("signature", one.size))
                continue
            self._roots.setdefault(one.size, set()).add(one.root)
            if any(witnessed_at(one, witness) is None for witness in witnesses):
                self._problems.append(("witness", one.size))
        self._problems += [("two_roots", size) for size, roots in self._roots.items() if len(roots) > 1]

    def look(self, reader: LogReader) -> None:
        """Compare, if a checkpoint stands exactly here."""
        roots = self._roots.pop(reader.tree.size, None)
        if roots is None:
            return
        reader.verdict.checkpoints += 1
        if roots != {reader.tree.root()}:
            reader.verdict.add("root", reader.tree.size)
            self._is_broken = True
        elif not self._is_broken:
            reader.verdict.verified = reader.tree.size

    def end(self, reader: LogReader) -> None:
        """Write down what is left: checkpoints beyond the end of the log, and those that count for nothing."""
        for size in sorted(self._roots):
            reader.verdict.add("truncated", size)
        for kind, where in self._problems:
            reader.verdict.add(kind, where)


def verify_records(
    records: Iterable[bytes],
    checkpoints: Sequence[Checkpoint],
    key: PublicKey,
    *,
    mac_key: bytes | None = None,
    witnesses: Sequence[PublicKey] = (),
) -> Verdict:
    """Verify records in the log's order against checkpoints.

    Args:
        records: the lines of an export, without line ends.
        checkpoints: as many as the verifier was given, above all early ones.
        key: the log's public key, from where it was published, not from the export.
        mac_key: the key of the macs, for its holder; None for an outsider.
        witnesses: keys whose cosignature every checkpoint must carry.

    Raises:
        BadInput: not a single checkpoint was given; without one nothing can be proven.
    """
    if not checkpoints:
        raise BadInput("Tidak ada checkpoint. Berikan paling sedikit satu berkas .note yang pernah diterbitkan.")
    reader, watch = LogReader(mac_key), RootWatch(checkpoints, key, witnesses)
    watch.look(reader)
    for record in records:
        reader.feed(record)
        watch.look(reader)
    verdict = reader.end()
    watch.end(reader)
    return verdict


def _event(data: bytes) -> dict[str, Any] | None:
    """Return a record's event if it is written canonically and has its writer's parts."""
    try:
        event = json.loads(data)
        if audit.canonical(event).encode() != data or event["v"] != audit.FORMAT:
            return None
        is_whole = type(event["seq"]) is int and re.fullmatch(r"[0-9a-f]{16}", event["writer"])
    except (ValueError, KeyError, TypeError):
        return None
    return event if is_whole and isinstance(event["action"], str) and "payload" in event else None
