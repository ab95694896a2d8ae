-- Deviations (§14.2): what a meeting found of each result.
-- Grain: one row per meeting and journey.
select
    meeting_id,
    journey_id,
    finding

from {{ source('operation', 'meeting_item') }}
