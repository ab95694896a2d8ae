-- No TKI is sent to a TUK or LSP that is tied to her PPTKIS or BLKLN on that day (§3.4, DV-A08).
-- A run by delta looks at the TKI that it decided, a full run and `dbt test` at all of them.
-- depends_on: {{ ref('int_allocation__decided') }}
{% set delta = is_delta('allocate') %}
select
    proposal.tki_id,
    tie.tie_id

from {{ ref('fct_tuk_proposal') }} as proposal
{% if delta %}
    inner join {{ ref('int_allocation__decided') }} as decided on proposal.tki_id = decided.tki_id
{% endif %}

inner join {{ ref('fct_tki_eligible') }} as tki on proposal.tki_id = tki.tki_id

inner join {{ ref('stg_registry__ownership_tie') }} as tie
    on
        (
            (tie.party_kind = 'BLKLN' and tki.blkln_code = tie.party_code)
            or (tie.party_kind = 'PPTKIS' and upper(trim(tki.pptkis_name)) = upper(trim(tie.party_code)))
        )
        and (
            (tie.body_kind = 'TUK' and proposal.tuk_code = tie.body_code)
            or (tie.body_kind = 'LSP' and proposal.lsp_code = tie.body_code)
        )
        and proposal.proposed_on between tie.valid_from and tie.valid_until
