-- Nobody vanishes in the allocation (§12.5, R-089): eligible = proposed + unplaced, in number and one by one.
-- A run by delta looks one by one at the TKI that changed, a full run and `dbt test` at all of them.
-- depends_on: {{ ref('int_tki__changed') }}
{% set delta = is_delta('allocate') %}
with

eligible as (

    select tki.tki_id

    from {{ ref('fct_tki_eligible') }} as tki
    {% if delta %}
        inner join {{ ref('int_tki__changed') }} as changed on tki.tki_id = changed.tki_id
    {% endif %}

),

lost as (

    select eligible.tki_id

    from eligible

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
