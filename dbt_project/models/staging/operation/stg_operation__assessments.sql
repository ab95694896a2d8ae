-- Evaluation (§14.2): results of the assessors, with their corrections (§13.7-13.8).
-- Grain: one row per session, journey and version.
select
    assessment_id,
    session_id,
    journey_id,
    version,
    assessed_at,
    met_no,
    result,
    proof_id,
    assessed_by

from {{ source('operation', 'assessment') }}
