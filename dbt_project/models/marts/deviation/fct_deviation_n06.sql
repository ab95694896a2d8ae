-- DV-N06 (§13.10): who decided had another part for the same TKI: scored her, or kept the door of the TUK.
-- The acts refuse it; this finds rows past them. An exception at the door is recorded by TUK or LSP and counts by the part held.
-- Grain: one row per decided journey.
select
    'DV-N06' as rule_id,
    'staff' as subject_kind,
    decision.decided_by as subject_code,
    cast(journey.journey_id as char) as finding_key,
    journey.tki_id,
    journey.journey_id,
    decision.session_id,
    json_object(
        'sesi', decision.session_id,
        'bagian', held.part,
        'nilai', count(distinct assessment.assessment_id),
        'absensi', count(distinct attendance.attendance_id)
    ) as evidence,
    decision.decided_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

left join {{ ref('stg_operation__assessments') }} as assessment
    on journey.journey_id = assessment.journey_id
    and decision.decided_by = assessment.assessed_by

left join {{ ref('stg_operation__attendance') }} as attendance
    on journey.journey_id = attendance.journey_id
    and decision.decided_by = attendance.recorded_by
    and (attendance.outcome <> 'PRESENT' or attendance.statement_no is null)

left join {{ ref('stg_operation__parts_held') }} as held
    on journey.journey_id = held.journey_id
    and decision.decided_by = held.person_id
    and held.part <> 'LSP'

where
    assessment.assessment_id is not null
    or attendance.attendance_id is not null
    or held.part is not null

group by
    journey.journey_id, journey.tki_id, journey.touched_at, decision.session_id, decision.decided_by, decision.decided_at, held.part
