"""Seal the audit log: give each committed event its place, hash it into the Merkle tree, sign a checkpoint (§5.3, R-181).

Events become visible in another order than they are numbered, so nothing here says "greater than the last": what waits
stands in `audit_pending`. One sealer at a time, under a lease. It may be killed anywhere; the next goes on from the
last checkpoint, and refuses to sign over a past that is no longer the one it signed: the last checkpoint is also in a file.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posko.db import audit_rows
from posko.db.lease import held_lease
from posko.db.secrets import read_or_make_key
from posko.domain import audit
from posko.domain.errors import DataRefused
from posko.domain.merkle import CompactRange, leaf_hash
from posko.services.audit_notes import ORIGIN, is_signed, make_note, public_key, read_note

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pymysql.connections import Connection as PyMySQL

    from posko.db.engine import Server
    from posko.db.lease import Lease
    from posko.settings import Settings

ACCOUNT, SCHEMA, LEASE = "posko_sealer", "posko_audit", "seal"
SIGNING_KEY = "audit-signing"
"""Name of the file with the key of the checkpoints, in the folder of secrets: outside the database."""
BATCH = 10_000

_TAKE = "select event_id from audit_pending order by event_id limit %s for update skip locked"
_SEALED_UP_TO = (
    "select max(e.writer_seq) from audit_event e join audit_seal s on s.event_id = e.event_id where e.writer_id = %s"
)
_WAITING = (
    "select count(*) from audit_event e left join audit_seal s on s.event_id = e.event_id"
    " where e.writer_id = %s and e.writer_seq = %s and s.event_id is null"
)
_SEAL = "insert into audit_seal (log_index, event_id, leaf_hash) values (%s, %s, %s)"
# From the seals' side: a scan of audit_pending would wait for writers that have not committed.
_CLEAR = "delete p from audit_seal s straight_join audit_pending p on p.event_id = s.event_id where s.log_index >= %s"
_LAST = "select size, root, frontier, note from audit_checkpoint order by size desc limit 1"
_REST = "select log_index, leaf_hash from audit_seal where log_index >= %s order by log_index"
_CHECKPOINT = (
    "insert into audit_checkpoint (size, root, frontier, origin, note, made_at)"
    " values (%s, %s, %s, %s, %s, utc_timestamp(6))"
)


class PastChanged(DataRefused):
    """The database no longer holds what an earlier checkpoint was signed over; nothing is sealed on top of it."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """The key of the checkpoints and the folder where they are kept outside the database."""

    private: bytes
    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> Keeper:
        """Return the keeper of an installation; the first call makes its key."""
        return cls(read_or_make_key(settings.secrets / SIGNING_KEY), settings.var / "audit")

    def notes(self) -> list[Path]:
        """Return the files of the checkpoints, smallest first."""
        return sorted(self.folder.glob("*.note"))

    def keep(self, size: int, note: str) -> None:
        """Write a checkpoint and the public key beside it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, text in ((f"{size:012}.note", note), ("log.vkey", public_key(self.private).text + "\n")):
            fresh = self.folder / f".{name}"
            fresh.write_text(text, "utf-8")
            fresh.replace(self.folder / name)


@dataclass
class Sealed:
    """What one run of the sealer did; `gaps` are events whose predecessor is gone, as WRITER/NUMBER."""

    size: int = 0
    root: bytes = b""
    sealed: int = 0
    waiting: int = 0
    note: str | None = None
    gaps: list[str] = field(default_factory=list)


def seal(server: Server, keeper: Keeper, *, lease_seconds: int = 60, batch: int = BATCH) -> Sealed:
    """Seal what waits and sign one checkpoint over it; without anything new the last one stands.

    Raises:
        LeaseHeld: another sealer is at work.
        PastChanged: seals or checkpoints were changed or cut.
    """
    with (
        held_lease(server, ACCOUNT, SCHEMA, LEASE, seconds=lease_seconds) as lease,
        closing(server.connect(ACCOUNT, SCHEMA, autocommit=False)) as raw,
    ):
        with raw.cursor() as cursor:
            cursor.execute("set session transaction isolation level read committed")
        run = _Run(raw, lease, keeper)
        run.resume()
        # A batch that was not full may have passed events by that were committed meanwhile: look until nothing moves.
        while run.take(batch):
            pass
        run.sign()
        return run.done


class _Run:
    """One run of the sealer."""

    def __init__(self, raw: PyMySQL[Any], lease: Lease, keeper: Keeper) -> None:
        self.raw, self.lease, self.keeper = raw, lease, keeper
        self.tree = CompactRange()
        self.signed = -1
        self.heads: dict[bytes, int] = {}
        self.done = Sealed()

    def resume(self) -> None:
        """Rebuild the tree: from the last checkpoint's edge and the seals after it."""
        with self.raw.cursor() as cursor:
            cursor.execute(_LAST)
            last = cursor.fetchone()
            if last:
                self._stand_on(*last)
            self._compare_with_files(cursor, last)
            cursor.execute(_REST, (self.tree.size,))
            for index, leaf in cursor.fetchall():
                if index != self.tree.size:
                    raise PastChanged(f"Segel {self.tree.size} tidak ada lagi. Jalankan posko audit verify.")
                self.tree.append(leaf)
        self.raw.commit()

    def _stand_on(self, size: int, root: bytes, frontier: bytes, note: str) -> None:
        tree = CompactRange(size, [frontier[at : at + 32] for at in range(0, len(frontier), 32)])
        checkpoint = read_note(note)
        is_own = is_signed(checkpoint, public_key(self.keeper.private))
        if len(tree.roots) != size.bit_count() or not is_own or (checkpoint.size, checkpoint.root) != (size, root):
            raise PastChanged(
                f"Checkpoint {size} di basis data bukan yang ditandatangani. Jalankan posko audit verify."
            )
        if tree.root() != root:
            raise PastChanged(f"Akar checkpoint {size} tidak cocok. Jalankan posko audit verify.")
        self.tree, self.signed = tree, size
        self.done.note = note

    def _compare_with_files(self, cursor: Any, last: tuple[Any, ...] | None) -> None:
        """Refuse a database that is older or other than the checkpoints that left it; write again what has no file."""
        files = self.keeper.notes()
        if files:
            kept = read_note(files[-1].read_text("utf-8"))
            cursor.execute("select root from audit_checkpoint where size = %s", (kept.size,))
            found = cursor.fetchone()
            if found is None or found[0] != kept.root:
                raise PastChanged(
                    f"Checkpoint {kept.size} yang sudah terbit tidak ada di basis data: log dipotong, diganti, atau"
                    " dipulihkan dari cadangan lama. Tidak ada yang disegel; jalankan posko audit verify."
                )
        if last:
            self.keeper.keep(last[0], last[3])

    def take(self, batch: int) -> int:
        """Seal one batch in one transaction; return how many events it sealed."""
        with self.raw.cursor() as cursor:
            self.lease.check_fence(cursor)
            cursor.execute(_TAKE, (batch,))
            taken = [row[0] for row in cursor.fetchall()]
            ready = self._ready(cursor, self._events(cursor, taken)) if taken else []
            rows = []
            for one in ready:
                leaf = leaf_hash(one.record)
                rows.append((self.tree.size, one.event_id, leaf))
                self.tree.append(leaf)
            if rows:
                cursor.executemany(_SEAL, rows)
                cursor.execute(_CLEAR, (rows[0][0],))
        self.raw.commit()
        self.done.sealed += len(ready)
        self.done.waiting = len(taken) - len(ready)
        return len(ready)

    def _events(self, cursor: Any, taken: list[int]) -> Iterable[audit_rows.Stored]:
        wanted = set(taken)
        cursor.execute(audit_rows.BY_NUMBER, (taken[0], taken[-1]))
        return [audit_rows.stored(row) for row in cursor.fetchall() if row[0] in wanted]

    def _ready(self, cursor: Any, events: Iterable[audit_rows.Stored]) -> list[audit_rows.Stored]:
        """Return the events that nothing must come before; one whose predecessor is gone is sealed and told of."""
        ready = []
        for one in events:
            claims = audit.claims(one.action, one.payload)
            needed = [(one.writer_id, one.writer_seq - 1), *((writer, seq) for writer, seq, _ in claims)]
            missing = [(writer, seq) for writer, seq in needed if self._head(cursor, writer) < seq]
            if any(self._is_waiting(cursor, writer, seq) for writer, seq in missing):
                continue
            self.done.gaps += [f"{writer.hex()}/{seq}" for writer, seq in missing]
            self.heads[one.writer_id] = one.writer_seq
            ready.append(one)
        return ready

    def _head(self, cursor: Any, writer: bytes) -> int:
        if writer not in self.heads:
            cursor.execute(_SEALED_UP_TO, (writer,))
            self.heads[writer] = int(cursor.fetchone()[0] or 0)
        return self.heads[writer]

    def _is_waiting(self, cursor: Any, writer: bytes, seq: int) -> bool:
        cursor.execute(_WAITING, (writer, seq))
        return bool(cursor.fetchone()[0])

    def sign(self) -> None:
        """Sign a checkpoint over what is new, first in the database, then in its file."""
        size, root = self.tree.size, self.tree.root()
        self.done.size, self.done.root = size, root
        if size in {0, self.signed}:
            return
        note = make_note(size, root, self.keeper.private)
        with self.raw.cursor() as cursor:
            self.lease.check_fence(cursor)
            cursor.execute(_CHECKPOINT, (size, root, b"".join(self.tree.roots), ORIGIN, note))
        self.raw.commit()
        self.keeper.keep(size, note)
        self.done.note = note
