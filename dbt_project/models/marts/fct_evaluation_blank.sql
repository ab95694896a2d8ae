{{ config(tags=['evaluation']) }}
-- Evaluation (§13.12, §14.2): stock of numbered blanks, which must add up.
-- Grain: one row per LSP and state.
select
    lsp_code,
    state,
    count(*) as blanks

from {{ ref('stg_operation__blanks') }}

group by lsp_code, state
