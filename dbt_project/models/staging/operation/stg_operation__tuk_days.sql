-- Deviations (§12.5): seats of a TUK on a day.
-- Grain: one row per TUK and day.
select
    tuk_code,
    exam_on,
    capacity,
    booked

from {{ source('operation', 'tuk_day') }}
