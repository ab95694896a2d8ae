{{
    config(
        delta_part='allocate',
        delta_scope='int_allocation__moved',
        delta_by='queue_id',
        keys=['unique key queue_id (queue_id)', 'unique key members (first_batch_id, test_from_on, blkln_code, tie_key)']
    )
}}
-- Allocate stage (§12.5): eligible TKI who cannot be told apart by any rule of allocation wait in one queue.
-- Grain: one row per queue. Its key is its place in the order of service: delivery, first possible day, then a shuffle of the
-- BLKLN that differs from delivery to delivery, so that none is always first. By delta members are added and taken away, not counted anew.
-- depends_on: {{ ref('int_allocation__moved') }}
with

{% if is_delta('allocate') -%}
step as (

    select
        queue.queue_id,
        queue.first_batch_id,
        queue.test_from_on,
        queue.blkln_code,
        queue.tie_key,
        queue.members

    from (select distinct queue_id from {{ ref('int_allocation__moved') }}) as touched

    inner join {{ as_last_run_left('int_allocation__queue') }} as queue on touched.queue_id = queue.queue_id

    union all

    select
        queue_id,
        first_batch_id,
        test_from_on,
        blkln_code,
        tie_key,
        step

    from {{ ref('int_allocation__moved') }}

),

tied as (

    select
        max(first_batch_id) as first_batch_id,
        max(test_from_on) as test_from_on,
        max(blkln_code) as blkln_code,
        max(tie_key) as tie_key,
        sum(members) as members

    from step

    group by queue_id

    having sum(members) > 0

),
{%- else -%}
entry as (

    select
        first_batch_id,
        test_from_on,
        blkln_code,
        pptkis_name,
        count(*) as members

    from {{ ref('fct_tki_eligible') }}

    group by first_batch_id, test_from_on, blkln_code, pptkis_name

),

tied as (

    select
        entry.first_batch_id,
        entry.test_from_on,
        entry.blkln_code,
        coalesce(pair.tie_key, own.tie_key, 0) as tie_key,
        sum(entry.members) as members

    from entry

    left join {{ ref('int_allocation__tie') }} as pair
        on entry.blkln_code = pair.blkln_code and upper(trim(entry.pptkis_name)) = pair.pptkis_name and pair.tie_no = 1

    left join {{ ref('int_allocation__tie') }} as own
        on entry.blkln_code = own.blkln_code and own.pptkis_name = '' and own.tie_no = 1

    group by entry.first_batch_id, entry.test_from_on, entry.blkln_code, coalesce(pair.tie_key, own.tie_key, 0)

),
{%- endif %}

keyed as (

    select
        tied.*,
        {{ queue_key('tied') }} as queue_key

    from tied

)

select
    cast(queue_key as char(130)) as queue_key,
    {{ hash_key('queue_key') }} as queue_id,
    first_batch_id,
    test_from_on,
    test_from_on + interval cast({{ parameter_on('max_wait_days', 'keyed.test_from_on') }} as signed) day as test_until_on,
    blkln_code,
    (
        select rule.blkln_code
        from {{ ref('stg_registry__blkln_tuk_rule') }} as rule
        where rule.blkln_code in ('*', keyed.blkln_code)
        order by rule.blkln_code = '*'
        limit 1
    ) as rule_code,
    cast(tie_key as unsigned) as tie_key,
    cast(members as signed) as members

from keyed
