{{ config(delta_part='judge', delta_scope='int_blkln__touched_day', delta_by=['blkln_no', 'event_on']) }}
-- Filter stage (§5.1): by how many the trainees of a BLKLN grow on a day.
-- Grain: one row per BLKLN and day on which somebody came or was gone.
-- depends_on: {{ ref('int_blkln__touched_day') }}
{% set delta = is_delta('judge') %}
with

event as (

    select
        facts.blkln_no,
        facts.training_started_on as event_on,
        count(*) as trainees

    from {{ ref('int_tki__facts') }} as facts
    {% if delta %}
        inner join {{ ref('int_blkln__touched_day') }} as touched
            on facts.blkln_no = touched.blkln_no and facts.training_started_on = touched.event_on
    {% endif %}

    where facts.blkln_no is not null and facts.training_started_on <= facts.training_ended_on

    group by facts.blkln_no, facts.training_started_on

    union all

    select
        facts.blkln_no,
        facts.training_ended_on + interval 1 day,
        -cast(count(*) as signed)

    from {{ ref('int_tki__facts') }} as facts
    {% if delta %}
        inner join {{ ref('int_blkln__touched_day') }} as touched
            on facts.blkln_no = touched.blkln_no and facts.training_ended_on = touched.event_on - interval 1 day
    {% endif %}

    where facts.blkln_no is not null and facts.training_started_on <= facts.training_ended_on

    group by facts.blkln_no, facts.training_ended_on

)

select
    blkln_no,
    event_on,
    cast(sum(trainees) as signed) as trainees

from event

group by blkln_no, event_on
