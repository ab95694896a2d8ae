{{ config(keys=['primary key (blkln_no, event_on)']) }}
-- Filter stage (§5.1): days on which trainees came or went whose row changed since the last finished run, as it is and as it was.
-- Grain: one row per BLKLN and day. Empty in a full run, where every day is counted.
with

{% if is_delta('judge') -%}
span as (

    select
        facts.blkln_no,
        facts.training_started_on,
        facts.training_ended_on

    from {{ ref('int_tki__changed') }} as changed

    inner join {{ ref('int_tki__facts') }} as facts on changed.tki_id = facts.tki_id

    union

    select
        register.blkln_no,
        history.training_started_on,
        history.training_ended_on

    from {{ ref('stg_bnp2tki__tki_history') }} as history

    inner join {{ ref('int_blkln__register') }} as register on history.blkln_code = register.blkln_code

    where history.replaced_by_batch_id > {{ last_batch_id() }}

)
{%- else -%}
span as (

    select
        blkln_no,
        training_started_on,
        training_ended_on

    from {{ ref('int_tki__facts') }}

    where 1 = 0

)
{%- endif %}

select
    blkln_no,
    training_started_on as event_on

from span

where blkln_no is not null and training_started_on <= training_ended_on

union

select
    blkln_no,
    training_ended_on + interval 1 day

from span

where blkln_no is not null and training_started_on <= training_ended_on
-- depends_on: {{ ref('int_tki__changed') }}
-- depends_on: {{ ref('stg_bnp2tki__tki_history') }}
-- depends_on: {{ ref('int_blkln__register') }}
