-- Deviations (§13.3-13.7): every comparison of a finger, without the sample.
-- Grain: one row per comparison.
select
    attempt_id,
    person_kind,
    person_id,
    purpose,
    outcome,
    station_code,
    reader_serial,
    score,
    threshold,
    asked_finger,
    matched_finger,
    captured_at,
    received_at,
    proof_id

from {{ source('operation', 'finger_attempt') }}
