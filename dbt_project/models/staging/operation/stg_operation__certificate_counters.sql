-- Deviations (§13.11): the counters that give the running numbers of certificates.
-- Grain: one row per series of a year.
select
    prefix,
    number_code,
    year,
    next_serial

from {{ source('operation', 'certificate_counter') }}
