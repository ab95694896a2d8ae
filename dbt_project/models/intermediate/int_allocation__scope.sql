{{ config(keys=['primary key (tki_id)']) }}
-- Allocate stage (§12.5): TKI whose proposal may differ since the last finished run: those who entered, left or changed a queue, and all
-- members of a queue whose seats changed or that lost or gained a member and has seats.
-- Grain: one row per TKI. Empty in a full run, where every TKI is placed again.
-- depends_on: {{ ref('int_tki__queue') }}
-- depends_on: {{ ref('int_tki__changed') }}
-- depends_on: {{ ref('int_allocation__lot') }}
{% if is_delta('allocate') %}
with

waiting_before as (

    select
        changed.tki_id,
        coalesce(proposal.queue_id, unplaced.queue_id) as queue_id

    from {{ ref('int_tki__changed') }} as changed

    left join {{ as_last_run_left('fct_tuk_proposal') }} as proposal on changed.tki_id = proposal.tki_id

    left join {{ as_last_run_left('fct_tki_unplaced') }} as unplaced on changed.tki_id = unplaced.tki_id

),

moved as (

    select
        waiting_before.tki_id,
        waiting_before.queue_id as queue_before,
        waiting.queue_id as queue_now

    from waiting_before

    left join {{ ref('int_tki__queue') }} as waiting on waiting_before.tki_id = waiting.tki_id

    where not (waiting_before.queue_id <=> waiting.queue_id)

),

touched_queue as (

    select queue_id from {{ as_last_run_left('allocation_changed') }}
    union
    select moved.queue_before
    from moved
    where exists(select 1 from {{ ref('int_allocation__lot') }} as lot where lot.queue_id = moved.queue_before)
    union
    select moved.queue_now
    from moved
    where exists(select 1 from {{ ref('int_allocation__lot') }} as lot where lot.queue_id = moved.queue_now)

)

select tki_id from moved

union

select waiting.tki_id

from touched_queue

inner join {{ ref('int_tki__queue') }} as waiting on touched_queue.queue_id = waiting.queue_id
{% else %}
select tki_id from {{ ref('int_tki__changed') }} where 1 = 0
{% endif %}
