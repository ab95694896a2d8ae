{{ config(keys=['primary key (queue_id)']) }}
-- Allocate stage (§12.5): queues whose seats are handed out anew: they have seats and a member came or went, or their lots changed.
-- Grain: one row per queue. Empty in a full run, where every queue is.
-- depends_on: {{ ref('int_allocation__moved') }}
-- depends_on: {{ ref('int_allocation__lot') }}
{% if is_delta('allocate') %}
with

-- Whoever came behind the last seat, or left from behind it, moves nobody.
touched as (

    select queue_id from {{ as_last_run_left('allocation_changed') }}

    union

    select gone.queue_id

    from {{ ref('int_allocation__moved') }} as gone

    inner join {{ as_last_run_left('fct_tuk_proposal') }} as proposal on gone.tki_id = proposal.tki_id

    where gone.step = -1

    union

    select came.queue_id

    from {{ ref('int_allocation__moved') }} as came

    where
        came.step = 1
        and came.tki_id < (
            select max(proposal.tki_id)
            from {{ as_last_run_left('fct_tuk_proposal') }} as proposal
            where proposal.queue_id = came.queue_id
        )

),

-- distinct keeps the servers from merging this into its reader and counting again for each row
counted as (

    select distinct
        touched.queue_id,
        changed_queue.queue_id is not null as is_changed,
        coalesce((
            select max(lot.rank_to)
            from {{ ref('int_allocation__lot') }} as lot
            where lot.queue_id = touched.queue_id
        ), 0) as seats,
        coalesce((
            select max(earlier.rank_to)
            from {{ as_last_run_left('allocation_before') }} as earlier
            where earlier.queue_id = touched.queue_id
        ), 0) as seats_before,
        (
            select count(*)
            from {{ ref('int_allocation__moved') }} as moved
            where moved.queue_id = touched.queue_id and moved.step = -1
        ) as gone,
        case
            when changed_queue.queue_id is not null then ''
            else (
                select min(moved.tki_id)
                from {{ ref('int_allocation__moved') }} as moved
                where moved.queue_id = touched.queue_id
            )
        end as from_tki_id

    from touched

    left join {{ as_last_run_left('allocation_changed') }} as changed_queue on touched.queue_id = changed_queue.queue_id

)

select
    queue_id,
    seats,
    gone + case when is_changed then greatest(seats - seats_before, 0) else 0 end as spare,
    from_tki_id,
    (
        select count(*)
        from {{ as_last_run_left('fct_tuk_proposal') }} as proposal
        where proposal.queue_id = counted.queue_id and proposal.tki_id < counted.from_tki_id
    ) as keep_theirs

from counted
{% else %}
select
    queue_id,
    0 as seats,
    0 as spare,
    tki_id as from_tki_id,
    0 as keep_theirs

from {{ ref('int_allocation__moved') }}

where 1 = 0
{% endif %}
