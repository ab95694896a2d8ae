-- DV-S02 (§13.3): somebody came to the door outside the session's time, or the TUK tested on a day that was known to be closed.
-- The acts refuse it; this finds rows past them. What arrived late counts by the time at which the finger was taken.
-- Grain: one row per session and TKI, and one per session on a closed day.
with

arrival as (

    select
        session.*,
        attendance.attendance_id,
        attendance.journey_id,
        attendance.station_code,
        attendance.recorded_at,
        coalesce(late.captured_at, attendance.recorded_at) as came_at

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_operation__attendance') }} as attendance on session.session_id = attendance.session_id

    left join {{ ref('stg_operation__finger_proofs') }} as late
        on attendance.late_seconds is not null
        and attendance.proof_id = late.proof_id

    where attendance.outcome <> 'ABSENT'

)

select
    'DV-S02' as rule_id,
    'tuk' as subject_kind,
    arrival.tuk_code as subject_code,
    concat(arrival.session_id, ':', coalesce(arrival.journey_id, concat('?', arrival.attendance_id))) as finding_key,
    journey.tki_id,
    arrival.journey_id,
    arrival.session_id,
    json_object(
        'sesi', arrival.session_id,
        'tanggal', arrival.exam_on,
        'stasiun', arrival.station_code,
        'datang', arrival.came_at,
        'dibuka', arrival.opened_at,
        'selesai', arrival.ended_at
    ) as evidence,
    arrival.recorded_at as observed_at,
    arrival.touched_at

from arrival

left join {{ ref('stg_operation__journeys') }} as journey on arrival.journey_id = journey.journey_id

where
    {{ local_day('arrival.came_at') }} <> arrival.exam_on
    or arrival.opened_at is null
    or arrival.came_at < arrival.opened_at
    or arrival.came_at > arrival.ended_at

union all

select
    'DV-S02' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat(session.session_id, ':libur') as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object('sesi', session.session_id, 'tanggal', session.exam_on, 'libur', min(closed.reason)) as evidence,
    session.opened_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_registry__closed_day') }} as closed
    on session.exam_on = closed.closed_on
    and closed.tuk_code in ('*', session.tuk_code)

where
    session.opened_at is not null
    and not exists (
        select 1
        from {{ ref('stg_registry__changes') }} as made
        where
            made.register = 'closed_day'
            and made.register_key = concat(closed.closed_on, '/', closed.tuk_code)
            and made.is_new = 1
            and made.changed_at > session.opened_at
    )

group by session.session_id, session.tuk_code, session.exam_on, session.opened_at, session.touched_at
