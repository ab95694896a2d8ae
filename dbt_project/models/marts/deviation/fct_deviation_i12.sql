-- DV-I12 (§8.2): candidates of a session were checked with a reader that its station does not have, at a station that is not known, or at
-- one of another TUK: a reader belongs to one station and a station to one TUK, so that one reader at two TUK shows here. The acts refuse
-- it; this finds rows past them. A station whose entry changed since is not judged by its entry of now.
-- Grain: one row per session, station and reader.
select
    'DV-I12' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat(session.session_id, ':', proof.station_code, ':', left(max(proof.reader_serial), 50)) as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id,
        'stasiun', proof.station_code,
        'pembaca', max(proof.reader_serial),
        'pembaca_stasiun', station.reader_serial,
        'tuk_stasiun', station.tuk_code,
        'pembaca_milik', max(owner.station_code),
        'sidik_jari', count(*)
    ) as evidence,
    min(proof.captured_at) as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__allocations') }} as allocation
    on session.session_id = allocation.session_id
    and allocation.attempt_no is not null

inner join {{ ref('stg_operation__journeys') }} as journey on allocation.journey_id = journey.journey_id

inner join {{ ref('stg_operation__finger_proofs') }} as proof
    on proof.person_kind = 'TKI'
    and journey.tki_id = proof.person_id
    and proof.purpose in ('ATTEND', 'EXIT')
    and proof.captured_at >= session.exam_on - interval 7 hour
    and proof.captured_at < session.exam_on + interval 17 hour

left join {{ ref('stg_operation__stations') }} as station on proof.station_code = station.station_code

left join {{ ref('stg_operation__stations') }} as owner on proof.reader_serial = owner.reader_serial

where
    session.status <> 'CANCELLED'
    and (
        station.station_code is null
        or (
            (coalesce(station.tuk_code <> session.tuk_code, 1) or station.reader_serial <> proof.reader_serial)
            and not exists (
                select 1
                from {{ ref('stg_registry__changes') }} as later
                where later.register = 'station' and later.register_key = station.station_code and later.changed_at > proof.captured_at
            )
        )
    )

group by
    session.session_id, session.tuk_code, session.touched_at, proof.station_code, left(proof.reader_serial, 50), station.reader_serial,
    station.tuk_code
