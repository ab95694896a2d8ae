-- DV-A01 (§12.5): went on to the test without a place, or has places in two sessions of one day. The acts refuse both; this finds rows
-- past them.
-- Grain: one row per journey without a place, and one per place on a day with two.
select
    'DV-A01' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat({{ journey_name('journey') }}, '/', journey.attempt_no) as finding_key,
    journey.tki_id,
    journey.journey_id,
    null as session_id,
    json_object('sebab', 'tanpa alokasi', 'keadaan', journey.status, 'percobaan', journey.attempt_no) as evidence,
    journey.touched_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

where
    journey.status not in ('RECEIVED', 'HELD_BACK', 'ELIGIBLE', 'SENT_TO_KONSORSIUM', 'REGISTERED', 'SCHEDULED')
    and not exists (
        select 1
        from {{ ref('stg_operation__allocations') }} as allocation
        where allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    )

union all

select
    'DV-A01' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat({{ journey_name('journey') }}, '/', allocation.attempt_no, ' sesi ', session.session_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object(
        'sebab', 'dua sesi pada hari yang sama',
        'tanggal_uji', cast(session.exam_on as char),
        'tuk', session.tuk_code,
        'sesi_lain', min(elsewhere.session_id),
        'tuk_lain', min(elsewhere.tuk_code)
    ) as evidence,
    cast(session.exam_on as datetime(6)) - interval 7 hour as observed_at,
    journey.touched_at

{{ from_places_given() }}

inner join {{ ref('stg_operation__journeys') }} as own on journey.tki_id = own.tki_id

inner join {{ ref('stg_operation__allocations') }} as another
    on own.journey_id = another.journey_id
    and another.attempt_no is not null
    and allocation.allocation_id <> another.allocation_id

inner join {{ ref('stg_operation__sessions') }} as elsewhere
    on another.session_id = elsewhere.session_id
    and elsewhere.status <> 'CANCELLED'
    and session.exam_on = elsewhere.exam_on
    and session.session_id <> elsewhere.session_id

group by
    journey.tki_id, journey.scheme_code, journey.journey_no, journey.journey_id, journey.touched_at, allocation.attempt_no,
    session.session_id, session.exam_on, session.tuk_code
