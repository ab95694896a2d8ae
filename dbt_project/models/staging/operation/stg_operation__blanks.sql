-- Evaluation (§14.2): numbered blanks for certificates (§13.12).
-- Grain: one row per blank.
select
    blank_no,
    lsp_code,
    state,
    issued_at

from {{ source('operation', 'blank') }}
