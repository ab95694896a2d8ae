-- DV-N01 (§13.7): a score that does not rest on a fresh finger of who scored, taken for scoring.
-- The acts refuse it; this finds rows past them.
-- Grain: one row per score and version.
select
    'DV-N01' as rule_id,
    'asesor' as subject_kind,
    assessment.met_no as subject_code,
    concat(assessment.session_id, ':', assessment.journey_id, ':', assessment.version) as finding_key,
    journey.tki_id,
    assessment.journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id,
        'versi', assessment.version,
        'dinilai_oleh', assessment.assessed_by,
        'sidik_jari_milik', proof.person_id,
        'keperluan', proof.purpose,
        'cocok', proof.is_match,
        'umur_detik', timestampdiff(second, proof.captured_at, assessment.assessed_at)
    ) as evidence,
    assessment.assessed_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__assessments') }} as assessment on session.session_id = assessment.session_id

inner join {{ ref('stg_operation__journeys') }} as journey on assessment.journey_id = journey.journey_id

left join {{ ref('stg_operation__finger_proofs') }} as proof on assessment.proof_id = proof.proof_id

where
    proof.proof_id is null
    or proof.person_kind <> 'STAFF'
    or proof.person_id <> assessment.assessed_by
    or proof.purpose <> 'SCORE'
    or proof.is_match = 0
    or timestampdiff(second, assessment.assessed_at, proof.captured_at)
    > {{ parameter_on('clock_skew_seconds', local_day('assessment.assessed_at')) }}
    or timestampdiff(second, proof.captured_at, assessment.assessed_at)
    > 60 * {{ act_parameter_on('proof_minutes', local_day('assessment.assessed_at')) }}
