-- Deviations (§14.2): evaluation meetings.
-- Grain: one row per meeting.
select
    meeting_id,
    state,
    closed_at

from {{ source('operation', 'evaluation_meeting') }}
