"""The statements behind `ledger_rules`: each returns only TKI of whom an invariant of the hand-off ledger does not hold (F08, R-182).

Every one takes `:most`, most take `:hop`, and give `tki_id`; `batch_id`, `status`, `attempt_no` and `detail` fill the sentence.
"""

from __future__ import annotations

from posko.domain.handoff import Hop

DROPPED = """
select journey.tki_id, journey.status, journey.attempt_no
from posko.journey as journey
where journey.status in :must
    and not exists (select 1 from posko.handoff_line as line where line.journey_id = journey.journey_id and line.hop = :hop)
order by journey.journey_id limit :most
"""
WITHDRAWN = f"""line.hop = '{Hop.KONSORSIUM_TO_BNSP.value}' and exists (
        select 1 from posko.handoff_line as back
        where back.journey_id = line.journey_id and back.hop = '{Hop.BNSP_BACK_TO_KONSORSIUM.value}'
            and back.attempt_no = line.attempt_no and back.version = line.version
    )"""
"""Whether a line was withdrawn: it stays, and the line that took it back closes it to zero."""
DROPPED_OF_ATTEMPT = f"""
select journey.tki_id, journey.status, tried.attempt_no
from posko.journey as journey
join ({{numbers}}) as tried on tried.attempt_no <= journey.attempt_no
where (tried.attempt_no < journey.attempt_no or journey.status in :must)
    and not exists (
        select 1 from posko.handoff_line as line
        where line.journey_id = journey.journey_id and line.hop = :hop and line.attempt_no = tried.attempt_no
            and not ({WITHDRAWN})
    )
order by journey.journey_id limit :most
"""
# Hops after the exam carry rows of their own, which may come in versions: each row that was sent has its line. Of the assessments
# made before all of a session were there only the newest was sent, of those after it every one.
# A line that was taken back was sent, and what is sent again was taken back before.
ROW_WITHOUT_LINE = {
    Hop.KONSORSIUM_TO_BNSP: f"""
select coalesce(journey.tki_id, back.tki_id) as tki_id, journey.status, back.attempt_no
from posko.handoff_line as back
left join posko.journey as journey on journey.journey_id = back.journey_id
where back.hop = '{Hop.BNSP_BACK_TO_KONSORSIUM.value}'
    and not exists (
        select 1 from posko.handoff_line as line
        where line.journey_id = back.journey_id and line.hop = :hop and line.attempt_no = back.attempt_no
            and line.version = back.version
    )
limit :most
""",
    Hop.BNSP_BACK_TO_KONSORSIUM: f"""
select coalesce(journey.tki_id, again.tki_id) as tki_id, journey.status, again.attempt_no
from posko.handoff_line as again
left join posko.journey as journey on journey.journey_id = again.journey_id
where again.hop = '{Hop.KONSORSIUM_TO_BNSP.value}' and again.version > 1
    and not exists (
        select 1 from posko.handoff_line as line
        where line.journey_id = again.journey_id and line.hop = :hop and line.attempt_no = again.attempt_no
            and line.version = again.version - 1
    )
limit :most
""",
    Hop.TUK_TO_LSP: """
select journey.tki_id, journey.status, journey.attempt_no
from posko.assessment as assessed
join posko.exam_session as session on session.session_id = assessed.session_id and session.scored_at is not null
join posko.journey as journey on journey.journey_id = assessed.journey_id
where not exists (
        select 1 from posko.assessment as newer
        where newer.session_id = assessed.session_id and newer.journey_id = assessed.journey_id
            and newer.version > assessed.version and newer.assessed_at <= session.scored_at
    )
    and not exists (
        select 1 from posko.handoff_line as line
        where line.journey_id = assessed.journey_id and line.hop = :hop and line.version = assessed.version
    )
limit :most
""",
    Hop.LSP_TO_BNSP: """
select journey.tki_id, journey.status, journey.attempt_no
from posko.decision as decided
join posko.journey as journey on journey.journey_id = decided.journey_id
where not exists (select 1 from posko.handoff_line as line where line.journey_id = decided.journey_id and line.hop = :hop)
limit :most
""",
    **{
        hop: f"""
select journey.tki_id, journey.status, journey.attempt_no
from posko.return_line as returned
join posko.return_batch as batch on batch.return_batch_id = returned.return_batch_id and batch.{leg} is not null
join posko.journey as journey on journey.journey_id = returned.journey_id
where not exists (
        select 1 from posko.handoff_line as line
        where line.journey_id = returned.journey_id and line.hop = :hop and line.version = returned.version
    )
limit :most
"""
        for hop, leg in ((Hop.BNSP_TO_RELAY, "relay_batch_id"), (Hop.RELAY_TO_BNP2TKI, "source_batch_id"))
    },
}
DOUBLED = """
select coalesce(journey.tki_id, doubled.line_tki) as tki_id, doubled.hop, doubled.attempt_no, doubled.detail, doubled.batch_id
from (
    select journey_id, hop, attempt_no, version, max(tki_id) as line_tki, count(*) as detail,
        group_concat(batch_id order by batch_id separator ', ') as batch_id
    from posko.handoff_line
    group by journey_id, hop, if(journey_id is null, tki_id, ''), attempt_no, version
    having count(*) > 1
    limit :most
) as doubled
left join posko.journey as journey on journey.journey_id = doubled.journey_id
"""
LACKS_A_PART = """
select whole.tki_id, journey.status, whole.attempt_no
from posko.balance_check as checked
join posko.handoff_line as whole on whole.batch_id = checked.batch_id and whole.status <> 'REJECTED'
left join posko.journey as journey on journey.journey_id = whole.journey_id
where checked.released_at is not null
    and not exists (
        select 1
        from posko.distribution as part
        join posko.handoff_line as line on line.batch_id = part.batch_id
        where part.balance_check_id = checked.balance_check_id and part.receiver_kind = :kind
            and line.hop = :hop and line.journey_id = whole.journey_id and line.attempt_no = whole.attempt_no
    )
limit :most
"""
PART_TOO_MANY = """
select coalesce(journey.tki_id, line.tki_id) as tki_id, line.batch_id, journey.status, 'tidak ada dalam alokasi yang dikirim' as detail
from posko.distribution as part
join posko.balance_check as checked on checked.balance_check_id = part.balance_check_id
join posko.handoff_line as line on line.batch_id = part.batch_id and line.hop = :hop
left join posko.journey as journey on journey.journey_id = line.journey_id
left join posko.handoff_line as whole on whole.batch_id = checked.batch_id and whole.journey_id = line.journey_id
where part.receiver_kind = :kind and whole.batch_id is null
limit :most
"""
WRONG_PLACE = """
select journey.tki_id, line.batch_id, if(:kind = 'LSP', session.lsp_code, session.tuk_code) as detail
from posko.distribution as part
join posko.handoff_line as line on line.batch_id = part.batch_id and line.hop = :hop
join posko.journey as journey on journey.journey_id = line.journey_id
join posko.allocation as allocation on allocation.journey_id = line.journey_id and allocation.attempt_no = line.attempt_no
join posko.exam_session as session on session.session_id = allocation.session_id
where part.receiver_kind = :kind and part.receiver_code <> if(:kind = 'LSP', session.lsp_code, session.tuk_code)
limit :most
"""
