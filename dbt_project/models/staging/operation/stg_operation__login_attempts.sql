-- Deviations (§12.5): sign-ins, accepted and rejected.
-- Grain: one row per attempt.
select
    attempt_id,
    attempted_at,
    id_as_typed,
    station_code,
    outcome

from {{ source('operation', 'login_attempt') }}
