-- DV-S09 (§13.x): a candidate came in by finger and has no finger at the end, in a session in which most had one. Information only.
-- Who was let in without a finger (statement of an exception) cannot leave one.
-- Grain: one row per session and TKI.
select
    'DV-S09' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat(session.session_id, ':', attendance.journey_id) as finding_key,
    journey.tki_id,
    attendance.journey_id,
    session.session_id,
    json_object('sesi', session.session_id, 'tanggal', session.exam_on, 'masuk', attendance.recorded_at) as evidence,
    session.ended_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__attendance') }} as attendance
    on session.session_id = attendance.session_id
    and attendance.outcome = 'PRESENT'
    and attendance.statement_no is null

inner join {{ ref('stg_operation__journeys') }} as journey on attendance.journey_id = journey.journey_id

left join {{ ref('stg_operation__exit_scans') }} as scan
    on session.session_id = scan.session_id
    and attendance.journey_id = scan.journey_id

where
    session.ended_at is not null
    and scan.journey_id is null
    and (
        select count(*)
        from {{ ref('stg_operation__exit_scans') }} as others
        where others.session_id = session.session_id
    ) * 2 > (
        select count(*)
        from {{ ref('stg_operation__attendance') }} as present
        where present.session_id = session.session_id and present.outcome = 'PRESENT'
    )
