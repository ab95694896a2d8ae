-- Deviations (§5.2): fingers that were used for an act.
-- Grain: one row per proof.
select
    proof_id,
    person_kind,
    person_id,
    purpose,
    station_code,
    reader_serial,
    is_match,
    captured_at,
    used_for,
    used_at

from {{ source('operation', 'finger_proof') }}
