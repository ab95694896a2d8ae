"""Write audit events in the transaction of the act that they tell of (§5.3, R-021, R-180, R-181).

Each database connection is a *writer* with a random number of its own; its events form a chain of macs that lives in
memory, so no writer waits for another. What a transaction wrote counts only once its COMMIT came back: a rollback, also to a savepoint,
takes the chain back. After a lost connection, a COMMIT without answer, or an error that may have rolled back
more than it said, the next event begins a new writer. Committed events are then appended to the log file on disk (1.6).
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event as sa_event

from posko.db.audit_file import LOG_NAME, LogFile
from posko.db.audit_insert import INSERT, insert_many
from posko.db.secrets import read_or_make_key
from posko.domain import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posko.settings import Settings

MAC_KEY = "audit-mac"
"""Name of the file with the key of the macs, in the folder of secrets: outside the database."""
CLOCK_SECONDS = 60.0
"""The server's clock is asked again after so long; in between the time since then is added."""
MOST_ATTESTED = 500
"""Writers that one heartbeat tells of at most; the rest is told by the next."""
TRANSACTION_GONE = frozenset({1205, 1213, 1020, 1180})
"""Server errors after which the transaction may be rolled back although the client still holds it open."""

_LEFT = "select writer_seq, mac from posko_audit.audit_event where writer_id = %s order by writer_seq desc limit 1"


def new_writer_id() -> bytes:
    """Return 8 random bytes; not 16 decimal digits in hex, which could be taken for a NIK."""
    while (made := secrets.token_bytes(8)).hex().isdecimal():
        pass
    return made


@dataclass(frozen=True, slots=True)
class _Head:
    """The last event of a writer: its number and mac."""

    writer_id: bytes
    seq: int = 0
    mac: bytes = audit.FIRST_PREV


@dataclass(eq=False)
class _Chain:
    """The writer of one connection: where it stands, and where it stood at the last COMMIT."""

    owner: AuditWriter
    raw: Any
    committed: _Head = field(default_factory=lambda: _Head(new_writer_id()))
    head: _Head = field(init=False)
    lines: list[bytes] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    is_doubtful: bool = False
    is_stale: bool = False
    clock: tuple[datetime, float] | None = None
    last_at: datetime | None = None

    def __post_init__(self) -> None:
        self.head = self.committed

    def next_head(self) -> _Head:
        """Return what the next event follows."""
        if self.is_doubtful:
            raise audit.EventRefused("the server may have rolled this transaction back: do so before you write on")
        self.catch_up()
        return self.head

    def catch_up(self) -> None:
        """After a rollback to a savepoint ask the server, inside the transaction, what is left."""
        if not self.is_stale:
            return
        with self.raw.cursor() as cursor:
            cursor.execute(_LEFT, (self.head.writer_id,))
            seq, mac = cursor.fetchone() or (0, audit.FIRST_PREV)
        self.head, self.is_stale = _Head(self.head.writer_id, seq, mac), False
        del self.lines[seq - self.committed.seq :]

    def settle(self) -> None:
        """Take what was written as written: the COMMIT came back."""
        if self.is_doubtful:
            self.retire()
        lines, hooks = self.lines, self.after_commit
        self.committed, self.lines, self.after_commit = self.head, [], []
        if lines:
            self.owner.committed(self.committed, lines)
        for hook in hooks:
            hook()

    def take_back(self) -> None:
        """Forget what was written: the transaction was rolled back."""
        self.head, self.lines, self.after_commit = self.committed, [], []
        self.is_doubtful = self.is_stale = False

    def retire(self) -> None:
        """End this writer: nobody knows whether the last COMMIT or ROLLBACK happened."""
        self.committed = _Head(new_writer_id())
        self.take_back()


class AuditWriter:
    """Writes the events of one process; may be shared by threads, each with a connection of its own.

    Args:
        key: 32 bytes, the key of the macs.
        log_file: where committed events are appended as JSON lines.
    """

    def __init__(self, key: bytes, log_file: LogFile) -> None:
        self._key, self._log_file = key, log_file
        self._untold: dict[bytes, _Head] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> AuditWriter:
        """Return a writer with the key and the log file of an installation; the first call makes both."""
        return cls(read_or_make_key(settings.secrets / MAC_KEY), LogFile(settings.var / "log" / LOG_NAME))

    def write(self, db: sa.Connection, event: audit.Event) -> str:
        """Write one event in the caller's transaction and return its name `WRITER/NUMBER`, for `auth_event`.

        Args:
            db: open transaction of posko_app; the caller commits.
            event: what happened; its payload shows nobody's data.

        Raises:
            EventRefused: the event breaks the rules of `posko.domain.audit`.
        """
        return self.write_many(db, [event])

    def write_many(self, db: sa.Connection, events: Sequence[audit.Event]) -> str:
        """Write events in their order, as `write` does; return the name of the last."""
        if not events:
            raise audit.EventRefused("no event to write")
        for event in events:
            audit.check(event)
        chain = self._chain(db)
        now, head, rows, lines = self._now(db, chain), chain.next_head(), [], []
        for event in events:
            row, line, head = self._row(event, head, now)
            rows.append(row)
            lines.append(line)
        # The server itself puts each event on the list of those that wait for their seal (a trigger, migration 0004).
        if len(rows) == 1:
            db.exec_driver_sql(INSERT, rows[0])
        else:
            insert_many(db, chain.raw, rows)
        chain.head = head
        chain.lines += lines
        return f"{head.writer_id.hex()}/{head.seq}"

    def is_own(self, record: bytes) -> bool:
        """Return whether a record bears the mac of this installation's key, so that nobody without the key wrote or changed it."""
        return audit.has_mac(self._key, record)

    def heartbeat(self, db: sa.Connection, actor: audit.Actor) -> None:
        """Write down the last committed event of every writer of this process since the last heartbeat.

        Whoever later removes one of them before it was sealed has this claim against him.
        """
        self._attest(db, actor, audit.HEARTBEAT)

    def close(self, db: sa.Connection, actor: audit.Actor) -> None:
        """Write a last heartbeat, after which this connection's writer never writes again."""
        self._attest(db, actor, audit.CLOSE)
        self._chain(db).after_commit.append(self._chain(db).retire)

    def committed(self, head: _Head, lines: list[bytes]) -> None:
        """Take note of events that were committed: for the log file and for the next heartbeat."""
        with self._lock:
            self._untold[head.writer_id] = head
        self._log_file.append(lines)

    def _attest(self, db: sa.Connection, actor: audit.Actor, action: str) -> None:
        own = self._chain(db).head.writer_id
        with self._lock:
            told = [head for head in self._untold.values() if head.writer_id != own][:MOST_ATTESTED]
        writers = {head.writer_id.hex(): [head.seq, head.mac.hex()] for head in told}
        self.write(db, audit.Event(action, actor, "audit", own.hex(), payload={audit.WRITERS: writers}))
        self._chain(db).after_commit.append(lambda: self._forget(told))

    def _forget(self, told: list[_Head]) -> None:
        with self._lock:
            for head in told:
                if self._untold.get(head.writer_id) == head:
                    del self._untold[head.writer_id]

    def _row(self, event: audit.Event, prev: _Head, now: datetime) -> tuple[tuple[Any, ...], bytes, _Head]:
        payload = audit.canonical(event.payload)
        texts = event.texts()
        fields = audit.event_fields(texts, event.actor.kind, event.outcome, event.payload)
        data = audit.event_bytes(fields, at=audit.iso(now), writer_id=prev.writer_id, writer_seq=prev.seq + 1)
        mac = audit.mac_of(self._key, prev.mac, data)
        row = (
            now,
            event.actor.kind,
            *(texts[name] for name in ("actor_id", "actor_role", "on_behalf_of", "action", "entity", "entity_key")),
            event.outcome,
            payload,
            *(texts[name] for name in ("device", "ip", "tuk", "auth_event")),
            prev.writer_id,
            prev.seq + 1,
            prev.mac,
            mac,
        )
        return row, audit.record_bytes(data, prev.mac, mac), _Head(prev.writer_id, prev.seq + 1, mac)

    def _now(self, db: sa.Connection, chain: _Chain) -> datetime:
        """Return the server's time, UTC, never earlier than this writer's event before."""
        if chain.clock is None or time.monotonic() - chain.clock[1] > CLOCK_SECONDS:
            chain.clock = (db.exec_driver_sql("select utc_timestamp(6)").scalar_one(), time.monotonic())
        asked, then = chain.clock
        now = asked + timedelta(seconds=time.monotonic() - then)
        chain.last_at = max(now, chain.last_at or now)
        return chain.last_at

    def _chain(self, db: sa.Connection) -> _Chain:
        """Return the chain of this connection; `info` lives exactly as long as the connection to the server does."""
        chain = db.info.get(self)
        if not isinstance(chain, _Chain):
            chain = db.info[self] = _Chain(self, db.connection.dbapi_connection)
            _watch(chain)
        return chain


def _watch(chain: _Chain) -> None:
    """Tell the chain what becomes of each transaction. On the driver's own connection: only there is the outcome known."""
    commit, rollback = chain.raw.commit, chain.raw.rollback

    def watched_commit() -> None:
        try:
            chain.catch_up()
            commit()
        except BaseException:
            chain.retire()
            raise
        chain.settle()

    def watched_rollback() -> None:
        try:
            rollback()
        except BaseException:
            chain.retire()
            raise
        chain.take_back()

    chain.raw.commit, chain.raw.rollback = watched_commit, watched_rollback


def _chains(db: sa.Connection | None) -> list[_Chain]:
    if db is None or db.closed or db.invalidated:
        return []
    return [chain for chain in db.info.values() if isinstance(chain, _Chain)]


@sa_event.listens_for(sa.Engine, "rollback_savepoint")
def _partly_undone(db: sa.Connection, _name: str, _context: object) -> None:
    for chain in _chains(db):
        chain.is_stale = bool(chain.lines)


@sa_event.listens_for(sa.Engine, "handle_error")
def _doubt(context: sa.engine.ExceptionContext) -> None:
    error = context.original_exception
    if error.args and error.args[0] in TRANSACTION_GONE:
        for chain in _chains(context.connection):
            chain.is_doubtful = chain.is_doubtful or bool(chain.lines)
