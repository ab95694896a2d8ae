"""Each line of the hand-off ledger against its journey and against the row that it was made from (F08, R-182, DV-A11, DV-C05).

Lines are read batch by batch, a page at a time, and each page is hashed anew from the operational rows, so that a million TKI take
no more memory than a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop
from posko.services.handed_rows import RECOMPUTE as PREPARED
from posko.services.ledger_rules import (
    ALTERED,
    CHANGED,
    DROPPED,
    GONE,
    HOPS,
    NOT_TAKEN_OVER,
    UNFOUNDED,
    Naming,
    Problem,
)
from posko.services.ledger_sql import WITHDRAWN
from posko.services.result_table import hashes_of as result_hashes
from posko.services.results import line_hashes as score_hashes
from posko.services.return_lines import line_hash
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import sqlalchemy as sa

    Recompute = Callable[[sa.Connection, Row, Sequence[Row]], dict[str, bytes]]
    Verdict = tuple[str, str, str]

PAGE = 5000
"""Lines a page."""
HOP_NAMES = frozenset(hop.value for hop in Hop)
VERSIONS_OF_ONE_HAND = frozenset({Hop.TUK_TO_LSP, Hop.KONSORSIUM_TO_BNSP, Hop.BNSP_BACK_TO_KONSORSIUM})
"""Hops on which a later version must be taken over too before the journey goes on; of a return it may wait."""
_LINES = f"""
select line.batch_id, line.tki_id as line_tki, line.tki_id, line.hop, line.journey_id, line.attempt_no, line.version, line.row_hash,
    line.received_hash, line.status as line_status, coalesce(journey.tki_id, line.tki_id) as owner, journey.status,
    journey.attempt_no as attempt_now, {WITHDRAWN} as is_withdrawn,
    line.status in ('SENT', 'RECEIVED') and exists (
        select 1 from posko.handoff_line as later where later.journey_id = line.journey_id and later.hop = line.hop
        and later.version > line.version and later.status = 'LOADED') as is_overtaken
from posko.handoff_line as line
left join posko.journey as journey on journey.journey_id = line.journey_id
where line.batch_id in :batches and line.tki_id > :after
order by line.batch_id, line.tki_id limit :most
"""


def _scored(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    """Return the hash of the version that each line carried; a correction is a version of its own."""
    now = score_hashes(db, _journeys(lines))
    return _found(lines, lambda line: now.get((int(line["journey_id"]), int(line["version"]))))


def _decided(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    now = result_hashes(db, _journeys(lines))
    return _found(lines, lambda line: now.get(int(line["journey_id"])))


def _returned(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    rows = many(db, "select * from posko.return_line where journey_id in :ids", ids=_journeys(lines))
    now = {(int(row["journey_id"]), int(row["version"])): line_hash(row) for row in rows}
    return _found(lines, lambda line: now.get((int(line["journey_id"]), int(line["version"]))))


def _journeys(lines: Sequence[Row]) -> list[int]:
    return sorted({int(line["journey_id"]) for line in lines if line["journey_id"] is not None})


def _found(lines: Sequence[Row], look_up: Callable[[Row], bytes | None]) -> dict[str, bytes]:
    made = {str(line["tki_id"]): look_up(line) for line in lines if line["journey_id"] is not None}
    return {tki_id: value for tki_id, value in made.items() if value is not None}


RECOMPUTE: Mapping[Hop, Recompute] = {
    **PREPARED,
    Hop.TUK_TO_LSP: _scored,
    Hop.LSP_TO_BNSP: _decided,
    Hop.BNSP_TO_RELAY: _returned,
    Hop.RELAY_TO_BNP2TKI: _returned,
}
"""Hop -> what computes tki_id -> hash anew from the operational rows, for some lines of a batch."""


def problems_of_lines(db: sa.Connection) -> Iterator[Problem]:
    """Yield lines that were altered, whose row was altered or is gone, that stand on no journey, or that nobody took over."""
    naming = Naming()
    for batch, lines in _pages(db):
        hop = (
            batch["hop"] if batch["hop"] in HOP_NAMES else lines[0]["hop"]
        )  # an altered batch is told of by `ledger_batches`
        now = RECOMPUTE[Hop(hop)](db, batch, lines) if hop in HOP_NAMES else {}
        for line in lines:
            for kind, sentence, detail in _judged(line, now):
                told = {**line, "tki_id": line["owner"], "detail": detail}
                yield from naming.name(line["hop"], kind, told, sentence)
    yield from naming.more()


def _judged(line: Row, now: Mapping[str, bytes]) -> Iterator[Verdict]:
    """Yield kind, sentence and detail of what is wrong with one line."""
    if line["hop"] not in HOP_NAMES:
        yield UNFOUNDED, UNFOUNDED, "jalurnya tidak ada"
        return
    altered = _altered(line)
    if altered is not None:
        yield ALTERED, ALTERED, altered
    elif line["line_tki"] not in now:
        yield DROPPED, GONE, ""
    elif now[line["line_tki"]] != line["row_hash"]:
        yield ALTERED, CHANGED, ""
    if (why := _unfounded(line)) is not None:
        yield UNFOUNDED, UNFOUNDED, why
    if _is_left_behind(line):
        yield NOT_TAKEN_OVER, NOT_TAKEN_OVER, ""


def _altered(line: Row) -> str | None:
    if line["line_tki"] != line["owner"]:
        return f"pada baris itu tertulis TKI {line['line_tki']}"
    if (line["received_hash"] is None) != (line["line_status"] == "SENT"):
        return "tercatat belum diterima, atau sidik yang diterima hilang"
    if line["received_hash"] not in {None, line["row_hash"]}:
        return "yang diterima lain dari yang dikirim"
    return None


def _unfounded(line: Row) -> str | None:
    if line["status"] is None:
        return "tidak ada perjalanannya"
    if line["attempt_no"] > line["attempt_now"]:
        return "percobaan itu belum ada"
    is_now = line["attempt_no"] == line["attempt_now"] and not line["is_withdrawn"]
    is_ahead = is_now and line["status"] not in HOPS[Hop(line["hop"])].may
    return "belum sampai ke sana" if is_ahead else None


def _is_left_behind(line: Row) -> bool:
    """Return whether the journey went on although the receiver never took the line over.

    A later version of a return may wait, and so may an earlier one that BNP2TKI has a later one of: it goes on with the outbox.
    """
    is_waiting = line["line_status"] in {"SENT", "RECEIVED"} and line["attempt_no"] == line["attempt_now"]
    may_wait = line["hop"] not in VERSIONS_OF_ONE_HAND and (line["version"] > 1 or line["is_overtaken"])
    return is_waiting and not may_wait and line["status"] in HOPS[Hop(line["hop"])].loaded


def _pages(db: sa.Connection) -> Iterator[tuple[Row, list[Row]]]:
    """Yield the lines of each batch, some at a time: small batches together, a large one page by page."""
    together: list[int] = []
    waiting = 0
    for row in many(
        db, "select batch_id, count(*) as found from posko.handoff_line group by batch_id order by batch_id"
    ):
        if waiting + row["found"] > PAGE and together:
            yield from _read(db, together)
            together, waiting = [], 0
        together.append(int(row["batch_id"]))
        waiting += int(row["found"])
    if together:
        yield from _read(db, together)


def _read(db: sa.Connection, ids: list[int]) -> Iterator[tuple[Row, list[Row]]]:
    batches = {
        row["batch_id"]: row for row in many(db, "select * from posko.handoff_batch where batch_id in :ids", ids=ids)
    }
    after = ""
    while rows := many(db, _LINES, batches=ids, after=after, most=PAGE):
        groups: dict[int, list[Row]] = {}
        for row in rows:
            groups.setdefault(int(row["batch_id"]), []).append(row)
        for batch_id, lines in groups.items():
            if batch_id in batches:  # the log names a batch that is gone
                yield batches[batch_id], lines
        after = str(rows[-1]["tki_id"])
        if len(rows) < PAGE or len(ids) > 1:
            return
