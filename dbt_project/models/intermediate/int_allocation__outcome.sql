{{ config(keys=['primary key (queue_id)']) }}
-- Allocate stage (§12.5): how many of a queue were placed, and why the rest was not.
-- Grain: one row per queue.
with

placed as (

    select
        queue_id,
        max(rank_to) as placed

    from {{ ref('int_allocation__lot') }}

    group by queue_id

),

counted as (

    select
        queue.*,
        coalesce(placed.placed, 0) as placed,
        queue.members - coalesce(placed.placed, 0) as unplaced

    from {{ ref('int_allocation__queue') }} as queue

    left join placed on queue.queue_id = placed.queue_id

)

select
    queue_id,
    first_batch_id,
    test_from_on,
    test_until_on,
    blkln_code,
    members,
    placed,
    unplaced,
    case
        when unplaced = 0 then null
        when placed > 0 then 'FULL_UNTIL_HORIZON'
        when rule_code is null then 'NO_RULE'
        when not exists(
            select 1
            from {{ ref('stg_registry__blkln_tuk_rule') }} as rule
            inner join {{ ref('int_tuk__seat_day') }} as day on rule.tuk_code = day.tuk_code
            where
                rule.blkln_code = counted.rule_code
                and day.open_on >= counted.test_from_on
                and day.open_on <= counted.test_until_on
        )
            then 'NO_LICENSED_TUK'
        when tie_key > 0 and not exists(
            select 1
            from {{ ref('stg_registry__blkln_tuk_rule') }} as rule
            inner join {{ ref('int_tuk__seat_day') }} as day on rule.tuk_code = day.tuk_code
            where
                rule.blkln_code = counted.rule_code
                and day.open_on >= counted.test_from_on
                and day.open_on <= counted.test_until_on
                and {{ untied(target.schema, 'counted.tie_key') }}
        )
            then 'ALL_TIED'
        else 'FULL_UNTIL_HORIZON'
    end as reason_code

from counted
-- depends_on: {{ ref('int_allocation__tie') }}
