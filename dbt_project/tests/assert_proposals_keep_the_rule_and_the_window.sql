-- Every proposal names a TUK of the rule of her BLKLN, not before the first possible day and not after the longest wait (§12.5).
-- A run by delta looks at the TKI that it decided, a full run and `dbt test` at all of them.
-- depends_on: {{ ref('int_allocation__decided') }}
{% set delta = is_delta('allocate') %}
select
    proposal.blkln_code,
    proposal.tuk_code,
    proposal.alternative_no,
    max(proposal.waited_days) as longest

from {{ ref('fct_tuk_proposal') }} as proposal
{% if delta %}
    inner join {{ ref('int_allocation__decided') }} as decided on proposal.tki_id = decided.tki_id
{% endif %}

left join {{ ref('stg_registry__blkln_tuk_rule') }} as rule
    on
        rule.blkln_code in ('*', proposal.blkln_code)
        and proposal.alternative_no = rule.priority
        and proposal.tuk_code = rule.tuk_code

group by proposal.blkln_code, proposal.tuk_code, proposal.alternative_no

having
    max(rule.tuk_code) is null
    or min(proposal.waited_days) < 0
    or max(proposal.waited_days) > (select max(value) from {{ ref('parameter') }} where param_code = 'max_wait_days')
