-- DV-N02 (§9.4): a score from before the end of the test or before the TUK let the assessor score.
-- The acts refuse it; this finds rows past them.
-- Grain: one row per score and version.
select
    'DV-N02' as rule_id,
    'asesor' as subject_kind,
    assessment.met_no as subject_code,
    concat(assessment.session_id, ':', assessment.journey_id, ':', assessment.version) as finding_key,
    journey.tki_id,
    assessment.journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id,
        'versi', assessment.version,
        'dinilai', assessment.assessed_at,
        'uji_selesai', session.ended_at,
        'penilaian_dibuka', session.scoring_opened_at
    ) as evidence,
    assessment.assessed_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__assessments') }} as assessment on session.session_id = assessment.session_id

inner join {{ ref('stg_operation__journeys') }} as journey on assessment.journey_id = journey.journey_id

where
    session.ended_at is null
    or session.scoring_opened_at is null
    or assessment.assessed_at < session.ended_at
    or assessment.assessed_at < session.scoring_opened_at
