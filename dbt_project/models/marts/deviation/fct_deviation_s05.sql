-- DV-S05 (§13.3): who did not come to a session, or was refused there, has a score, a decision "K" or a certificate of it.
-- The acts refuse it; this finds rows past them.
-- Grain: one row per journey and session.
select
    'DV-S05' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat(journey.journey_id, ':', assessment.session_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    assessment.session_id,
    json_object('sesi', assessment.session_id, 'absensi', min(attendance.outcome), 'nilai', max(assessment.result)) as evidence,
    min(assessment.assessed_at) as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__assessments') }} as assessment on journey.journey_id = assessment.journey_id

left join {{ ref('stg_operation__attendance') }} as attendance
    on assessment.session_id = attendance.session_id
    and assessment.journey_id = attendance.journey_id

where coalesce(attendance.outcome, 'ABSENT') <> 'PRESENT'

group by journey.journey_id, journey.tki_id, journey.touched_at, assessment.session_id

union all

select
    'DV-S05' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat(journey.journey_id, ':', decision.session_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    decision.session_id,
    json_object(
        'sesi', decision.session_id, 'absensi', attendance.outcome, 'putusan', decision.result, 'sertifikat', certificate.certified_on
    ) as evidence,
    decision.decided_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

left join {{ ref('stg_operation__certificates') }} as certificate on journey.journey_id = certificate.journey_id

left join {{ ref('stg_operation__attendance') }} as attendance
    on decision.session_id = attendance.session_id
    and decision.journey_id = attendance.journey_id

where
    coalesce(attendance.outcome, 'ABSENT') <> 'PRESENT'
    and (decision.result = 'K' or certificate.certificate_id is not null)
    and not exists (
        select 1
        from {{ ref('stg_operation__assessments') }} as scored
        where scored.journey_id = decision.journey_id and scored.session_id = decision.session_id
    )
