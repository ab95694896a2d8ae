-- Every typed TKI is eligible or held back (R-085), and nobody else is.
-- A run by delta looks one by one at the TKI that changed; a full run and `dbt test` compare whole tables by their numbers of rows.
-- depends_on: {{ ref('int_tki__changed') }}
{% if is_delta('judge') %}
with

placed as (

    select
        changed.tki_id,
        exists(select 1 from {{ ref('stg_bnp2tki__tki') }} as tki where tki.tki_id = changed.tki_id) as is_typed,
        exists(select 1 from {{ ref('int_tki__facts') }} as facts where facts.tki_id = changed.tki_id) as is_judged,
        exists(select 1 from {{ ref('fct_tki_eligible') }} as tki where tki.tki_id = changed.tki_id) as is_eligible,
        exists(select 1 from {{ ref('fct_tki_held_back') }} as held where held.tki_id = changed.tki_id) as is_held_back

    from {{ ref('int_tki__changed') }} as changed

)

select *

from placed

where is_typed <> is_judged or is_typed <> is_eligible + is_held_back
{% else %}
with

counted as (

    select
        (select count(*) from {{ ref('stg_bnp2tki__tki') }}) as typed,
        (select count(*) from {{ ref('int_tki__facts') }}) as judged,
        (select count(*) from {{ ref('fct_tki_eligible') }}) as eligible,
        (select count(distinct tki_id) from {{ ref('fct_tki_held_back') }}) as held_back

)

select *

from counted

where typed <> judged or typed <> eligible + held_back
{% endif %}
