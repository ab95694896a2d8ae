"""What proves single events of the audit log, checked on the spot: mac, chain, seal, root and signature (§5.3, §5.7; R-025, R-181).

The whole log is checked by `audit_verify`. This checks a few events against the first signed checkpoint that covers them, from the
right edge that the checkpoint before it keeps, so that it costs what one sealing added and not what the log holds.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posko.db import audit_rows
from posko.domain import audit
from posko.domain.errors import BadInput
from posko.domain.merkle import CompactRange, inclusion_from, leaf_hash
from posko.services.audit_notes import is_signed, read_key, read_note
from posko.services.rows import one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import sqlalchemy as sa

    from posko.services.audit_notes import Checkpoint, PublicKey

CHECKS = ("mac", "chain", "seal", "root", "signature")
"""What is checked of an event, in this order. Each holds (True), does not (False), or cannot be told yet (None): the record's mac;
that it follows its writer's event before; that its seal is the hash of this record; that the tree over all seals up to the
checkpoint has the checkpoint's root; that the log's key signed that checkpoint."""
_EVENT = (
    f"select {audit_rows.EVENT_COLUMNS}, s.log_index, s.leaf_hash from posko_audit.audit_event e"
    " left join posko_audit.audit_seal s on s.event_id = e.event_id where e.writer_id = %s and e.writer_seq = %s"
)
_BEFORE = "select mac from posko_audit.audit_event where writer_id = :writer and writer_seq = :seq"
_COVER = "select size, note from posko_audit.audit_checkpoint where size > :place order by size limit 1"
_EDGE = "select size, frontier from posko_audit.audit_checkpoint where size <= :place order by size desc limit 1"
_LEAVES = (
    "select count(*) as leaves, group_concat(leaf_hash order by log_index separator '') as hashes from posko_audit.audit_seal"
    " where log_index >= :first and log_index < :last"
)
LEAVES_AT_ONCE = 10_000
"""Leaves that the server gives as one value: row by row, a sealing of a hundred thousand would take seconds."""
_ROOM = f"set session group_concat_max_len = {LEAVES_AT_ONCE * 32}"


@dataclass(frozen=True, slots=True)
class Held:
    """One event as the tables hold it: its row's number, record, mac before it, and its seal (None: it waits for one)."""

    event_id: int
    name: str
    writer_id: bytes
    writer_seq: int
    prev: bytes
    record: bytes
    place: int | None
    leaf: bytes | None


@dataclass(frozen=True, slots=True)
class Sealing:
    """What one sealing added, recomputed: its checkpoint (None: what stands there is none), the edge before it, its leaves."""

    size: int
    note: Checkpoint | None
    is_signed: bool | None
    edge: CompactRange
    leaves: list[bytes]
    is_root: bool


@dataclass
class Prover:
    """Checks events of one database; what one sealing added is read once."""

    db: sa.Connection
    key: PublicKey | None
    is_own_mac: Callable[[bytes], bool]
    sealings: dict[int, Sealing] = field(default_factory=dict)

    def check(self, held: Held) -> dict[str, bool | None]:
        """Return check -> outcome, every one of `CHECKS`."""
        sealing = None if held.place is None else self.sealing_of(held.place)
        return {
            "mac": self.is_own_mac(held.record),
            "chain": self._follows(held),
            "seal": None if held.leaf is None else leaf_hash(held.record) == held.leaf,
            "root": None if sealing is None else sealing.is_root,
            "signature": None if sealing is None else sealing.is_signed,
        }

    def sealing_of(self, place: int) -> Sealing | None:
        """Return the first sealing whose checkpoint covers a place; None where no checkpoint does yet."""
        cover = one(self.db, _COVER, place=place)
        if cover is None:
            return None
        size = int(cover["size"])
        if size not in self.sealings:
            self.sealings[size] = self._sealing(place, size, cover["note"])
        return self.sealings[size]

    def document(self, held: Held) -> dict[str, Any] | None:
        """Return the proof that `posko audit verify --proof` checks; None while no checkpoint covers the event."""
        sealing = None if held.place is None else self.sealing_of(held.place)
        if sealing is None or sealing.note is None or held.place is None or not sealing.is_root:
            return None
        path = inclusion_from(sealing.edge, sealing.leaves, held.place)
        return {
            "kind": "inclusion",
            "index": held.place,
            "record": held.record.decode(),
            "checkpoint": sealing.note.text,
            "proof": [base64.b64encode(one).decode() for one in path],
        }

    def _follows(self, held: Held) -> bool:
        if held.writer_seq == 1:
            return held.prev == audit.FIRST_PREV
        before = one(self.db, _BEFORE, writer=held.writer_id, seq=held.writer_seq - 1)
        return before is not None and before["mac"] == held.prev

    def _sealing(self, place: int, size: int, text: str) -> Sealing:
        note = _note(text)
        row = one(self.db, _EDGE, place=place)
        first = int(row["size"]) if row else 0
        frontier = row["frontier"] if row else b""
        edge = CompactRange(first, [frontier[at : at + 32] for at in range(0, len(frontier), 32)])
        leaves = self._leaves(first, size)
        is_whole = len(leaves) == size - first and len(edge.roots) == first.bit_count()
        tree = CompactRange(edge.size, list(edge.roots))
        for leaf in leaves if is_whole else ():
            tree.append(leaf)
        is_root = note is not None and is_whole and (note.size, note.root) == (size, tree.root())
        is_ours = None if self.key is None else note is not None and is_signed(note, self.key)
        return Sealing(size, note, is_ours, edge, leaves, is_root)

    def _leaves(self, first: int, last: int) -> list[bytes]:
        """Return the leaf hashes of these places in order; fewer where a seal is missing."""
        self.db.exec_driver_sql(_ROOM)
        leaves: list[bytes] = []
        for start in range(first, last, LEAVES_AT_ONCE):
            end = min(start + LEAVES_AT_ONCE, last)
            row = one(self.db, _LEAVES, first=start, last=end)
            if row is None or row["leaves"] != end - start:
                break
            leaves += [row["hashes"][at : at + 32] for at in range(0, 32 * (end - start), 32)]
        return leaves


def _note(text: str) -> Checkpoint | None:
    try:
        return read_note(text)
    except BadInput:
        return None


def held(db: sa.Connection, name: object) -> Held | None:
    """Return an event by its name WRITER/NUMBER; None where there is none."""
    writer, _, number = name.partition("/") if isinstance(name, str) else ("", "", "")
    is_name = len(writer) == 16 and set(writer) <= set("0123456789abcdef") and number.isascii() and number.isdecimal()
    if not is_name or len(number) > 18:
        return None
    row = db.exec_driver_sql(_EVENT, (bytes.fromhex(writer), int(number))).one_or_none()
    if row is None:
        return None
    stored = audit_rows.stored(tuple(row))
    place = None if row[-2] is None else int(row[-2])
    return Held(stored.event_id, f"{writer}/{int(number)}", row[1], int(row[2]), row[3], stored.record, place, row[-1])


def log_key(folder: Path) -> PublicKey | None:
    """Return the log's public key as it lies beside the checkpoints; None before the first of them.

    Whoever rules this machine could have changed it: an outsider holds it against the key that was published.
    """
    file = folder / "log.vkey"
    return read_key(file.read_text("utf-8")) if file.exists() else None
