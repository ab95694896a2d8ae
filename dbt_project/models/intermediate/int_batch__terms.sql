{{ config(keys=['primary key (batch_id)']) }}
-- Filter stage (§12.2): the day a delivery came and the parameters of that day.
-- Grain: one row per batch.
with

batches as (

    select
        batch_id,
        received_on

    from {{ ref('stg_bnp2tki__batches') }}

)

select
    batch_id,
    received_on,
    cast({{ parameter_on('lead_days', 'batches.received_on') }} as signed) as lead_days,
    cast({{ parameter_on('minimum_age', 'batches.received_on') }} as signed) as minimum_age,
    cast({{ parameter_on('minimum_age', 'batches.received_on', "'INFORMAL'") }} as signed) as minimum_age_informal

from batches
