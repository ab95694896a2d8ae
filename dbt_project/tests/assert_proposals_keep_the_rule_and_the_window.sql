-- Every proposal names a TUK of the rule of her BLKLN, not before the first possible day and not after the longest wait (§12.5).
select
    proposal.blkln_code,
    proposal.tuk_code,
    proposal.alternative_no,
    max(proposal.waited_days) as longest

from {{ ref('fct_tuk_proposal') }} as proposal

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
