"""What the page of the meeting shows of scorecards: the cards, and the list behind every figure of one (§14.2; R-162).

A list asks the same rows under the same conditions as its figure, as they stood at the same moment, so it holds as many as the figure says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.rules import RULES
from posko.domain.scorecard import COUNTED, FIGURES, KINDS, SILENT_KINDS, WHOLE, Span
from posko.services import inputs, meeting_evidence, paging, scorecards
from posko.services import scorecard_sql as sql
from posko.services.list_query import page
from posko.services.office import act
from posko.services.rows import many

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

NAMES = {
    "lsp": "select lsp_code as code, lsp_name as name from posko.lsp where lsp_code in :ids",
    "tuk": "select tuk_code as code, tuk_name as name from posko.tuk where tuk_code in :ids",
    "asesor": "select met_no as code, asesor_name as name from posko.asesor where met_no in :ids",
}
_WHO = "journey.journey_id, journey.tki_id, candidate.full_name"
_CANDIDATE = " join posko.candidate as candidate on candidate.journey_id = journey.journey_id where "
_PLACE = "session.session_id, session.exam_on, session.lsp_code, session.tuk_code, session.met_no"


@dataclass(frozen=True)
class Behind:
    """How a list is read: its columns, `from ... where ...`, what it is grouped by, and its order; `where` joins further conditions."""

    columns: str
    source: str
    order: str
    grouped: str = ""


def _named(source: str) -> str:
    """Return a source with the register of candidates beside its journeys."""
    before, _, after = source.rpartition("\n    where ")
    return f"{before}{_CANDIDATE}{after}"


_RESULT = Behind(
    f"{_WHO}, journey.journey_no, {_PLACE}, decision.result, decision.decided_at",
    _named(sql.RESULTS),
    "session.exam_on desc, journey.journey_id",
)
_DAY = Behind(
    "session.exam_on, count(*) as sessions, group_concat(distinct session.tuk_code order by session.tuk_code) as tuk_codes",
    sql.SILENT,
    "session.exam_on desc",
    " group by session.exam_on",
)
_SESSION = Behind(
    f"{_PLACE}, count(*) as tested, sum(decision.result = 'K') as passed,"
    " timestampdiff(minute, session.scoring_opened_at, session.scored_at) as score_minutes,"
    " timestampdiff(minute, session.ended_at, session.scoring_opened_at) as release_minutes,"
    " timestampdiff(minute, session.closed_at, min(decision.decided_at)) as decide_minutes",
    sql.RESULTS,
    "session.exam_on desc, session.session_id",
    f" group by {_PLACE}, session.ended_at, session.scoring_opened_at, session.scored_at, session.closed_at",
)
_HOLD = Behind(
    f"{_WHO}, {_PLACE}, max(item.meeting_id) as meeting_id, max(item.reason) as reason",
    _named(sql.HELD),
    "session.exam_on desc, journey.journey_id",
    f" group by {_WHO}, {_PLACE}",
)
_DEVIATION = Behind(
    "deviation.deviation_id, deviation.occurred_at, deviation.rule_id, deviation.severity, deviation.is_attempt, deviation.tki_id,"
    " deviation.subject_kind, deviation.subject_code, deviation.case_id",
    sql.NOTED,
    "deviation.occurred_at desc, deviation.deviation_id desc",
)
_CASE = Behind(
    "deviation.case_id, opened.title, opened.severity, opened.opened_at, stands.status_to as status, judged.status_to as judgement,"
    " count(*) as deviations",
    sql.CASES,
    "opened.opened_at desc, deviation.case_id desc",
    " group by deviation.case_id, opened.title, opened.severity, opened.opened_at, stands.status_to, judged.status_to",
)
BEHIND = {
    **dict.fromkeys(COUNTED, _RESULT),
    "sessions": _SESSION,
    "silent_days": _DAY,
    "held": _HOLD,
    **dict.fromkeys(sql.OF_DEVIATION, _DEVIATION),
    **dict.fromkeys(sql.OF_CASE, _CASE),
}
"""Figure -> the list behind it."""
_ASKED = {**sql.OF_RESULT, **sql.OF_DEVIATION, **sql.OF_CASE}


@act("evaluation.scorecards", Command.EVALUATE)
def cards(tx: Tx, *, meeting_id: int) -> dict[str, Any]:
    """Return the scorecards that a meeting has before it; an LSP gets those of what is its own.

    Returns:
        As `scorecards.make`, with a `name` in each card, `is_frozen`, and `sha256` of what was frozen with the minutes (else None).

    Raises:
        Refused: no such meeting, or an LSP without results on its table.
    """
    meeting, own = meeting_evidence.looked_at(tx, meeting_id)
    made = scorecards.of_meeting(tx.db, meeting, lsp_code=own)
    tx.record("meeting", meeting["meeting_id"], {"step": "scorecards", "lsp_code": own})
    named = {kind: _with_names(tx, kind, made[kind]) for kind in (WHOLE, *KINDS)}
    kept = scorecards.frozen(meeting)
    told = None if kept is None else scorecards.digest(kept)
    return {**made, **named, "is_frozen": kept is not None, "sha256": told}


@act("evaluation.card_rows", Command.EVALUATE)
def rows(
    tx: Tx,
    *,
    meeting_id: int,
    kind: str,
    code: str,
    figure: str,
    rule_id: str | None = None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return a part of the rows behind a figure of one body's card: `total`, and `rows` with the columns of the figure's list.

    Args:
        tx: the act.
        meeting_id: the meeting.
        kind: one of `KINDS`, or `WHOLE`.
        code: which body; of the whole it is `ALL`.
        figure: one of `FIGURES`; an assessor has no silent days.
        rule_id: behind `happened`, `prevented` and `gone` only this rule's.
        limit: rows at most.
        offset: rows before them.

    Raises:
        Refused: as `cards`; no such kind, figure or rule.
    """
    meeting, own = meeting_evidence.looked_at(tx, meeting_id)
    kind = inputs.choice(kind, "Pihak", (WHOLE, *KINDS))
    figure = inputs.choice(figure, "Angka", [one for one in FIGURES if one != "silent_days" or kind in SILENT_KINDS])
    what, body = BEHIND[figure], inputs.code(code, "Kode")
    values = {**_span(tx, meeting, own).values(), "body": body}
    condition = f"{_is_of(kind, is_noted=what in {_DEVIATION, _CASE})} and {_ASKED.get(figure, 'true')}"
    if rule_id and what is _DEVIATION:
        condition += " and deviation.rule_id = :rule"
        values["rule"] = inputs.choice(rule_id, "Aturan", tuple(RULES))
    source = f"{what.source} and {condition}{what.grouped}"
    total, found = page(tx.db, what.columns, source, what.order, values, limit=limit, offset=offset)
    tx.record("meeting", meeting["meeting_id"], {"step": "card", "of": kind, "code": body, "figure": figure})
    return {"total": total, "rows": [_shown(row) for row in found]}


def _is_of(kind: str, *, is_noted: bool) -> str:
    """Return the condition that a row is about `:body`."""
    if kind == WHOLE:
        return "true"
    return f"{sql.ABOUT[kind] if is_noted else f'session.{KINDS[kind]}'} = :body"


def _span(tx: Tx, meeting: Row, own: str | None) -> Span:
    kept = scorecards.frozen(meeting)
    return scorecards.span_of(tx.db, meeting, lsp_code=own) if kept is None else Span.of(kept, lsp=own)


def _with_names(tx: Tx, kind: str, found: list[Row]) -> list[Row]:
    codes = [card["code"] for card in found]
    asked = many(tx.db, NAMES[kind], ids=codes) if codes and kind in NAMES else []
    names = {row["code"]: row["name"] for row in asked}
    return [{**card, "name": names.get(card["code"]) or card["code"]} for card in found]


def _shown(row: Row) -> Row:
    """Return a row with days and moments as ISO texts and counts as whole numbers."""
    counts: Row = {name: int(row[name]) for name in ("tested", "passed", "sessions", "deviations") if name in row}
    times = {name: value.isoformat() for name, value in row.items() if hasattr(value, "isoformat")}
    return {**row, **counts, **times}
