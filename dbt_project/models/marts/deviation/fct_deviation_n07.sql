-- DV-N07 (§13.x): the test was on the day on which she left the training centre, or before it; or the certificate is older than the test.
-- Grain: one row per session and TKI, and one per certificate.
select
    'DV-N07' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat('uji:', session.session_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id, 'uji', session.exam_on, 'keluar_blkln', candidate.training_ended_on, 'blkln', candidate.blkln_code
    ) as evidence,
    attendance.recorded_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__candidates') }} as candidate on journey.journey_id = candidate.journey_id

inner join {{ ref('stg_operation__attendance') }} as attendance
    on journey.journey_id = attendance.journey_id
    and attendance.outcome = 'PRESENT'

inner join {{ ref('stg_operation__sessions') }} as session on attendance.session_id = session.session_id

where session.exam_on <= candidate.training_ended_on

union all

select
    'DV-N07' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat('sertifikat:', journey.journey_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object('sesi', session.session_id, 'uji', session.exam_on, 'sertifikat', certificate.certified_on) as evidence,
    decision.decided_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__certificates') }} as certificate on journey.journey_id = certificate.journey_id

inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

inner join {{ ref('stg_operation__sessions') }} as session on decision.session_id = session.session_id

where certificate.certified_on < session.exam_on
