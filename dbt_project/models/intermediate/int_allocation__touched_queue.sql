{{ config(keys=['primary key (queue_id)']) }}
-- Allocate stage (§12.5): queues whose places are counted anew: they have seats, and a member came or went or the number of seats changed.
-- Grain: one row per queue. Empty in a full run, where every queue is counted.
-- depends_on: {{ ref('int_allocation__lot') }}
{% if is_delta('allocate') %}
with

seats_now as (

    select
        queue_id,
        max(rank_to) as seats

    from {{ ref('int_allocation__lot') }}

    group by queue_id

),

seats_before as (

    select
        queue_id,
        max(rank_to) as seats

    from {{ as_last_run_left('allocation_before') }}

    group by queue_id

)

select changed_queue.queue_id

from {{ as_last_run_left('allocation_changed') }} as changed_queue

left join seats_now on changed_queue.queue_id = seats_now.queue_id

left join seats_before on changed_queue.queue_id = seats_before.queue_id

where not (seats_now.seats <=> seats_before.seats)

union

select moved.queue_before

from {{ ref('int_allocation__moved') }} as moved

inner join seats_now on moved.queue_before = seats_now.queue_id

union

select moved.queue_now

from {{ ref('int_allocation__moved') }} as moved

inner join seats_now on moved.queue_now = seats_now.queue_id
{% else %}
select queue_now as queue_id from {{ ref('int_allocation__moved') }} where 1 = 0
{% endif %}
