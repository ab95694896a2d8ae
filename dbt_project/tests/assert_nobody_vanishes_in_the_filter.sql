-- Every typed TKI is eligible or held back (R-085): the numbers of rows agree, whole table against whole table.
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
