-- DV-I08 (§3.3): the fingers of a TKI were replaced shortly before the test, or by the TUK that tests her.
-- Grain: one row per place given and set of templates.
select
    'DV-I08' as rule_id,
    'tuk' as subject_kind,
    judged.tuk_code as subject_code,
    concat(judged.session_id, ':', judged.template_set_id, '/', judged.attempt_no) as finding_key,
    judged.tki_id,
    judged.journey_id,
    judged.session_id,
    json_object(
        'diganti', cast(judged.activated_on as char),
        'tanggal_uji', cast(judged.exam_on as char),
        'versi', judged.version,
        'asal', judged.provenance,
        'stasiun', judged.station_code,
        'oleh', judged.activated_by,
        'di_tuk_penguji', judged.is_by_tuk
    ) as evidence,
    judged.activated_at as observed_at,
    judged.touched_at

from (
    select
        session.session_id,
        session.tuk_code,
        session.exam_on,
        session.touched_at,
        journey.journey_id,
        journey.tki_id,
        allocation.attempt_no,
        newer.template_set_id,
        newer.version,
        newer.provenance,
        newer.station_code,
        newer.activated_at,
        newer.activated_by,
        {{ local_day('newer.activated_at') }} as activated_on,
        coalesce(station.tuk_code = session.tuk_code, 0) or coalesce(person.tuk_code = session.tuk_code, 0) as is_by_tuk

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_operation__allocations') }} as allocation
        on session.session_id = allocation.session_id
        and allocation.attempt_no is not null

    inner join {{ ref('stg_operation__journeys') }} as journey on allocation.journey_id = journey.journey_id

    inner join {{ ref('stg_operation__template_sets') }} as newer
        on newer.person_kind = 'TKI'
        and journey.tki_id = newer.person_id

    left join {{ ref('stg_operation__stations') }} as station on newer.station_code = station.station_code

    left join {{ ref('stg_operation__staff') }} as person on newer.activated_by = person.person_id

    where
        session.status <> 'CANCELLED'
        and {{ local_day('newer.activated_at') }} <= session.exam_on
        and exists (
            select 1
            from {{ ref('stg_operation__template_sets') }} as older
            where older.person_kind = 'TKI' and older.person_id = newer.person_id and older.version < newer.version
        )
) as judged

where
    judged.is_by_tuk = 1
    or judged.exam_on - interval {{ parameter_on('template_days_before_test', 'judged.exam_on') }} day <= judged.activated_on
