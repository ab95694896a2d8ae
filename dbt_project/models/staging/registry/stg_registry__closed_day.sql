-- Calendar (§12.5): days on which a TUK, or every TUK (`*`), does not test.
-- Grain: one row per day and TUK.
select
    closed_on,
    tuk_code,
    reason

from {{ source('registry', 'closed_day') }}
