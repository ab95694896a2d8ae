-- Deviations (§5.2): fingers at the end of the test.
-- Grain: one row per session and journey.
select
    session_id,
    journey_id,
    scanned_at

from {{ source('operation', 'exit_scan') }}
