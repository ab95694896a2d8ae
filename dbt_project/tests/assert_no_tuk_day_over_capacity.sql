-- No TUK is given more TKI on a day than it has seats (DV-A04).
select
    proposal.tuk_code,
    proposal.proposed_on,
    count(*) as tki,
    max(tuk.capacity_per_day) as capacity_per_day

from {{ ref('fct_tuk_proposal') }} as proposal

left join {{ ref('stg_registry__tuk') }} as tuk on proposal.tuk_code = tuk.tuk_code

group by proposal.tuk_code, proposal.proposed_on

having count(*) > coalesce(max(tuk.capacity_per_day), 0)
