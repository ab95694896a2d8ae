{{ config(keys=['primary key (tki_id)']) }}
-- Allocate stage (§12.5): TKI who entered, left or changed a queue since the last finished run.
-- Grain: one row per TKI. Empty in a full run, where every TKI is placed again.
-- depends_on: {{ ref('int_tki__queue') }}
with

waiting_before as (

    select
        changed.tki_id,
        {% if is_delta('allocate') -%}
        coalesce(
            (
                select proposal.queue_id
                from {{ as_last_run_left('fct_tuk_proposal') }} as proposal
                where proposal.tki_id = changed.tki_id
            ),
            (
                select unplaced.queue_id
                from {{ as_last_run_left('fct_tki_unplaced') }} as unplaced
                where unplaced.tki_id = changed.tki_id
            )
        ) as queue_id
        {%- else -%}
        cast(null as unsigned) as queue_id
        {%- endif %}

    from {{ ref('int_tki__changed') }} as changed

)

select
    waiting_before.tki_id,
    waiting_before.queue_id as queue_before,
    waiting.queue_id as queue_now

from waiting_before

left join {{ ref('int_tki__queue') }} as waiting on waiting_before.tki_id = waiting.tki_id

where not (waiting_before.queue_id <=> waiting.queue_id)
