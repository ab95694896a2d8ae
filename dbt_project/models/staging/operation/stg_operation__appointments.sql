-- Deviations (§5.2): assessors of a session, one after the other.
-- Grain: one row per appointment.
select
    appointment_id,
    session_id,
    met_no,
    appointed_at,
    ended_at

from {{ source('operation', 'appointment') }}
