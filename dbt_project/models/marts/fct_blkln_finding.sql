-- Filter stage (§5.1, DV-E08): times in which a BLKLN reported more trainees at once than it is licensed for.
-- Grain: one row per BLKLN, rule and first day of a time without a day below the licence.
with

present as (

    select
        event.blkln_no,
        event.event_on,
        register.capacity,
        sum(event.trainees) over (
            partition by event.blkln_no order by event.event_on rows unbounded preceding
        ) as trainees,
        lead(event.event_on) over (partition by event.blkln_no order by event.event_on) as next_event_on

    from {{ ref('int_blkln__day') }} as event

    inner join {{ ref('int_blkln__register') }} as register on event.blkln_no = register.blkln_no

    where register.capacity is not null

),

marked as (

    select
        present.*,
        trainees > capacity as is_over,
        sum(trainees <= capacity) over (
            partition by blkln_no order by event_on rows unbounded preceding
        ) as times_below

    from present

)

select
    register.blkln_code,
    'DV-E08' as rule_id,
    min(marked.event_on) as from_on,
    max(rule.severity) as severity,
    max(marked.next_event_on) - interval 1 day as until_on,
    max(marked.trainees) as peak_trainees,
    max(marked.capacity) as capacity,
    cast(json_object(
        'peserta_terbanyak', max(marked.trainees),
        'kapasitas', max(marked.capacity),
        'hari', datediff(max(marked.next_event_on), min(marked.event_on))
    ) as char) as evidence

from marked

inner join {{ ref('int_blkln__register') }} as register on marked.blkln_no = register.blkln_no

inner join {{ ref('deviation_rule') }} as rule on rule.rule_id = 'DV-E08'

where marked.is_over

group by register.blkln_code, marked.times_below
