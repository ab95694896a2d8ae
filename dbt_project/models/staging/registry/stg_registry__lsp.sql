-- Register of BNSP (§3.2): certification bodies with the dates of their licence.
-- Grain: one row per LSP.
select
    lsp_code,
    lsp_name,
    license_no,
    valid_from,
    valid_until

from {{ source('registry', 'lsp') }}
