-- Register of BNSP (§3.4): schemes that an assessor may assess, and when.
-- Grain: one row per assessor, scheme and first day.
select
    met_no,
    scheme_code,
    valid_from,
    valid_until

from {{ source('registry', 'asesor_scheme') }}
