"""The rows that scorecards count, each as it stood at one moment (§14.2, R-162; requirements section 8.3 no. 12).

Every query names `lsp_code`, `tuk_code` and `met_no`, and takes the values of a `Span`. Only what is written once is asked, or what says
when it changed: a decision, a moment of a session, a note of a case. So a card that is made again later finds the same. Rows that only
grow are limited by their number too, as it was when the meeting opened.
"""

from __future__ import annotations

_RETAKEN = """(journey.journey_no > 1 and exists (select 1 from posko.journey as earlier
        join posko.decision as before_it on before_it.journey_id = earlier.journey_id
        where earlier.tki_id = journey.tki_id and earlier.scheme_code = journey.scheme_code
            and before_it.result = 'BK' and before_it.decided_at < decision.decided_at))"""
RESULTS = """
    from posko.exam_session as session
    join posko.decision as decision on decision.session_id = session.session_id
    join posko.journey as journey on journey.journey_id = decision.journey_id
    where session.exam_on between :since and :until
        and decision.decided_at <= :at and decision.decision_id <= :last_decision
        and (:lsp is null or session.lsp_code = :lsp)"""
"""Results of the exam days; a retake is one whom an LSP has found not yet competent before."""
OF_RESULT = {
    "tested": "true",
    "passed": "decision.result = 'K'",
    "retakes": _RETAKEN,
    "retakes_passed": f"decision.result = 'K' and {_RETAKEN}",
}
"""Figure -> condition on `RESULTS`."""
_BODIES = "session.lsp_code, session.tuk_code, session.met_no"
_TIMED = (
    f"{_BODIES}, session.session_id, session.ended_at, session.scoring_opened_at, session.scored_at, session.closed_at"
)
SESSIONS = f"""
    select {_BODIES}, session.session_id, {", ".join(f"sum({asked}) as {name}" for name, asked in OF_RESULT.items())},
        timestampdiff(minute, session.closed_at, min(decision.decided_at)) as decide_minutes,
        timestampdiff(minute, session.ended_at, session.scoring_opened_at) as release_minutes,
        timestampdiff(minute, session.scoring_opened_at, session.scored_at) as score_minutes
    {RESULTS} group by {_TIMED}"""
"""One row per session with results: counts, and how long LSP, TUK and assessor took."""
SILENT = """
    from posko.exam_session as session
    where session.exam_on between :since and :until and session.exam_on < :today and session.made_at <= :at
        and (session.status <> 'CANCELLED' or session.cancelled_at > :at)
        and (session.opened_at is null or session.opened_at > :at)
        and exists (select 1 from posko.allocation as allocation
            where allocation.session_id = session.session_id and allocation.allocated_at <= :at)
        and not exists (select 1 from posko.attendance as attendance
            where attendance.session_id = session.session_id and attendance.recorded_at <= :at)
        and not exists (select 1 from posko.decision as decision
            where decision.session_id = session.session_id and decision.decided_at <= :at
                and decision.decision_id <= :last_decision)
        and (:lsp is null or session.lsp_code = :lsp)"""
"""Sessions with candidates whose day went by without anything written: never opened, nobody at the door (DV-S08)."""
HELD = """
    from posko.meeting_item as item
    join posko.evaluation_meeting as meeting on meeting.meeting_id = item.meeting_id
    join posko.decision as decision on decision.journey_id = item.journey_id
    join posko.exam_session as session on session.session_id = decision.session_id
    join posko.journey as journey on journey.journey_id = item.journey_id
    where item.finding = 'HOLD' and meeting.held_on between :since and :until and meeting.closed_at < :at
        and (:lsp is null or session.lsp_code = :lsp)"""
"""Results that the minutes of these days held back; the same result may be held more than once."""


def _body(kind: str, column: str, of_session: str) -> str:
    """Return who a deviation is about: its subject, else whose session it is, else the body of its person."""
    own = f"case when lower(deviation.subject_kind) = '{kind}' then deviation.subject_code end"
    return f"coalesce({own}, {of_session}, person.{column})"


LSP = _body("lsp", "lsp_code", "session.lsp_code")
TUK = _body("tuk", "tuk_code", "session.tuk_code")
# Who scores may be exchanged until she has scored.
ASESOR = _body(
    "asesor",
    "met_no",
    "case when decision.session_id = session.session_id or session.scored_at <= :at then session.met_no end",
)
ABOUT = {"lsp": LSP, "tuk": TUK, "asesor": ASESOR}
"""Kind -> whom a deviation of `DEVIATIONS` is about; None where it is nobody of that kind."""
ABOUT_ALL = f"{LSP} as lsp_code, {TUK} as tuk_code, {ASESOR} as met_no"
DEVIATIONS = f"""
    from posko.deviation as deviation
    left join posko.decision as decision
        on decision.journey_id = deviation.journey_id
        and decision.decided_at <= :at and decision.decision_id <= :last_decision
    left join posko.exam_session as session
        on session.session_id = coalesce(deviation.session_id, decision.session_id)
    left join posko.staff as person
        on lower(deviation.subject_kind) = 'staff' and person.person_id = deviation.subject_code
    {{joined}}
    where deviation.occurred_at <= :at and deviation.deviation_id <= :last_deviation and (:lsp is null or {LSP} = :lsp)"""
_OF_DAYS = " and deviation.occurred_at >= :began and deviation.occurred_at < :ended"
NOTED = DEVIATIONS.format(joined="") + _OF_DAYS
"""Deviations that were noted on these days."""
_GONE = """exists (select 1 from posko.finding_change as changed where changed.finding_id = deviation.finding_id
        and changed.change_kind = 'GONE' and changed.changed_at >= deviation.occurred_at and changed.changed_at <= :at
            and changed.change_id <= :last_change)"""
OF_DEVIATION = {
    "happened": "deviation.is_attempt = 0",
    "prevented": "deviation.is_attempt = 1",
    "gone": f"deviation.is_attempt = 0 and {_GONE}",
}
"""Figure -> condition on `NOTED`; what is gone was found no more after a correction, and still counts as having happened."""
RULES = f"""
    select {ABOUT_ALL}, deviation.rule_id, deviation.severity,
        {", ".join(f"sum({asked}) as {name}" for name, asked in OF_DEVIATION.items())}
    {NOTED} group by 1, 2, 3, 4, 5"""


def _last_note(states: str) -> str:
    return f"""(select max(last.note_id) from posko.case_note as last where last.case_id = deviation.case_id
            and {states} and last.noted_at <= :at and last.note_id <= :last_note)"""


CASES = DEVIATIONS.format(
    joined=f"""join posko.deviation_case as opened on opened.case_id = deviation.case_id
        and coalesce(deviation.case_at, opened.opened_at) <= :at
    join posko.case_note as stands on stands.note_id = {_last_note("last.status_to is not null")}
    left join posko.case_note as judged
        on judged.note_id = {_last_note("last.status_to in ('CONFIRMED', 'DISMISSED')")}"""
)
"""Deviations in cases, with the note that says where the case stood and the one with its judgement."""
_CLOSED = "stands.status_to = 'CLOSED' and stands.noted_at >= :began and stands.noted_at < :ended"
OF_CASE = {
    "cases_open": "stands.status_to <> 'CLOSED'",
    "cases_closed": _CLOSED,
    "cases_confirmed": f"{_CLOSED} and judged.status_to = 'CONFIRMED'",
    "cases_dismissed": f"{_CLOSED} and judged.status_to = 'DISMISSED'",
}
"""Figure -> condition on `CASES`: open ones whatever their age, closed ones of these days."""
