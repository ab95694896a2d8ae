-- Deviations (§8.2): stations with their readers.
-- Grain: one row per station.
select
    station_code,
    tuk_code,
    reader_serial,
    valid_from,
    valid_until

from {{ source('operation', 'station') }}
