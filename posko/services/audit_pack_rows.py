"""What an auditor's pack of a period holds, read in one moment of the whole database, a few thousand rows at a time (§5.7; R-025, R-181).

Of the log it takes a stretch from one checkpoint to another that holds every event of the period. The edge of the tree before the stretch
and its events give the root at every checkpoint in it, so nothing can be missing, added or changed between the two.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pymysql.cursors import SSCursor

from posko.db import audit_rows
from posko.domain.calendar import WIB
from posko.domain.errors import BadInput
from posko.domain.merkle import CompactRange, blocks
from posko.domain.parameters import DEFAULTS
from posko.domain.refusals import refuse
from posko.domain.rules import RULES
from posko.services.audit_notes import with_signatures
from posko.services.audit_pack_tables import TABLES, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pymysql.connections import Connection as PyMySQL

    from posko.db.engine import Server
    from posko.services.audit_notes import Checkpoint

    Rows = Sequence[Sequence[Any]]

ACCOUNT, SCHEMA = "posko_export", "posko_audit"
AT_ONCE, BATCHES_AT_ONCE, LEAVES_AT_ONCE = 5_000, 100, 10_000
MARGIN = timedelta(hours=1)
"""The stretch of the log begins so much before the period and ends so much after: an event is written a little later than its rows."""
DAY = timedelta(days=1)
_BOUND = "select {0}(occurred_at) from audit_event where occurred_at >= %s and occurred_at < %s"
_PLACES = (
    "select min(s.log_index), max(s.log_index) from audit_event e join audit_seal s on s.event_id = e.event_id"
    " where e.occurred_at >= %s and e.occurred_at <= %s"
)
_OLDER = "select size, frontier, note from audit_checkpoint where size <= %s order by size desc limit 1"
_NEWER = "select size, frontier, note from audit_checkpoint where size >= %s order by size limit 1"
_EVENTS = audit_rows.SEALED.replace("s.log_index >= %s", "s.log_index >= %s and s.log_index < %s")
_NOTES = (
    "select c.size, c.note, group_concat(w.line order by w.witness separator '\\n') from audit_checkpoint c"
    " left join audit_cosignature w on w.size = c.size where c.size > %s and c.size <= %s group by c.size, c.note order by c.size"
)
_LEAVES = (
    "select count(*), group_concat(leaf_hash order by log_index separator '') from audit_seal"
    " where log_index >= %s and log_index < %s"
)
_LINES = (
    f"select {', '.join(TABLES['line'].columns)} from posko.handoff_line where batch_id in %s order by batch_id, tki_id"
)
_HAS_PARAMETERS = (
    "select 1 from information_schema.tables where table_schema = 'posko_model' and table_name = 'parameter'"
)


@dataclass(frozen=True)
class Period:
    """Days of western Indonesia, the first and the last with."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When it begins, UTC without zone."""
        return datetime.combine(self.first, time()) - WIB

    @property
    def until(self) -> datetime:
        """When it is over, UTC without zone."""
        return datetime.combine(self.last, time()) - WIB + DAY

    def values(self) -> dict[str, object]:
        """Return the values of the queries."""
        return {"since": self.since, "until": self.until, "first": self.first, "last": self.last}


@dataclass(frozen=True)
class Stretch:
    """The part of the log: events with places from `edge.size` to before `size`, and the notes of the checkpoints at both ends."""

    edge: CompactRange
    size: int
    newest: str
    older: str | None


@dataclass(frozen=True)
class Link:
    """What leads from a checkpoint outside the stretch to it, or from it to there: the tree's blocks between them.

    `edge` is the tree's edge at the checkpoint where that lies before the stretch; behind it the stretch gives the edge itself.
    """

    size: int
    blocks: list[bytes]
    edge: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """One moment of the database, for one period."""

    raw: PyMySQL[Any]
    period: Period

    def stretch(self) -> Stretch:
        """Return the part of the log that holds every event of the period.

        Raises:
            Refused: the log has no checkpoint behind the period's events yet.
        """
        first, last = self._places()
        older = self._row(_OLDER, first)
        newer = self._row(_NEWER, last)
        if newer is None:
            raise refuse("LOG_KEY_MISSING")
        edge = CompactRange() if older is None else _edge(older)
        return Stretch(edge, int(newer[0]), newer[2], None if older is None else older[2])

    def link(self, held: Checkpoint, stretch: Stretch) -> Link | None:
        """Return what leads from a checkpoint that somebody holds to the stretch; None: it lies within, and needs nothing.

        Raises:
            BadInput: it is no checkpoint of this log.
        """
        row = self._row("select size, frontier, note from audit_checkpoint where size = %s", held.size)
        if row is None or not row[2].startswith(held.body):
            raise BadInput(f"Checkpoint {held.size} bukan dari log ini, atau log diubah. Jalankan posko audit verify.")
        if held.size > stretch.size:
            return Link(held.size, self._blocks(stretch.size, held.size))
        if held.size < stretch.edge.size:
            return Link(held.size, self._blocks(held.size, stretch.edge.size), _edge(row).roots)
        return None

    def rows(self, name: str, stretch: Stretch) -> Iterator[Rows]:
        """Yield the rows of a table, some at a time, in the order in which they stand in a pack."""
        if name == "event":
            places = range(stretch.edge.size, stretch.size)
            told = zip(places, self._records(stretch), strict=True)
            yield from _some(told)
        elif name == "checkpoint":
            yield from _some(self._notes(stretch))
        elif name == "line":
            yield from self._lines()
        elif name in _OF_CODE:
            yield _OF_CODE[name]()
        elif name != "parameter_of_rules" or self._row(_HAS_PARAMETERS):
            for rows in _some(self._stream(TABLES[name].sql or "", self.period.values())):
                yield masked(name, rows)

    def _places(self) -> tuple[int, int]:
        """Return the least place of an event of the period and one more than the last; the end of the log twice: it has none."""
        window = (self.period.since - MARGIN, self.period.until + MARGIN)
        begins, ends = (self._row(_BOUND.format(which), *window) for which in ("min", "max"))
        if begins is None or ends is None or begins[0] is None:
            row = self._row("select coalesce(max(size), 0) from audit_checkpoint")
            return (int(row[0]), int(row[0])) if row else (0, 0)
        # Places follow the commits, times the acts; no act lasts a day.
        least = self._row(_PLACES, begins[0], begins[0] + DAY)
        most = self._row(_PLACES, ends[0] - DAY, ends[0])
        if least is None or most is None or least[0] is None or most[1] is None:
            raise refuse("LOG_KEY_MISSING")
        return int(least[0]), int(most[1]) + 1

    def _records(self, stretch: Stretch) -> Iterator[str]:
        """Yield the records of the stretch; a seal without its event leaves a dash, and the root then shows it."""
        for row in self._stream(_EVENTS, (stretch.edge.size, stretch.size)):
            yield audit_rows.stored(row).record.decode() if row[0] is not None else "-"

    def _notes(self, stretch: Stretch) -> Iterator[tuple[int, str]]:
        for size, note, lines in self._stream(_NOTES, (stretch.edge.size, stretch.size)):
            yield size, with_signatures(note, lines.split("\n") if lines else [])

    def _lines(self) -> Iterator[Rows]:
        """Yield the lines of the period's batches; each query is a part of the primary key, so that nothing is sorted."""
        sent = "select batch_id from posko.handoff_batch where sent_at >= %(since)s and sent_at < %(until)s order by batch_id"
        batches = [row[0] for row in self._stream(sent, self.period.values())]
        for start in range(0, len(batches), BATCHES_AT_ONCE):
            yield from _some(self._stream(_LINES, (batches[start : start + BATCHES_AT_ONCE],)))

    def _blocks(self, first: int, last: int) -> list[bytes]:
        """Return the roots of the perfect subtrees between two sizes of the log."""
        leaves, found = self._leaves(first, last), []
        for size in blocks(first, last):
            part = CompactRange()
            for _ in range(size):
                part.append(next(leaves))
            found.append(part.root())
        return found

    def _leaves(self, first: int, last: int) -> Iterator[bytes]:
        for start in range(first, last, LEAVES_AT_ONCE):
            end = min(start + LEAVES_AT_ONCE, last)
            row = self._row(_LEAVES, start, end)
            if row is None or row[0] != end - start:
                raise BadInput(f"Segel antara tempat {start} dan {end} hilang. Jalankan posko audit verify.")
            yield from (row[1][at : at + 32] for at in range(0, 32 * (end - start), 32))

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        with self.raw.cursor() as cursor:
            cursor.execute(sql, values)
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found

    def _stream(self, sql: str, values: Mapping[str, object] | tuple[object, ...]) -> Iterator[tuple[Any, ...]]:
        with self.raw.cursor(SSCursor) as cursor:
            cursor.execute(sql, values)
            while found := cursor.fetchmany(AT_ONCE):
                yield from found


@contextmanager
def open_source(server: Server, period: Period) -> Iterator[Source]:
    """Open one moment of all schemas, read as the account that only reads."""
    with closing(server.connect(ACCOUNT, SCHEMA, autocommit=False)) as raw:
        with raw.cursor() as cursor:
            cursor.execute(f"set session group_concat_max_len = {LEAVES_AT_ONCE * 32}")
            cursor.execute("set session transaction isolation level repeatable read")
            cursor.execute("start transaction with consistent snapshot, read only")
        yield Source(raw, period)


def _rules() -> Rows:
    told = [
        {**asdict(rule), "rule_id": rule_id, "parameters": " ".join(rule.parameters)} for rule_id, rule in RULES.items()
    ]
    return [[row[name] for name in TABLES["rule"].columns] for row in told]


def _defaults() -> Rows:
    return [(name, default.value, default.unit, default.source) for name, default in DEFAULTS.items()]


_OF_CODE = {"rule": _rules, "parameter_default": _defaults}
"""Tables that the program itself holds."""


def _some(rows: Iterator[Any]) -> Iterator[Rows]:
    """Yield rows some at a time."""
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def _edge(row: tuple[Any, ...]) -> CompactRange:
    """Return the edge of the tree that a checkpoint keeps."""
    size, frontier = int(row[0]), row[1]
    return CompactRange(size, [frontier[at : at + 32] for at in range(0, len(frontier), 32)])
