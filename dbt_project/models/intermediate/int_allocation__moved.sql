{{ config(keys=['primary key (queue_id, tki_id)']) }}
-- Allocate stage (§12.5): TKI who entered or left a queue since the last finished run; who changed her queue did both.
-- Grain: one row per queue and TKI. Empty in a full run, where every TKI is placed again.
-- depends_on: {{ ref('int_allocation__tie') }}
{% set delta = is_delta('allocate') %}
with

changed as (

    select
        changed.tki_id,
        {% if delta -%}
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
        ) as queue_before
        {%- else -%}
        cast(null as unsigned) as queue_before
        {%- endif %}

    from {{ ref('int_tki__changed') }} as changed

),

waiting as (

    select
        tki.tki_id,
        changed.queue_before,
        tki.first_batch_id,
        tki.test_from_on,
        tki.blkln_code,
        coalesce(pair.tie_key, own.tie_key, 0) as tie_key

    from changed

    inner join {{ ref('fct_tki_eligible') }} as tki on changed.tki_id = tki.tki_id

    left join {{ ref('int_allocation__tie') }} as pair
        on tki.blkln_code = pair.blkln_code and upper(trim(tki.pptkis_name)) = pair.pptkis_name and pair.tie_no = 1

    left join {{ ref('int_allocation__tie') }} as own
        on tki.blkln_code = own.blkln_code and own.pptkis_name = '' and own.tie_no = 1

),

waiting_now as (

    select
        waiting.*,
        {{ hash_key(queue_key('waiting')) }} as queue_now

    from waiting

)

select
    waiting_now.queue_now as queue_id,
    waiting_now.tki_id,
    1 as step,
    waiting_now.first_batch_id,
    waiting_now.test_from_on,
    waiting_now.blkln_code,
    cast(waiting_now.tie_key as unsigned) as tie_key

from waiting_now

where not (waiting_now.queue_now <=> waiting_now.queue_before)

union all

select
    changed.queue_before,
    changed.tki_id,
    -1,
    null,
    null,
    null,
    null

from changed

left join waiting_now on changed.tki_id = waiting_now.tki_id

where changed.queue_before is not null and not (changed.queue_before <=> waiting_now.queue_now)
