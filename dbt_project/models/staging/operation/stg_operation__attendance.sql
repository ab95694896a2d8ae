-- Evaluation (§14.2): what happened at the door of a session (§13.1-13.6).
-- Grain: one row per person at a session.
select
    attendance_id,
    session_id,
    journey_id,
    id_as_typed,
    outcome,
    recorded_at,
    tries,
    proof_id,
    station_code,
    statement_no,
    late_seconds,
    recorded_by

from {{ source('operation', 'attendance') }}
