{{
    config(
        keys=['primary key (tuk_code, open_on, lsp_code)'],
        stays_with='allocate',
        stays_while="exists("
            ~ "select 1 from {{ this }} "
            ~ "having date_format(min(open_on), '%Y%m') = (select date_format(min(test_from_on), '%Y%m') from {{ ref('int_allocation__queue') }}) "
            ~ "and date_format(max(open_on), '%Y%m') = (select date_format(max(test_until_on), '%Y%m') from {{ ref('int_allocation__queue') }}))"
    )
}}
-- Allocate stage (§3.2, §12.5): days on which a TUK may test for an LSP: licences and link valid, nobody suspended, no closed day.
-- It covers whole months, so that it need not be made again every night.
-- Grain: one row per TUK, day and LSP. The seats belong to the TUK and day; its LSPs take turns from day to day (lsp_rank 0 first).
with

digit as (

    select 0 as n
    {% for n in range(1, 10) %}
        union all
        select {{ n }}
    {% endfor %}

),

span as (

    select
        date(date_format(min(test_from_on), '%Y-%m-01')) as from_on,
        last_day(max(test_until_on)) as until_on

    from {{ ref('int_allocation__queue') }}

),

day as (

    select span.from_on + interval (ones.n + 10 * tens.n + 100 * hundreds.n + 1000 * thousands.n) day as open_on

    from span

    cross join digit as ones

    cross join digit as tens

    cross join digit as hundreds

    cross join digit as thousands

    where span.from_on + interval (ones.n + 10 * tens.n + 100 * hundreds.n + 1000 * thousands.n) day <= span.until_on

),

working_day as (

    select distinct day.open_on

    from day

    left join {{ ref('stg_registry__closed_day') }} as closed on day.open_on = closed.closed_on and closed.tuk_code = '*'

    where
        closed.closed_on is null
        and not (weekday(day.open_on) >= 5 and {{ parameter_on('weekend_closed', 'day.open_on') }} = 1)

),

licensed as (

    select
        tuk.tuk_code,
        tuk_lsp.lsp_code,
        tuk.capacity_per_day as capacity,
        greatest(tuk.valid_from, tuk_lsp.valid_from, lsp.valid_from) as valid_from,
        least(tuk.valid_until, tuk_lsp.valid_until, lsp.valid_until) as valid_until

    from {{ ref('stg_registry__tuk') }} as tuk

    inner join {{ ref('stg_registry__tuk_lsp') }} as tuk_lsp on tuk.tuk_code = tuk_lsp.tuk_code

    inner join {{ ref('stg_registry__lsp') }} as lsp on tuk_lsp.lsp_code = lsp.lsp_code

    where tuk.capacity_per_day > 0

),

open_day as (

    select distinct
        licensed.tuk_code,
        licensed.lsp_code,
        working_day.open_on,
        licensed.capacity

    from licensed

    inner join working_day
        on working_day.open_on >= licensed.valid_from and working_day.open_on <= licensed.valid_until

    left join {{ ref('stg_registry__closed_day') }} as closed
        on licensed.tuk_code = closed.tuk_code and working_day.open_on = closed.closed_on

    left join {{ ref('stg_registry__suspension') }} as suspension
        on
            (
                (suspension.party_kind = 'TUK' and licensed.tuk_code = suspension.party_code)
                or (suspension.party_kind = 'LSP' and licensed.lsp_code = suspension.party_code)
            )
            and working_day.open_on >= suspension.suspended_from
            and working_day.open_on <= suspension.suspended_until

    where closed.closed_on is null and suspension.suspension_id is null

)

select
    tuk_code,
    lsp_code,
    open_on,
    capacity,
    cast((
        to_days(open_on) + row_number() over (partition by tuk_code, open_on order by lsp_code)
    ) % count(*) over (partition by tuk_code, open_on) as signed) as lsp_rank

from open_day
