-- DV-S07 (§1.6): a finger arrived more than the allowed hours after it was taken, or a clock differs too much from the server's.
-- What the acts noted themselves is not found again: this finds lateness that nobody told of, and clocks past the stations' own check.
-- Grain: one row per attendance row, and one per station.
select
    'DV-S07' as rule_id,
    'station' as subject_kind,
    attendance.station_code as subject_code,
    concat(session.session_id, ':', coalesce(attendance.journey_id, concat('?', attendance.attendance_id))) as finding_key,
    journey.tki_id,
    attendance.journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id,
        'tuk', session.tuk_code,
        'diambil', proof.captured_at,
        'dicatat', attendance.recorded_at,
        'terlambat_detik', timestampdiff(second, proof.captured_at, attendance.recorded_at),
        'terlambat_diakui_detik', attendance.late_seconds
    ) as evidence,
    attendance.recorded_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__attendance') }} as attendance on session.session_id = attendance.session_id

inner join {{ ref('stg_operation__finger_proofs') }} as proof on attendance.proof_id = proof.proof_id

left join {{ ref('stg_operation__journeys') }} as journey on attendance.journey_id = journey.journey_id

where
    (
        timestampdiff(second, proof.captured_at, attendance.recorded_at)
        > 3600 * {{ parameter_on('late_upload_hours', 'session.exam_on') }}
        or timestampdiff(second, attendance.recorded_at, proof.captured_at)
        > {{ parameter_on('clock_skew_seconds', 'session.exam_on') }}
    )
    and attendance.station_code is not null
    and not exists (
        select 1
        from {{ ref('stg_operation__deviations') }} as noted
        where
            noted.rule_id = 'DV-S07'
            and noted.session_id = session.session_id
            and noted.occurred_at = attendance.recorded_at
            and noted.is_attempt = 0
            and noted.finding_id is null
    )

union all

select
    'DV-S07' as rule_id,
    'station' as subject_kind,
    seen.station_code as subject_code,
    'jam' as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('selisih_detik', round(seen.skew_ms / 1000), 'terlihat', seen.seen_at) as evidence,
    seen.seen_at as observed_at,
    seen.seen_at as touched_at

from {{ ref('stg_operation__stations_seen') }} as seen

where abs(seen.skew_ms) > 1000 * {{ parameter_on('clock_skew_seconds', local_day('seen.seen_at')) }}
