-- No TKI is sent to a TUK or LSP that is tied to her PPTKIS or BLKLN on that day (§3.4, DV-A08).
-- A run by delta looks at the TKI that it decided, a full run and `dbt test` at all of them.
-- depends_on: {{ ref('int_allocation__decided') }}
{% set delta = is_delta('allocate') %}
with

tie as (

    select * from {{ ref('stg_registry__ownership_tie') }}

),

proposal as (

    select
        proposed.tki_id,
        proposed.tuk_code,
        proposed.lsp_code,
        proposed.proposed_on,
        tki.blkln_code,
        upper(trim(tki.pptkis_name)) as pptkis_name

    from {{ ref('fct_tuk_proposal') }} as proposed
    {% if delta %}
        inner join {{ ref('int_allocation__decided') }} as decided on proposed.tki_id = decided.tki_id and decided.lot_no is not null
    {% endif %}

    inner join {{ ref('fct_tki_eligible') }} as tki on proposed.tki_id = tki.tki_id

    where
        tki.blkln_code in (select party_code from tie where party_kind = 'BLKLN')
        or upper(trim(tki.pptkis_name)) in (select upper(trim(party_code)) from tie where party_kind = 'PPTKIS')

)

select
    proposal.tki_id,
    tie.tie_id

from proposal

inner join tie
    on
        (
            (tie.party_kind = 'BLKLN' and proposal.blkln_code = tie.party_code)
            or (tie.party_kind = 'PPTKIS' and proposal.pptkis_name = upper(trim(tie.party_code)))
        )
        and (
            (tie.body_kind = 'TUK' and proposal.tuk_code = tie.body_code)
            or (tie.body_kind = 'LSP' and proposal.lsp_code = tie.body_code)
        )
        and proposal.proposed_on between tie.valid_from and tie.valid_until
