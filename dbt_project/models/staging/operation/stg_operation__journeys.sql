-- Evaluation (§14.2): where each TKI stands in a scheme (§12.3-14.5).
-- Grain: one row per journey.
select
    journey_id,
    tki_id,
    scheme_code,
    attempt_no,
    status,
    is_revoked,
    touched_at,
    journey_no

from {{ source('operation', 'journey') }}
