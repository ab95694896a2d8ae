-- Register of BNSP (§3.2): which LSP tests at which TUK in the scheme of household work, and when.
-- Grain: one row per TUK, LSP and start of the link.
select
    tuk_code,
    lsp_code,
    valid_from,
    valid_until

from {{ source('registry', 'tuk_lsp') }}

where scheme_code = 'TLRT'
