-- DV-S06 (§13.6): the test was shorter than the shortest time a candidate, times those who were present.
-- It begins when the assessor was verified; where another took over that day, when the TUK opened the day.
-- Grain: one row per session.
with

held as (

    select
        session.session_id,
        session.touched_at,
        session.exam_on,
        session.ended_at,
        coalesce(session.tested_met_no, session.met_no) as met_no,
        case
            when
                exists (
                    select 1
                    from {{ ref('stg_operation__appointments') }} as earlier
                    where earlier.session_id = session.session_id and earlier.ended_at between session.opened_at and session.ended_at
                )
                then session.opened_at
            else session.running_at
        end as began_at,
        count(*) as people

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_operation__attendance') }} as attendance
        on session.session_id = attendance.session_id
        and attendance.outcome = 'PRESENT'

    where session.ended_at is not null

    group by
        session.session_id,
        session.touched_at,
        session.exam_on,
        session.opened_at,
        session.running_at,
        session.ended_at,
        session.tested_met_no,
        session.met_no

)

select
    'DV-S06' as rule_id,
    'asesor' as subject_kind,
    held.met_no as subject_code,
    cast(held.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    held.session_id,
    json_object(
        'sesi', held.session_id,
        'tanggal', held.exam_on,
        'peserta', held.people,
        'menit', timestampdiff(minute, held.began_at, held.ended_at),
        'menit_tersingkat', round(held.people * {{ parameter_on('session_minutes_each', 'held.exam_on') }})
    ) as evidence,
    held.ended_at as observed_at,
    held.touched_at

from held

where
    timestampdiff(second, held.began_at, held.ended_at)
    < 60 * held.people * {{ parameter_on('session_minutes_each', 'held.exam_on') }}
