-- Deviations (§5.2): when each station was last heard of, and its clock then.
-- Grain: one row per station.
select
    station_code,
    seen_at,
    skew_ms

from {{ source('operation', 'station_seen') }}
