"""Who has no place yet, why, and for how long (§12.2-12.6; R-085, R-089, X6).

Four kinds, each a query of its own: registered and waiting for a place; the rule found none (`fct_tki_unplaced`); held back by the
filter (`fct_tki_held_back`); not registered yet. A TKI who has a place, or whose test is over, is in none of them.

A kind may have hundreds of thousands of rows: which rows a page shows is found by narrow keys, all else is read for these alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.services import inputs
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import MOST_ROWS, code_or_none, part
from posko.services.pipeline_results import built
from posko.services.rows import Row, many, many_among, one
from posko.services.screen_capacity import permit_reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx

WAITING, UNPLACED, HELD_BACK, UNREGISTERED = "WAITING", "UNPLACED", "HELD_BACK", "UNREGISTERED"
KINDS = (WAITING, UNPLACED, HELD_BACK, UNREGISTERED)
USUAL = (WAITING, UNPLACED, HELD_BACK)
"""Kinds that are listed where none is named: the others wait for registration, the usual step, and may be hundreds of thousands."""
WITHOUT_PLACE = (
    "('SENT_TO_KONSORSIUM', 'REGISTERED', 'SCHEDULED', 'ABSENT', 'TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH')"
)
"""States of a journey without a place to come."""
LONGEST_WAIT = 10_000
MOST_COUNTED = 1_000
"""Up to which those are counted who only wait for registration, while they are not listed: the count must not outweigh the list."""
# A day of receipt is counted in Indonesia, as every age here.
_RECEIVED = "coalesce(first.finished_at, first.started_at, staged.updated_at) + interval 7 hour"
_MOVED = "journey.moved_at + interval 7 hour"
_NO_REASON = """
    not exists (select 1 from posko_model.fct_tki_unplaced as other where other.tki_id = journey.tki_id)
        and not exists (select 1 from posko_model.fct_tki_held_back as other where other.tki_id = journey.tki_id)"""
_HAS_WAITED = "journey.status in ('REGISTERED', 'ABSENT', 'TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH')"
_PROPOSAL = """
    left join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code"""
_PROPOSED = "proposal.reason, proposal.proposed_on, proposal.tuk_code"
_PLACED = f"select count(*) as tki from posko.journey where status not in {WITHOUT_PLACE} and status <> 'CLOSED'"


@dataclass(frozen=True)
class _Kind:
    """How one kind is read.

    `source` is its `from` and `where` with `{index}` and `{joined}` to fill in, `code`, `tki_id`, `since` and `number` are expressions of
    it; `shown` are the other columns, from what is `joined` for a page alone. `narrow` has as many rows as `source` while nothing is asked
    for but `code`, and leaves out what every row has. `index` walks the source in the order `walk` by ID TKI, and `first_day` asks for the
    day before which nobody waits; all empty: so few that they are sorted.
    """

    code: str
    tki_id: str
    since: str
    number: str
    source: str
    narrow: str
    shown: str
    joined: str = ""
    index: str = ""
    walk: str = ""
    first_day: str = ""

    def rows(self, *, index: str = "", joined: str = "") -> str:
        """Return the rows under all filters, from `from` on."""
        return f"{self.source.format(index=index, joined=joined)} and (:code is null or {self.code} = :code)"

    def counted_rows(self, asked: Mapping[str, object]) -> str:
        """Return a query with as many rows as `rows` under what is asked for, from `from` on."""
        if any(asked[name] is not None for name in ("search", "blkln", "until")):
            return self.rows()
        return f"{self.narrow} and (:code is null or {self.code} = :code)"

    def key(self) -> str:
        """Return the columns in which the list is ordered, and by which a row is found again."""
        return f"date({self.since}) as since_on, {self.tki_id} as tki_id, {self.code} as code, {self.number} as number"


def _staged(table: str, code: str, walk: str) -> _Kind:
    return _Kind(
        code=code,
        tki_id="found.tki_id",
        since=_RECEIVED,
        number="0",
        source=f"""
    from posko_model.{table} as found {{index}}
    join posko_staging.tki_tlrt as staged on staged.id_tki = found.tki_id
    left join posko_staging.receive_batch as first on first.batch_id = staged.first_batch_id
    left join posko.journey as journey on journey.tki_id = found.tki_id and journey.open_scheme is not null
    where (journey.journey_id is null or journey.status in {WITHOUT_PLACE})
        and {contains("found.tki_id", "staged.nama")} and (:blkln is null or staged.kode_blkln = :blkln)
        and (:until is null or {_RECEIVED} < :until)""",
        narrow=f"""
    from posko_model.{table} as found
    left join posko.journey as journey on journey.tki_id = found.tki_id and journey.open_scheme is not null
    where (journey.journey_id is null or journey.status in {WITHOUT_PLACE})""",
        shown="staged.nama as full_name, staged.kode_blkln as blkln_code, found.reason, null as proposed_on, null as tuk_code",
        index="force index (primary)",
        walk=walk,
        # Every staged row came with a batch.
        first_day="select date(min(coalesce(finished_at, started_at)) + interval 7 hour) as day from posko_staging.receive_batch",
    )


_OF_JOURNEY = {"code": "journey.status", "tki_id": "journey.tki_id", "since": _MOVED, "number": "journey.journey_id"}
_KINDS = {
    WAITING: _Kind(
        **_OF_JOURNEY,
        source=f"""
    from posko.journey as journey {{index}}
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id {{joined}}
    where {_HAS_WAITED} and {_NO_REASON}
        and {contains("journey.tki_id", "candidate.full_name")} and (:blkln is null or candidate.blkln_code = :blkln)
        and (:until is null or {_MOVED} < :until)""",
        # Registration gives every journey its candidate.
        narrow=f"from posko.journey as journey where {_HAS_WAITED} and {_NO_REASON}",
        shown=f"candidate.full_name, candidate.blkln_code, {_PROPOSED}",
        joined=_PROPOSAL,
    ),
    UNPLACED: _staged("fct_tki_unplaced", "found.reason_code", "found.tki_id"),
    HELD_BACK: _staged("fct_tki_held_back", "found.rule_id", "found.tki_id, found.rule_id"),
    UNREGISTERED: _Kind(
        **_OF_JOURNEY,
        source=f"""
    from posko.journey as journey {{index}}
    join posko_staging.tki_tlrt as staged on staged.id_tki = journey.tki_id {{joined}}
    where journey.status = 'SENT_TO_KONSORSIUM' and {_NO_REASON}
        and {contains("journey.tki_id", "staged.nama")} and (:blkln is null or staged.kode_blkln = :blkln)
        and (:until is null or {_MOVED} < :until)""",
        narrow=f"from posko.journey as journey where journey.status = 'SENT_TO_KONSORSIUM' and {_NO_REASON}",
        shown=f"staged.nama as full_name, staged.kode_blkln as blkln_code, {_PROPOSED}",
        joined=_PROPOSAL,
        index="force index (journey_number)",
        walk="journey.tki_id",
        first_day="select date(min(moved_at) + interval 7 hour) as day from posko.journey where status = 'SENT_TO_KONSORSIUM'",
    ),
}  # fmt: skip


@act("screen.unallocated", Command.REGISTER)
def unallocated(
    tx: Tx,
    *,
    limit: int,
    offset: int,
    kind: str | None = None,
    code: str | None = None,
    search: str | None = None,
    blkln_code: str | None = None,
    least_days: int | None = None,
    known: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return TKI without a place, who waited longest first.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows that are left out before them.
        kind: one of `KINDS`; None: `USUAL`.
        code: why: the reason code of the rule, the filter's rule, or the state in which she waits; None: any.
        search: a part of an ID TKI or of a name.
        blkln_code: only those of this BLKLN.
        least_days: only those who wait so many days at least.
        known: the `counts` that were told for these filters before, so that nothing is counted while pages are turned.

    Returns:
        `total`; `counts` as `_counts`; `rows`: kind, code, tki_id, full_name, blkln_code, since_on, `days`, reason (None: only the
        state says it), proposed_on, tuk_code.

    Raises:
        Refused: no such kind, code, search or number, or the pipeline never ran.
    """
    rows_of = part(limit, offset)
    wanted = USUAL if not kind else (inputs.choice(kind, "Golongan", KINDS),)
    today = local_day(tx.at)
    asked = {
        "search": searched(search),
        "blkln": code_or_none(blkln_code, "BLKLN", 64),
        "until": None if least_days is None else _before(today, least_days),
        "code": code_or_none(code, "Alasan"),
    }
    tx.about("allocation", "unallocated")
    permit_reader(tx)
    with built():
        counts = known or _counts(tx, wanted, asked)
        rows = _page(tx, wanted, asked, **rows_of)
    told = {"rows": len(rows), "kinds": list(wanted), "is_searched": asked["search"] is not None}
    tx.record("allocation", "unallocated", told)
    return {"total": sum(counts[one] for one in wanted), "counts": counts, "rows": [_aged(row, today) for row in rows]}


def _counts(tx: Tx, wanted: Sequence[str], asked: Mapping[str, object]) -> dict[str, int]:
    """Return kind -> rows under the other conditions, of those who wait for registration always.

    Where these are not listed they are counted only a little beyond `MOST_COUNTED`; a list, only a little beyond `paging.MOST_ROWS`.
    """
    counts = {one: _count(tx, one, asked) for one in wanted}
    if UNREGISTERED not in counts:
        counts[UNREGISTERED] = _count(tx, UNREGISTERED, asked, most=MOST_COUNTED)
    return counts


def _count(tx: Tx, kind: str, asked: Mapping[str, object], *, most: int = MOST_ROWS) -> int:
    """Return how many rows a kind has, at most one more than `most`."""
    if kind == UNPLACED and not any(asked.values()):
        # Each of them stands in the mart once, and only an open journey with a place takes one out.
        placed = one(tx.db, _PLACED) or {"tki": 0}
        enough = most + 1 + int(placed["tki"])
        there = one(
            tx.db,
            f"select count(*) as tki from (select 1 from posko_model.fct_tki_unplaced limit {enough}) as some",
        )
        if there and int(there["tki"]) == enough:
            return most + 1
    return counted(
        tx.db, f"select 1 from (select 1 {_KINDS[kind].counted_rows(asked)} limit {most + 1}) as some", **asked
    )


def _page(tx: Tx, kinds: Sequence[str], asked: Mapping[str, object], *, most: int, before: int) -> list[Row]:
    """Return a part of the rows of some kinds together: their keys, then all else for those that are in the part."""
    keys = [{**row, "kind": kind} for kind in kinds for row in _keys(tx, _KINDS[kind], asked, before + most)]
    keys.sort(key=lambda row: (row["since_on"] or date.min, row["tki_id"], row["code"]))
    keys = keys[before : before + most]
    found: dict[tuple[object, ...], Row] = {}
    for kind in kinds:
        how, ids = _KINDS[kind], sorted({row["tki_id"] for row in keys if row["kind"] == kind})
        sql = f"select {how.key()}, {how.shown} {how.rows(joined=how.joined)} and {how.tki_id} in :ids"
        for row in many_among(tx.db, sql, ids, **asked):
            found[kind, row["tki_id"], row["code"], row.pop("number")] = {"kind": kind, **row}
    return [found[row["kind"], row["tki_id"], row["code"], row["number"]] for row in keys]


def _keys(tx: Tx, how: _Kind, asked: Mapping[str, object], most: int) -> list[Row]:
    """Return the keys of the first rows of a kind, who waited longest first."""
    first = one(tx.db, how.first_day) if how.first_day and not any(asked.values()) else None
    if first and first["day"]:
        # Many came on one day, where the order is that of the ID TKI: such rows are walked, not sorted.
        sql = (
            f"select straight_join {how.key()} {how.rows(index=how.index)} and {how.since} < :next_day"
            f" order by {how.walk} limit :most"
        )
        rows = many(tx.db, sql, **asked, next_day=first["day"] + timedelta(days=1), most=most)
        if len(rows) == most:
            return rows
    # Here `since` needs nothing that `narrow` leaves out.
    source = how.rows() if how.first_day else how.counted_rows(asked)
    return many(
        tx.db,
        f"select {how.key()} {source} order by since_on, tki_id, code limit :most",
        **asked,
        most=most,
    )


def _before(today: date, least_days: object) -> date:
    """Return the day before which somebody must wait to have waited so long."""
    return today - timedelta(days=inputs.number(least_days, "Lama menunggu", LONGEST_WAIT) - 1)


def _aged(row: Row, today: date) -> Row:
    return {**row, "days": (today - row["since_on"]).days if row["since_on"] else None}
