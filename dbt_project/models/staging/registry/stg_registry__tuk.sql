-- Register of BNSP (§3.2, §12.5): test sites with their seats a day.
-- Grain: one row per TUK.
select
    tuk_code,
    tuk_name,
    city,
    capacity_per_day,
    valid_from,
    valid_until

from {{ source('registry', 'tuk') }}
