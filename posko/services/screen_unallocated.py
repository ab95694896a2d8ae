"""Who has no place yet, why, and for how long (§12.2-12.6; R-085, R-089, X6).

Four kinds, each a query of its own: registered and waiting for a place; the rule found none (`fct_tki_unplaced`); held back by the
filter (`fct_tki_held_back`); not registered yet. A TKI who has a place, or whose test is over, is in none of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.services import inputs
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import code_or_none, part
from posko.services.pipeline_results import built
from posko.services.rows import Row, many
from posko.services.screen_capacity import permit_reader

if TYPE_CHECKING:
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
# A day of receipt is counted in Indonesia, as every age here.
_RECEIVED = "coalesce(first.finished_at, first.started_at, staged.updated_at) + interval 7 hour"
_OF_STAGED = f"""
    join posko_staging.tki_tlrt as staged on staged.id_tki = found.tki_id
    left join posko_staging.receive_batch as first on first.batch_id = staged.first_batch_id
    left join posko.journey as journey on journey.tki_id = found.tki_id and journey.open_scheme is not null
    where (journey.journey_id is null or journey.status in {WITHOUT_PLACE})
        and {contains("found.tki_id", "staged.nama")} and (:blkln is null or staged.kode_blkln = :blkln)
        and (:until is null or {_RECEIVED} < :until)"""
_STAGED = f"found.tki_id, staged.nama as full_name, staged.kode_blkln as blkln_code, date({_RECEIVED}) as since_on"
_PARTS = {
    WAITING: f"""
        select 'WAITING' as kind, journey.status as code, journey.tki_id, candidate.full_name, candidate.blkln_code,
            date(journey.moved_at + interval 7 hour) as since_on, proposal.reason as reason, proposal.proposed_on, proposal.tuk_code
        from posko.journey as journey
        join posko.candidate as candidate on candidate.journey_id = journey.journey_id
        left join posko_model.fct_tuk_proposal as proposal
            on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
        where journey.status in ('REGISTERED', 'ABSENT', 'TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH')
            and not exists (select 1 from posko_model.fct_tki_unplaced as other where other.tki_id = journey.tki_id)
            and not exists (select 1 from posko_model.fct_tki_held_back as other where other.tki_id = journey.tki_id)
            and {contains("journey.tki_id", "candidate.full_name")} and (:blkln is null or candidate.blkln_code = :blkln)
            and (:until is null or journey.moved_at + interval 7 hour < :until)""",
    UNPLACED: f"""
        select 'UNPLACED' as kind, found.reason_code as code, {_STAGED}, found.reason, null as proposed_on, null as tuk_code
        from posko_model.fct_tki_unplaced as found {_OF_STAGED}""",
    HELD_BACK: f"""
        select 'HELD_BACK' as kind, found.rule_id as code, {_STAGED}, found.reason, null as proposed_on, null as tuk_code
        from posko_model.fct_tki_held_back as found {_OF_STAGED}""",
    UNREGISTERED: f"""
        select 'UNREGISTERED' as kind, journey.status as code, journey.tki_id, staged.nama as full_name,
            staged.kode_blkln as blkln_code, date(journey.moved_at + interval 7 hour) as since_on, proposal.reason as reason,
            proposal.proposed_on, proposal.tuk_code
        from posko.journey as journey
        join posko_staging.tki_tlrt as staged on staged.id_tki = journey.tki_id
        left join posko_model.fct_tuk_proposal as proposal
            on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
        where journey.status = 'SENT_TO_KONSORSIUM'
            and not exists (select 1 from posko_model.fct_tki_unplaced as other where other.tki_id = journey.tki_id)
            and not exists (select 1 from posko_model.fct_tki_held_back as other where other.tki_id = journey.tki_id)
            and {contains("journey.tki_id", "staged.nama")} and (:blkln is null or staged.kode_blkln = :blkln)
            and (:until is null or journey.moved_at + interval 7 hour < :until)""",
}  # fmt: skip
"""Kind -> rows with the same columns."""


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

    Returns:
        `total`; `counts`: kind -> rows under the other conditions, of those who wait for registration always; `rows`: kind, code,
        tki_id, full_name, blkln_code, since_on, `days`, reason (None: only the state says it), proposed_on, tuk_code.

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
        counts = {one: counted(tx.db, _with_code(_PARTS[one]), **asked) for one in {*wanted, UNREGISTERED}}
        union = " union all ".join(f"({_PARTS[one]})" for one in wanted)
        rows = many(
            tx.db,
            f"{_with_code(union)} order by since_on, tki_id, code limit :most offset :before",
            **asked,
            **rows_of,
        )
    told = {"rows": len(rows), "kinds": list(wanted), "is_searched": asked["search"] is not None}
    tx.record("allocation", "unallocated", told)
    return {"total": sum(counts[one] for one in wanted), "counts": counts, "rows": [_aged(row, today) for row in rows]}


def _with_code(rows: str) -> str:
    return f"select * from ({rows}) as part where (:code is null or part.code = :code)"


def _before(today: date, least_days: object) -> date:
    """Return the day before which somebody must wait to have waited so long."""
    return today - timedelta(days=inputs.number(least_days, "Lama menunggu", LONGEST_WAIT) - 1)


def _aged(row: Row, today: date) -> Row:
    return {**row, "days": (today - row["since_on"]).days if row["since_on"] else None}
