-- Every proposal is for a day on which the TUK, the LSP and their link are valid, nobody is suspended and nothing is closed (DV-A03).
-- Asked of the registers themselves, not of the table of days that the allocation used.
with

session_day as (

    select distinct
        tuk_code,
        proposed_on,
        lsp_code

    from {{ ref('fct_tuk_proposal') }}

)

select session_day.*

from session_day

left join {{ ref('stg_registry__tuk') }} as tuk
    on
        session_day.tuk_code = tuk.tuk_code
        and session_day.proposed_on between tuk.valid_from and tuk.valid_until

left join {{ ref('stg_registry__lsp') }} as lsp
    on
        session_day.lsp_code = lsp.lsp_code
        and session_day.proposed_on between lsp.valid_from and lsp.valid_until

left join {{ ref('stg_registry__closed_day') }} as closed
    on session_day.proposed_on = closed.closed_on and closed.tuk_code in ('*', session_day.tuk_code)

left join {{ ref('stg_registry__suspension') }} as suspension
    on
        (
            (suspension.party_kind = 'TUK' and session_day.tuk_code = suspension.party_code)
            or (suspension.party_kind = 'LSP' and session_day.lsp_code = suspension.party_code)
        )
        and session_day.proposed_on between suspension.suspended_from and suspension.suspended_until

where
    tuk.tuk_code is null
    or lsp.lsp_code is null
    or closed.closed_on is not null
    or suspension.suspension_id is not null
    or not exists(
        select 1
        from {{ ref('stg_registry__tuk_lsp') }} as tuk_lsp
        where
            tuk_lsp.tuk_code = session_day.tuk_code
            and tuk_lsp.lsp_code = session_day.lsp_code
            and session_day.proposed_on between tuk_lsp.valid_from and tuk_lsp.valid_until
    )
    or (
        weekday(session_day.proposed_on) >= 5
        and {{ parameter_on('weekend_closed', 'session_day.proposed_on') }} = 1
    )
