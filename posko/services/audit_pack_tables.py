"""The tables of an auditor's pack: their columns, and what is asked of the database for a period (§5.7; R-025).

Whole numbers and texts only: hashes are hex, days and times ISO in UTC. ID TKI and numbers of staff stand in them; no NIK, name, birth
date, address, secure code or template does. What gates wrote down of rows that they saw is masked as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.masking import mask_niks_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERSION = 1
"""Of the tables and their columns; a pack of another version is read by the program of its time."""
_DURING = "{0} >= %(since)s and {0} < %(until)s"
_CASES = f"""(
    select case_id from posko.deviation_case where opened_at < %(until)s and (closed_at is null or closed_at >= %(since)s)
    union select case_id from posko.deviation where case_id is not null and {_DURING.format("occurred_at")}
    union select case_id from posko.case_note where {_DURING.format("noted_at")})"""
_MEETINGS = f"""(
    select meeting_id from posko.evaluation_meeting
    where held_on between %(first)s and %(last)s or {_DURING.format("closed_at")})"""
_FINDINGS = "(select finding_id from posko.finding where first_seen_at < %(until)s and (gone_at is null or gone_at >= %(since)s))"
_WEEKS = (
    "(select week_on from posko.surveillance_commitment where week_on between %(first)s - interval 6 day and %(last)s)"
)
_DRAWS = f"(select draw_id from posko.surveillance_draw where week_on in {_WEEKS})"


@dataclass(frozen=True)
class Part:
    """One table: its columns by name, whole numbers (`int`) or texts, and the query, which is asked in their order.

    `sql` has `%(since)s` and `%(until)s` (UTC), `%(first)s` and `%(last)s` (days). None: the rows come from elsewhere.
    """

    columns: Mapping[str, type]
    sql: str | None = None


def plain(value: Any) -> int | str | None:
    """Return a value of the database as it travels."""
    if value is None or isinstance(value, int | str):
        return value
    return value.hex() if isinstance(value, bytes | bytearray) else str(value.isoformat())


def _part(source: str, where: str, order: str, **columns: type) -> Part:
    return Part(columns, f"select {', '.join(columns)} from {source} where {where} order by {order}")


TABLES: Mapping[str, Part] = {
    "event": Part({"place": int, "record": str}),
    "checkpoint": Part({"size": int, "note": str}),
    "batch": _part(
        "posko.handoff_batch", _DURING.format("sent_at"), "batch_id",
        batch_id=int, hop=str, sender=str, receiver=str, row_count=int, rows_sha256=str, sent_at=str, received_at=str,
        received_count=int, received_sha256=str, loaded_at=str, rejected_count=int, version=int,
    ),
    "line": Part({
        "batch_id": int, "tki_id": str, "hop": str, "journey_id": int, "attempt_no": int, "version": int, "row_hash": str,
        "received_hash": str, "status": str, "reason": str,
    }),
    "rule": Part({
        "rule_id": str, "paragraph": str, "severity": str, "found_as": str, "mode": str, "judged_by": str, "scope": str, "owner": str,
        "parameters": str, "description": str,
    }),
    "parameter_default": Part({"parameter_name": str, "value": int, "unit": str, "source": str}),
    "parameter": _part(
        "posko.parameter", "true", "parameter_name, valid_from",
        parameter_name=str, valid_from=str, value=str, reason=str, set_by=str, seconded_by=str, set_at=str,
    ),
    "parameter_of_rules": Part(
        {"param_code": str, "sub_key": str, "value": str, "valid_from": str, "valid_until": str, "legal_source": str, "is_verified": str},
        "select param_code, sub_key, cast(value as char), cast(valid_from as char), cast(valid_until as char), legal_source,"
        " cast(is_verified as char) from posko_model.parameter order by param_code, sub_key, valid_from",
    ),
    "deviation": _part(
        "posko.deviation", f"({_DURING.format('occurred_at')}) or case_id in {_CASES}", "deviation_id",
        deviation_id=int, rule_id=str, severity=str, mode=str, is_attempt=int, tki_id=str, journey_id=int, session_id=int,
        subject_kind=str, subject_code=str, evidence=str, evidence_sha256=str, occurred_at=str, audit_event=str, case_id=int,
        case_at=str, finding_id=int,
    ),
    "deviation_case": _part(
        "posko.deviation_case", f"case_id in {_CASES}", "case_id",
        case_id=int, title=str, severity=str, status=str, holds_result=int, rule_id=str, subject_kind=str, subject_code=str, opened_at=str,
        opened_by=str, due_at=str, evidence_sha256=str, sanction=str, closed_at=str, closed_by=str, seconded_by=str,
    ),
    "case_subject": _part(
        "posko.case_subject", f"case_id in {_CASES}", "case_id, subject_kind, subject_code",
        case_id=int, subject_kind=str, subject_code=str,
    ),
    "case_note": _part(
        "posko.case_note", f"case_id in {_CASES}", "note_id",
        note_id=int, case_id=int, status_from=str, status_to=str, note=str, noted_at=str, noted_by=str, noted_role=str,
    ),
    "finding": _part(
        "posko.finding", f"finding_id in {_FINDINGS}", "finding_id",
        finding_id=int, rule_id=str, subject_kind=str, subject_code=str, finding_key=str, tki_id=str, journey_id=int, session_id=int,
        evidence_sha256=str, observed_at=str, first_seen_at=str, last_seen_at=str, gone_at=str, deviation_id=int,
    ),
    "finding_change": _part(
        "posko.finding_change", f"finding_id in {_FINDINGS}", "change_id",
        change_id=int, finding_id=int, change_kind=str, evidence=str, evidence_sha256=str, changed_at=str, audit_event=str,
    ),
    "rule_run": _part(
        "posko.deviation_run", _DURING.format("started_at"), "deviation_run_id",
        deviation_run_id=int, run_id=str, rule_id=str, print=str, since_at=str, started_at=str, finished_at=str, found_count=int,
        new_count=int, changed_count=int, gone_count=int, again_count=int,
    ),
    "check_run": _part(
        "posko.check_run", _DURING.format("checked_at"), "check_run_id",
        check_run_id=int, run_id=str, gate=str, batch_id=int, checked_at=str, outcome=str, expectation=str, observed=str,
    ),
    "meeting": _part(
        "posko.evaluation_meeting", f"meeting_id in {_MEETINGS}", "meeting_id",
        meeting_id=int, held_on=str, place=str, state=str, minutes=str, minutes_sha256=str, evidence=str, opened_at=str, opened_by=str,
        closed_at=str, closed_by=str,
    ),
    "meeting_participant": _part(
        "posko.meeting_participant", f"meeting_id in {_MEETINGS}", "meeting_id, person_id",
        meeting_id=int, person_id=str, organisation=str,
    ),
    "meeting_item": _part(
        "posko.meeting_item", f"meeting_id in {_MEETINGS}", "meeting_id, journey_id",
        meeting_id=int, journey_id=int, finding=str, reason=str, noted_by=str,
    ),
    "meeting_comment": _part(
        "posko.meeting_comment", f"meeting_id in {_MEETINGS}", "comment_id",
        comment_id=int, meeting_id=int, lsp_code=str, comment=str, made_by=str,
    ),
    "surveillance_commitment": _part(
        "posko.surveillance_commitment", f"week_on in {_WEEKS}", "week_on",
        week_on=str, seed_sha256=str, committed_at=str, committed_by=str,
    ),
    "surveillance_draw": _part(
        "posko.surveillance_draw", f"draw_id in {_DRAWS}", "draw_id",
        draw_id=int, week_on=str, wanted=int, session_count=int, frame_sha256=str, drawn_at=str, drawn_by=str,
    ),
    "surveillance_frame": _part(
        "posko.surveillance_frame", f"draw_id in {_DRAWS}", "draw_id, session_id",
        draw_id=int, session_id=int, tuk_code=str, lsp_code=str, met_no=str, exam_on=str, weight=int, parts=str, chance_permille=int,
        is_picked=int,
    ),
    "surveillance_visit": _part(
        "posko.surveillance_visit", f"draw_id in {_DRAWS} or {_DURING.format('recorded_at')}", "visit_id",
        visit_id=int, session_id=int, tuk_code=str, draw_id=int, visited_on=str, outcome=str, note=str, deviation_id=int, recorded_at=str,
        recorded_by=str,
    ),
    "surveillance_reveal": _part(
        "posko.surveillance_reveal", f"draw_id in {_DRAWS}", "draw_id",
        draw_id=int, seed=str, revealed_at=str, revealed_by=str,
    ),
}  # fmt: skip
"""Name of a table -> what it holds, in the order in which they stand in a pack."""
MASKED = {"check_run": "observed"}
"""Table -> column with free text of gates, in which whatever could be a NIK is hidden."""


def masked(name: str, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """Return rows of a table with what could be a NIK hidden where a gate wrote what it saw."""
    if name not in MASKED:
        return rows
    place = list(TABLES[name].columns).index(MASKED[name])
    return [(*row[:place], row[place] and mask_niks_in(row[place]), *row[place + 1 :]) for row in rows]
