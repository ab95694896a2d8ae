"""The lists behind the marks of the dashboards, and the deviations that were found (§5.2, §14.2; R-162).

A list reads the same load as its mark, so that it holds as many rows as the mark counts; names come from the register of candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, paging
from posko.services.evaluation_marts import ANY, DAYS, Asked, Mark, load
from posko.services.office import act
from posko.services.rows import many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx

ENTITY = "dashboard"
SEVERITIES = ("B", "H", "W", "I")
_SHOWN = """
    select attempt.journey_id, attempt.attempt_no, attempt.tki_id, candidate.full_name, attempt.lsp_code, attempt.tuk_code,
        attempt.met_no, attempt.blkln_code, attempt.scheme_code, attempt.destination, attempt.exam_on, attempt.attendance,
        attempt.result, attempt.copies, attempt.is_revoked, attempt.{day} as reached_on, {hours} as lead_hours
    from posko_model.fct_evaluation_attempt as attempt
    left join posko.candidate as candidate on candidate.journey_id = attempt.journey_id
    where {where} order by {order} attempt.{day}, attempt.journey_id, attempt.attempt_no limit :most offset :skipped"""
_DEVIATIONS = """
    select deviation_id, occurred_on, rule_id, severity, is_attempt, lsp_code, tuk_code, tki_id, session_id, subject_kind, subject_code
    from posko_model.fct_evaluation_deviation as deviation
    where {where} order by occurred_on desc, deviation_id desc limit :most offset :skipped"""
TIMED = frozenset(DAYS) - {"registered", "certified"}
"""Stages of which it is known how long they took."""


@act("dashboard.rows", Command.EVALUATE)
def rows(tx: Tx, *, asked: Mapping[str, object], mark: str, limit: int, offset: int) -> dict[str, Any]:
    """Return a part of the attempts behind a mark, in the order of their day; behind a lead time those who took longest first.

    Args:
        tx: the act.
        asked: what the dashboard looks at, as for its counts.
        mark: name of the mark, see `evaluation_marts.Mark`; after `lama.` those of whom it is known how long the stage took.
        limit: rows at most.
        offset: rows before the first.

    Returns:
        `total`, and `rows`: journey_id (0: a stranger at the door), attempt_no, tki_id, full_name, lsp_code, tuk_code, met_no, blkln_code,
        scheme_code, destination, exam_on, attendance, result, copies, is_revoked, reached_on, lead_hours.

    Raises:
        Refused: what was asked for is none, or another LSP's; the marts were never made.
    """
    is_timed = isinstance(mark, str) and mark.startswith("lama.")
    wanted, found = Asked.of(asked), Mark.of(mark.removeprefix("lama.") if is_timed else mark)
    if is_timed:
        inputs.choice(found.stage, "Tahap", TIMED)
    part = _part(limit, offset)
    _permit(tx, wanted)
    where, values = found.where(wanted)
    hours = f"attempt.{found.stage}_hours" if found.stage in TIMED else "null"
    if is_timed:
        where += f" and {hours} is not null"
    total = one(
        tx.db, f"select count(*) as tki from posko_model.fct_evaluation_attempt as attempt where {where}", **values
    )
    order = f"{hours} desc," if is_timed else ""
    query = _SHOWN.format(day=DAYS[found.stage], hours=hours, where=where, order=order)
    listed = many(tx.db, query, **values, **part)
    told = {"mark": str(found), "lsp": wanted.lsp or "all", **wanted.told(), "rows": len(listed)}
    tx.record(ENTITY, "rows", told)
    return {"total": int(total["tki"]) if total else 0, "rows": listed}


@act("dashboard.deviations", Command.EVALUATE)
def deviations(tx: Tx, *, asked: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return how often each rule was broken, the gravest first: `rule_id`, `severity`, `happened`, `prevented` (it was refused).

    Deviations count on their own day; those that concern no LSP are not among those of one.

    Raises:
        Refused: as `rows`.
    """
    wanted = Asked.of(asked)
    _permit(tx, wanted)
    where, values = _where(wanted)
    found = many(
        tx.db,
        "select rule_id, severity, sum(is_attempt = 0) as happened, sum(is_attempt) as prevented"
        f" from posko_model.fct_evaluation_deviation as deviation where {where} group by rule_id, severity",
        **values,
    )
    tx.record(ENTITY, "deviations", {"lsp": wanted.lsp or "all", **wanted.told(), "rules": len(found)})
    counted = [{**row, "happened": int(row["happened"]), "prevented": int(row["prevented"])} for row in found]
    return sorted(counted, key=lambda row: (SEVERITIES.index(row["severity"]), row["rule_id"]))


@act("dashboard.deviation_rows", Command.EVALUATE)
def deviation_rows(tx: Tx, *, asked: Mapping[str, object], mark: str, limit: int, offset: int) -> dict[str, Any]:
    """Return a part of the deviations behind a mark `RULE.SEVERITY` (`ANY` for all), the newest first: `total`, and `rows` as in the mart.

    Raises:
        Refused: as `rows`.
    """
    wanted = Asked.of(asked)
    rule, _, severity = inputs.text(mark, "Tanda", 40).partition(".")
    if rule != ANY:
        inputs.code(rule, "Aturan", 10)
    inputs.choice(severity, "Bobot", (ANY, *SEVERITIES))
    part = _part(limit, offset)
    _permit(tx, wanted)
    where, values = _where(wanted)
    for column, word in {"rule_id": rule, "severity": severity}.items():
        if word != ANY:
            where += f" and deviation.{column} = :{column}"
            values[column] = word
    total = one(
        tx.db,
        f"select count(*) as found from posko_model.fct_evaluation_deviation as deviation where {where}",
        **values,
    )
    listed = many(tx.db, _DEVIATIONS.format(where=where), **values, **part)
    told = {"mark": f"{rule}.{severity}", "lsp": wanted.lsp or "all", **wanted.told(), "rows": len(listed)}
    tx.record(ENTITY, "deviation_rows", told)
    return {"total": int(total["found"]) if total else 0, "rows": listed}


def _part(limit: int, offset: int) -> dict[str, int]:
    """Return the part of the list under names that no filter has."""
    found = paging.part(limit, offset)
    return {"most": found["most"], "skipped": found["before"]}


def _where(wanted: Asked) -> tuple[str, dict[str, Any]]:
    return wanted.where("occurred_on", "deviation")


def _permit(tx: Tx, wanted: Asked) -> None:
    tx.about(ENTITY, wanted.lsp or "all")
    tx.permit(how=Act.READ, lsp_code=wanted.lsp)
    if load(tx.db) is None:
        raise refuse("MARTS_NOT_MADE")
