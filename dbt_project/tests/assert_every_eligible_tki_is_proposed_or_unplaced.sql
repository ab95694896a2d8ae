-- Nobody vanishes in the allocation (§12.5, R-089): eligible = proposed + unplaced, in number and one by one.
-- A run by delta looks one by one at the TKI that changed and at those that it decided; a full run and `dbt test` look at all of them.
-- depends_on: {{ ref('int_tki__changed') }}
-- depends_on: {{ ref('int_allocation__decided') }}
with

{% if is_delta('allocate') -%}
looked_at as (

    select tki_id from {{ ref('int_tki__changed') }}
    union
    select tki_id from {{ ref('int_allocation__decided') }}

)

select concat('TKI ', looked_at.tki_id) as problem

from looked_at

left join {{ ref('fct_tki_eligible') }} as tki on looked_at.tki_id = tki.tki_id

left join {{ ref('fct_tuk_proposal') }} as proposal on looked_at.tki_id = proposal.tki_id

left join {{ ref('fct_tki_unplaced') }} as unplaced on looked_at.tki_id = unplaced.tki_id

where (tki.tki_id is not null) <> (proposal.tki_id is not null) + (unplaced.tki_id is not null)
{%- else -%}
lost as (

    select eligible.tki_id

    from {{ ref('fct_tki_eligible') }} as eligible

    left join {{ ref('fct_tuk_proposal') }} as proposal on eligible.tki_id = proposal.tki_id

    left join {{ ref('fct_tki_unplaced') }} as unplaced on eligible.tki_id = unplaced.tki_id

    where (proposal.tki_id is null) = (unplaced.tki_id is null)

),

counted as (

    select
        (select count(*) from {{ ref('fct_tki_eligible') }}) as eligible,
        (select count(*) from {{ ref('fct_tuk_proposal') }}) as proposed,
        (select count(*) from {{ ref('fct_tki_unplaced') }}) as unplaced

)

select concat('TKI ', tki_id) as problem

from lost

union all

select concat(eligible, ' eligible, ', proposed, ' proposed, ', unplaced, ' unplaced')

from counted

where eligible <> proposed + unplaced
{%- endif %}
