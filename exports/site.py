"""A new version of the public site from what was published since the last: only what changed is written (§14.1-14.2; R-160, R-161, R-188).

    with folder.held():
        made = build(rows, folder, at=now)      # beside the public version; None: nothing is new
        if not made.findings:                   # what the gate found may not go out
            folder.switch(made.state)

The cost is that of the persons who have something new: their parts are opened, their records take the place of their forerunners, and
everything else is carried over as it is. A site that is made anew from all rows has the same records.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from exports import site_pages
from exports.site_address import SHARDS, Address, address_of, merged, open_text, seal
from exports.site_folder import EMPTY, GROUPS, NAME, PER_GROUP, State, names_in, place_of
from exports.site_gate import Gate
from posko.services.site_rows import BUCKET, Span

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from exports.site_folder import SiteFolder
    from exports.site_gate import Finding

    Row = dict[str, Any]
    Totals = Mapping[tuple[str, str, str, str], int]

THREADS = 2
"""Keys are made side by side: the digest lets other threads run."""


class Rows(Protocol):
    """What a site is made of, at one moment; `posko.services.site_rows.SiteRows` reads it from the database."""

    def is_stopped(self) -> bool:
        """Tell whether nothing new may go out."""

    def newest(self) -> int:
        """Return the highest number."""

    def counts(self, until: int) -> dict[int, int]:
        """Return bucket -> rows up to a number."""

    def changed(self, span: Span) -> set[str]:
        """Return the ID TKI with rows in a span."""

    def results(self, tki_ids: Iterable[str], *, until: int, first: int) -> Iterator[list[Row]]:
        """Yield the newest versions, with what must not be shown."""

    def totals(self, span: Span) -> dict[tuple[str, str, str, str], int]:
        """Return how a span changes the totals."""

    def names(self) -> dict[str, dict[str, str]]:
        """Return the names of LSP and TUK."""

    def issued(self, codes: Sequence[str]) -> set[str]:
        """Return which of these are secure codes."""

    def holds_address(self, text: str) -> bool:
        """Tell whether a text holds somebody's address."""


@dataclass
class Made:
    """A version beside the public one: its state, how many persons and files are new, and what the gate found."""

    state: State
    persons: int = 0
    parts: int = 0
    indexes: int = 0
    pages: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files were written."""
        return self.parts + self.indexes + self.pages


def build(rows: Rows, folder: SiteFolder, *, at: dt.datetime, full: bool = False) -> Made | None:
    """Make the next version beside the public one and look through it; return None when nothing is new.

    While BNSP has stopped the publication only results that are public already take on a new state.

    Args:
        rows: what was published.
        folder: where; held by the caller.
        at: the time that stands on the pages, UTC without zone.
        full: make every part anew, as for a first time.
    """
    stopped = rows.is_stopped()
    public = folder.state_or_none() if full and not stopped else folder.state()
    due = _due(rows, public, full=full, stopped=stopped)
    if not due.tki_ids and public is not None and not full:
        return None
    folder.begin()
    made = Made(_next(rows, public, due, folder.version() + 1))
    fresh = _Parts(folder, Gate(rows.issued), made, is_full=full or public is None)
    for found in rows.results(due.tki_ids, until=due.newest, first=due.mark):
        fresh.take(found, made.state.salt)
    fresh.write()
    if stopped and made.parts == 0 and not full and public is not None:
        return None  # what is behind the mark is asked for again at each run of a stop, and has been taken in
    shown_now = dict(made.state.totals)
    _add(shown_now, rows.totals(Span(due.mark, due.newest, known=True)))
    _write_pages(rows, folder, fresh.gate, made, shown_now, "" if public is None else public.words, at)
    made.findings = fresh.gate.findings()
    return made


@dataclass(frozen=True)
class _Due:
    """What is to be taken in: up to which number, whose first number at most `mark`, whose; `is_anew`: totals from the first number on."""

    newest: int
    mark: int
    tki_ids: set[str]
    is_anew: bool


def _due(rows: Rows, public: State | None, *, full: bool, stopped: bool) -> _Due:
    """Return what is new; rows that came late below the mark are among it. A stop leaves the mark where it is."""
    newest, since = rows.newest(), 0 if public is None else public.mark
    mark = since if stopped else newest
    if full or public is None:
        return _Due(newest, mark, rows.changed(Span(0, newest)), is_anew=True)
    found = rows.changed(Span(since, newest, known=stopped))
    counts = public.counts if stopped else rows.counts(since)
    late = {key for key in counts.keys() | public.counts.keys() if counts.get(key) != public.counts.get(key)}
    for bucket in late:
        found |= rows.changed(Span(bucket * BUCKET - 1, min((bucket + 1) * BUCKET - 1, since)))
    return _Due(newest, mark, found, is_anew=bool(late))


def _next(rows: Rows, public: State | None, due: _Due, version: int) -> State:
    """Return the state of the next version."""
    old = public or State(_salt())
    totals = {} if due.is_anew else dict(old.totals)
    _add(totals, rows.totals(Span(0 if due.is_anew else old.mark, due.mark)))
    return State(old.salt, version, due.mark, rows.counts(due.mark), totals)


def _add(totals: dict[tuple[str, str, str, str], int], more: Totals) -> None:
    """Add totals to totals, and leave no class in which there is nobody."""
    for key, count in more.items():
        totals[key] = totals.get(key, 0) + count
        if totals[key] == 0:
            del totals[key]


@dataclass
class _Parts:
    """The parts of a version in the making."""

    folder: SiteFolder
    gate: Gate
    made: Made
    is_full: bool
    records: dict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def take(self, found: Sequence[Row], salt: str) -> None:
        """Lock the results of some persons, and look at them as their readers will."""
        persons: dict[tuple[str, dt.date], list[Row]] = defaultdict(list)
        for row in found:
            persons[row["tki_id"], row["born_on"]].append(row)
        known = list(persons)
        # A slice each: handing persons over one by one costs more than their keys.
        slices = [known[at::THREADS] for at in range(THREADS)]
        with ThreadPoolExecutor(THREADS) as pool:
            for some, made in zip(
                slices,
                pool.map(lambda some: [address_of(tki_id, born_on, salt) for tki_id, born_on in some], slices),
                strict=True,
            ):
                for person, address in zip(some, made, strict=True):
                    self._lock(address, persons[person])
        self.made.persons += len(persons)

    def _lock(self, address: Address, theirs: Sequence[Row]) -> None:
        record = seal(address, [shown(row) for row in theirs])
        self.gate.look(open_text(address, record) or "", _place(address), theirs)
        self.records[address.shard].append(record)

    def write(self) -> None:
        """Write the parts that have new records, and the files of the index that name them."""
        groups: dict[int, list[int]] = defaultdict(list)
        for shard in self.records:
            groups[shard // PER_GROUP].append(shard)
        for group in range(GROUPS):
            if group in groups or self.is_full:
                self._write_group(group, groups.get(group, []))
            else:
                self.folder.keep_index(group)
        self.made.parts = sum(1 for _ in (self.folder.fresh / "isi").glob("*/*"))

    def _write_group(self, group: int, shards: Sequence[int]) -> None:
        was = self.folder.index(group)
        index = bytearray(EMPTY * PER_GROUP if self.is_full else was)
        for shard in sorted(shards):
            _, at = place_of(shard)
            old = b"" if self.is_full else self.folder.part(bytes(index[at : at + NAME]))
            data = merged(old, self.records.pop(shard))
            self.gate.look_at_bytes(data, f"isi/{shard:04x}")
            index[at : at + NAME] = self.folder.put_part(data)
        self.folder.put_page(f"indeks/{group:02x}", bytes(index))
        self.made.indexes += 1
        still = set(names_in(bytes(index)))
        self.made.state.replaced += [name.hex() for name in names_in(was) if name not in still]


def shown(row: Mapping[str, Any]) -> list[Any]:
    """Return what the public reads of one result: masked name, result, LSP, TUK, day, number and state, day of publication."""
    return [
        row["masked_name"],
        row["result"],
        row["lsp_code"],
        row["tuk_code"],
        row["tested_on"].isoformat(),
        row["certificate_no"],
        row["certificate_status"],
        row["published_at"].date().isoformat(),
    ]


def _write_pages(
    rows: Rows, folder: SiteFolder, gate: Gate, made: Made, totals: Totals, words_before: str, at: dt.datetime
) -> None:
    """Write the pages, and look through every byte of them; their words against everybody's address, when they are other words."""
    pages = site_pages.pages(totals, rows.names(), salt=made.state.salt, at=at)
    words = " ".join(re.sub(r"[\d.,]+", " ", data.decode()) for _, data in sorted(pages.items()))
    made.state.words = hashlib.sha256(words.encode()).hexdigest()
    for name, data in pages.items():
        folder.put_page(name, data)
        gate.look(data.decode(), name)
        if made.state.words != words_before and rows.holds_address(data.decode()):
            gate.note_address(name)
    made.pages = len(pages)


def _place(address: Address) -> str:
    return f"isi/{address.shard % SHARDS:04x}"


def _salt() -> str:
    """Return a new salt, of letters alone: no chance may give it the shape of a number."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(26))
