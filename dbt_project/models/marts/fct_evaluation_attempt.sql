{% set keys = [] %}
{% for stage in evaluation_stages() if stage.outcome is not none %}
    {% do keys.append('key ' ~ stage.stage ~ ' (' ~ stage.day ~ ')') %}
{% endfor %}
{{
    config(
        delta_part='evaluation',
        delta_scope='int_evaluation__touched',
        delta_by=['journey_id', 'attempt_no'],
        keys=keys,
        tags=['evaluation']
    )
}}
-- Evaluation (§14.2; R-162): every exam day of every registered TKI with the day of each stage: the list behind each mark.
-- A stranger whom a door turned away has no journey and stands under journey 0 and the number of her attendance.
-- Grain: one row per attempt. What is decided, printed and published belongs to the attempt whose session it came from.
-- depends_on: {{ ref('int_evaluation__touched') }}
{% set delta = is_delta('evaluation') %}
with

attempt as (

    select
        journey.journey_id,
        journey.attempt_no
    from {{ ref('stg_operation__journeys') }} as journey
    {% if delta %}
        inner join {{ ref('int_evaluation__touched') }} as touched
            on journey.journey_id = touched.journey_id and journey.attempt_no = touched.attempt_no
    {% endif %}
    where journey.status <> 'SENT_TO_KONSORSIUM'

    union

    select
        place.journey_id,
        place.attempt_no
    from {{ ref('stg_operation__allocations') }} as place
    {% if delta %}
        inner join {{ ref('int_evaluation__touched') }} as touched
            on place.journey_id = touched.journey_id and place.attempt_no = touched.attempt_no
    {% endif %}
    where place.attempt_no is not null

),

package as (

    select
        line.journey_id,
        line.attempt_no,
        max(line.batch_id) as batch_id
    from {{ ref('stg_operation__handoff_lines') }} as line
    {% if delta %}
        inner join {{ ref('int_evaluation__touched') }} as touched
            on line.journey_id = touched.journey_id and line.attempt_no = touched.attempt_no
    {% endif %}
    where line.hop = 'BNSP_TO_TUK'
    group by line.journey_id, line.attempt_no

),

print as (

    select
        certificate.journey_id,
        min(sheet.printed_at) as printed_at,
        count(*) as copies
    from {{ ref('stg_operation__prints') }} as sheet
    inner join {{ ref('stg_operation__certificates') }} as certificate on sheet.certificate_id = certificate.certificate_id
    {% if delta %}
        where certificate.journey_id in (select touched.journey_id from {{ ref('int_evaluation__touched') }} as touched)
    {% endif %}
    group by certificate.journey_id

),

dated as (

    select
        attempt.journey_id,
        attempt.attempt_no,
        journey.tki_id,
        journey.scheme_code,
        coalesce(nullif(upper(trim(candidate.destination)), ''), '-') as destination,
        coalesce(nullif(trim(candidate.blkln_code), ''), '-') as blkln_code,
        sitting.session_id,
        coalesce(sitting.lsp_code, '-') as lsp_code,
        coalesce(sitting.tuk_code, '-') as tuk_code,
        coalesce(sitting.met_no, '-') as met_no,
        sitting.exam_on,
        door.outcome as attendance,
        decision.result,
        case when decision.decision_id is not null then journey.is_revoked else 0 end as is_revoked,
        case when decision.decision_id is not null then coalesce(print.copies, 0) else 0 end as copies,
        case when attempt.attempt_no = 1 then candidate.registered_at end as registered_at,
        place.allocated_at,
        handoff.sent_at as distributed_at,
        handoff.received_at as acknowledged_at,
        door.recorded_at,
        assessment.assessed_at,
        decision.decided_at,
        case when decision.decision_id is not null then certificate.certified_on end as certified_on,
        case when decision.decision_id is not null then print.printed_at end as printed_at,
        case when decision.decision_id is not null then publication.published_at end as published_at,
        case when decision.decision_id is not null then returned.acknowledged_at end as closed_at,
        candidate.registered_at as began_at

    from attempt

    inner join {{ ref('stg_operation__journeys') }} as journey on attempt.journey_id = journey.journey_id

    inner join {{ ref('stg_operation__candidates') }} as candidate on attempt.journey_id = candidate.journey_id

    left join {{ ref('stg_operation__allocations') }} as place
        on attempt.journey_id = place.journey_id and attempt.attempt_no = place.attempt_no

    left join {{ ref('stg_operation__sessions') }} as sitting on place.session_id = sitting.session_id

    left join package on attempt.journey_id = package.journey_id and attempt.attempt_no = package.attempt_no

    left join {{ ref('stg_operation__handoffs') }} as handoff on package.batch_id = handoff.batch_id

    left join {{ ref('stg_operation__attendance') }} as door
        on place.session_id = door.session_id and attempt.journey_id = door.journey_id

    left join {{ ref('stg_operation__assessments') }} as assessment
        on place.session_id = assessment.session_id and attempt.journey_id = assessment.journey_id and assessment.version = 1

    left join {{ ref('stg_operation__decisions') }} as decision
        on attempt.journey_id = decision.journey_id and place.session_id = decision.session_id

    left join {{ ref('stg_operation__certificates') }} as certificate on attempt.journey_id = certificate.journey_id

    left join print on attempt.journey_id = print.journey_id

    left join {{ ref('stg_operation__publications') }} as publication
        on attempt.journey_id = publication.journey_id and publication.version = 1

    left join {{ ref('stg_operation__returns') }} as returned
        on attempt.journey_id = returned.journey_id and returned.version = 1

)

select
    journey_id,
    attempt_no,
    tki_id,
    scheme_code,
    destination,
    blkln_code,
    session_id,
    lsp_code,
    tuk_code,
    met_no,
    exam_on,
    attendance,
    result,
    is_revoked,
    copies,
    {{ local_day('registered_at') }} as registered_on,
    {{ local_day('allocated_at') }} as allocated_on,
    {{ local_day('distributed_at') }} as distributed_on,
    {{ local_day('acknowledged_at') }} as acknowledged_on,
    case when attendance is not null then exam_on end as examined_on,
    {{ local_day('assessed_at') }} as assessed_on,
    {{ local_day('decided_at') }} as decided_on,
    certified_on,
    {{ local_day('printed_at') }} as printed_on,
    {{ local_day('published_at') }} as published_on,
    {{ local_day('closed_at') }} as closed_on,
    {{ hours_between('registered_at', 'allocated_at') }} as allocated_hours,
    {{ hours_between('allocated_at', 'distributed_at') }} as distributed_hours,
    {{ hours_between('distributed_at', 'acknowledged_at') }} as acknowledged_hours,
    {{ hours_between('acknowledged_at', 'recorded_at') }} as examined_hours,
    {{ hours_between('recorded_at', 'assessed_at') }} as assessed_hours,
    {{ hours_between('assessed_at', 'decided_at') }} as decided_hours,
    {{ hours_between('decided_at', 'printed_at') }} as printed_hours,
    {{ hours_between('decided_at', 'published_at') }} as published_hours,
    {{ hours_between('published_at', 'closed_at') }} as closed_hours,
    {{ hours_between('began_at', 'closed_at') }} as whole_hours

from dated

union all

select
    0,
    stranger.attendance_id,
    null,
    sitting.scheme_code,
    '-',
    '-',
    sitting.session_id,
    sitting.lsp_code,
    sitting.tuk_code,
    sitting.met_no,
    sitting.exam_on,
    stranger.outcome,
    null,
    0,
    0,
    null,
    null,
    null,
    null,
    sitting.exam_on,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null

from {{ ref('stg_operation__attendance') }} as stranger

inner join {{ ref('stg_operation__sessions') }} as sitting on stranger.session_id = sitting.session_id
{% if delta %}
    inner join {{ ref('int_evaluation__touched') }} as touched
        on touched.journey_id = 0 and stranger.attendance_id = touched.attempt_no
{% endif %}

where stranger.journey_id is null
