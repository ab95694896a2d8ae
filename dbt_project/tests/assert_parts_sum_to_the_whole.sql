-- The loads of all LSP, and of all TUK, sum to the proposals; the ledger and the totals count the same TKI (§12.8).
with

whole as (

    select
        (select count(*) from {{ ref('fct_tuk_proposal') }}) as proposals,
        (select proposed from {{ ref('fct_allocation_balance') }} where scope = 'ALL') as in_total,
        (select coalesce(sum(proposed), 0) from {{ ref('fct_allocation_balance') }} where scope = 'LSP') as by_lsp,
        (select coalesce(sum(proposed), 0) from {{ ref('fct_allocation_balance') }} where scope = 'TUK') as by_tuk,
        (select coalesce(sum(loaded), 0) from {{ ref('fct_handoff_ledger') }} where hop_no = 3) as in_ledger,
        (select coalesce(sum(is_within_tolerance), 0) from {{ ref('fct_allocation_balance') }} where scope = 'ALL') as is_complete

)

select *

from whole

where proposals <> in_total or proposals <> by_lsp or proposals <> by_tuk or proposals <> in_ledger or is_complete <> 1
