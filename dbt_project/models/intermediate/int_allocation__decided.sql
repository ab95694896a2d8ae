{{ config(keys=['primary key (tki_id)']) }}
-- Allocate stage (§12.5): the seat of a TKI: the members of a queue, in order of their ID, meet its lots in order of their day.
-- Grain: one row per eligible TKI in a full run; by delta only those whose outcome changes, among them those who left all queues
-- (no queue_id). Without a lot_no she has no seat.
-- depends_on: {{ ref('int_allocation__moved') }}
-- depends_on: {{ ref('int_allocation__touched_queue') }}
{% set delta = is_delta('allocate') %}
with

seated as (

    select
        lot.queue_id,
        max(lot.rank_to) as seats

    from {{ ref('int_allocation__lot') }} as lot

    group by lot.queue_id

),

counted as (

    select
        member.tki_id,
        member.queue_id,
        seated.seats,
        row_number() over (partition by member.queue_id order by member.tki_id) as place

    from {{ ref('int_tki__queue') }} as member
    {% if delta %}
        inner join {{ ref('int_allocation__touched_queue') }} as touched on member.queue_id = touched.queue_id

        left join seated on member.queue_id = seated.queue_id
    {% else %}
        inner join seated on member.queue_id = seated.queue_id
    {% endif %}

),

-- A lot is marked at its first place; counting the marks up to a place gives the number of its lot.
marked as (

    select
        queue_id,
        place,
        tki_id,
        null as lot_no

    from counted

    where place <= seats

    union all

    select
        queue_id,
        rank_from,
        null,
        lot_no

    from {{ ref('int_allocation__lot') }}

),

located as (

    select
        tki_id,
        queue_id,
        place,
        count(lot_no) over (
            partition by queue_id
            order by place, tki_id is not null
            rows unbounded preceding
        ) as lot_no

    from marked

),

outcome as (

    select
        tki_id,
        queue_id,
        place as queue_place,
        lot_no

    from located

    where tki_id is not null

    union all

    select
        tki_id,
        queue_id,
        null,
        null

    from counted

    where place > coalesce(seats, 0)

    union all
    {% if delta %}

        select
            moved.tki_id,
            moved.queue_now,
            null,
            null

        from {{ ref('int_allocation__moved') }} as moved

        left join {{ ref('int_allocation__touched_queue') }} as touched on moved.queue_now = touched.queue_id

        where touched.queue_id is null

        union all

        select
            proposal.tki_id,
            proposal.queue_id,
            proposal.queue_place,
            lot.lot_no

        from {{ as_last_run_left('allocation_changed') }} as served_otherwise

        left join {{ ref('int_allocation__touched_queue') }} as touched on served_otherwise.queue_id = touched.queue_id

        inner join {{ ref('int_allocation__lot') }} as lot on served_otherwise.queue_id = lot.queue_id

        inner join {{ as_last_run_left('allocation_before') }} as earlier
            on
                lot.queue_id = earlier.queue_id
                and lot.rank_from <= earlier.rank_to
                and lot.rank_to >= earlier.rank_from
                and not (
                    lot.tuk_code = earlier.tuk_code
                    and lot.lsp_code = earlier.lsp_code
                    and lot.open_on = earlier.open_on
                    and lot.priority = earlier.priority
                )

        inner join {{ as_last_run_left('fct_tuk_proposal') }} as proposal
            on
                lot.queue_id = proposal.queue_id
                and proposal.queue_place >= greatest(lot.rank_from, earlier.rank_from)
                and proposal.queue_place <= least(lot.rank_to, earlier.rank_to)

        where touched.queue_id is null
    {% else %}

        select
            member.tki_id,
            member.queue_id,
            null,
            null

        from {{ ref('int_tki__queue') }} as member

        left join seated on member.queue_id = seated.queue_id

        where seated.queue_id is null
    {% endif %}

)

select
    outcome.tki_id,
    outcome.queue_id,
    outcome.queue_place,
    outcome.lot_no

from outcome
{% if delta %}
    left join {{ ref('int_allocation__lot') }} as lot on outcome.queue_id = lot.queue_id and outcome.lot_no = lot.lot_no

    left join {{ as_last_run_left('fct_tuk_proposal') }} as proposal on outcome.tki_id = proposal.tki_id

    left join {{ as_last_run_left('fct_tki_unplaced') }} as unplaced on outcome.tki_id = unplaced.tki_id

    where
        not (
            outcome.queue_id <=> coalesce(proposal.queue_id, unplaced.queue_id)
            and outcome.queue_place <=> proposal.queue_place
            and lot.tuk_code <=> proposal.tuk_code
            and lot.lsp_code <=> proposal.lsp_code
            and lot.open_on <=> proposal.proposed_on
            and lot.priority <=> proposal.alternative_no
        )
{% endif %}
