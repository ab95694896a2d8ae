-- DV-S01 (§13.3): somebody was let in who is not on the list of this TUK and day. The acts refuse it; this finds rows past them.
-- Grain: one row per session and TKI.
select
    'DV-S01' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat(session.session_id, ':', coalesce(attendance.journey_id, concat('?', attendance.attendance_id))) as finding_key,
    journey.tki_id,
    attendance.journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id, 'tanggal', session.exam_on, 'stasiun', attendance.station_code, 'dicatat_oleh', attendance.recorded_by
    ) as evidence,
    attendance.recorded_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__attendance') }} as attendance on session.session_id = attendance.session_id

left join {{ ref('stg_operation__journeys') }} as journey on attendance.journey_id = journey.journey_id

left join {{ ref('stg_operation__allocations') }} as allocation
    on attendance.journey_id = allocation.journey_id
    and session.session_id = allocation.session_id
    and allocation.attempt_no is not null

where
    attendance.outcome = 'PRESENT'
    and allocation.allocation_id is null
