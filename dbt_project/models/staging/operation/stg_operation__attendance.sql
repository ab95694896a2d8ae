-- Evaluation (§14.2): what happened at the door of a session (§13.1-13.6).
-- Grain: one row per person at a session.
select
    attendance_id,
    session_id,
    journey_id,
    outcome,
    recorded_at

from {{ source('operation', 'attendance') }}
