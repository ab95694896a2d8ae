{{ config(stays_with='judge', keys=['primary key (destination_iso2, valid_from)']) }}
-- Filter stage (§3.1): the training norm and the opening of a destination, from day to day.
-- Grain: one row per destination and period in which nothing changes; destination `*` is for those not on the map.
with

country as (

    select destination_iso2 from {{ ref('destination') }}
    union
    select '*'

),

period_start as (

    select
        country.destination_iso2,
        parameter.valid_from

    from country

    inner join {{ ref('parameter') }} as parameter on parameter.sub_key in ('*', country.destination_iso2)

    where parameter.param_code in ('training_days_new', 'training_hours_new', 'max_hours_per_day')

    union

    select
        country.destination_iso2,
        parameter.valid_until + interval 1 day

    from country

    inner join {{ ref('parameter') }} as parameter on parameter.sub_key in ('*', country.destination_iso2)

    where
        parameter.param_code in ('training_days_new', 'training_hours_new', 'max_hours_per_day')
        and parameter.valid_until is not null

    union

    select
        destination_iso2,
        closed_from

    from {{ ref('destination_closure') }}

    union

    select
        destination_iso2,
        closed_until + interval 1 day

    from {{ ref('destination_closure') }}

    where closed_until is not null

),

period as (

    select
        destination_iso2,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by destination_iso2 order by valid_from) - interval 1 day, date '9999-12-31'
        ) as valid_until

    from period_start

)

select
    period.destination_iso2,
    period.valid_from,
    period.valid_until,
    cast({{ parameter_on('training_days_new', 'period.valid_from', 'period.destination_iso2') }} as signed) as minimum_days,
    cast({{ parameter_on('training_hours_new', 'period.valid_from', 'period.destination_iso2') }} as signed) as minimum_hours,
    cast({{ parameter_on('max_hours_per_day', 'period.valid_from', 'period.destination_iso2') }} as signed) as max_hours_per_day,
    (
        select max(closure.legal_source)
        from {{ ref('destination_closure') }} as closure
        where
            closure.destination_iso2 = period.destination_iso2
            and period.valid_from >= closure.closed_from
            and period.valid_from <= coalesce(closure.closed_until, date '9999-12-31')
    ) as closure_source

from period
