-- Register of BNSP (§3.4): assessors with the dates of their registration.
-- Grain: one row per assessor.
select
    met_no,
    lsp_code,
    valid_from,
    valid_until

from {{ source('registry', 'asesor') }}
