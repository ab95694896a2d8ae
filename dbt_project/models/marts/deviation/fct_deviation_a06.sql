-- DV-A06 (§3.4): an assessor in two cities on one day, or in two sessions that ran at the same time. The acts and a unique key refuse it;
-- this finds rows past them.
-- Grain: one row per session.
select
    'DV-A06' as rule_id,
    'asesor' as subject_kind,
    session.appointed as subject_code,
    cast(session.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object(
        'tanggal_uji', cast(session.exam_on as char),
        'tuk', session.tuk_code,
        'tuk_lain', min(elsewhere.tuk_code),
        'sesi_lain', min(elsewhere.session_id),
        'kota_lain', max(here.city <> there.city)
    ) as evidence,
    coalesce(session.running_at, cast(session.exam_on as datetime(6)) - interval 7 hour) as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__sessions') }} as elsewhere
    on session.appointed = elsewhere.appointed
    and session.exam_on = elsewhere.exam_on
    and session.session_id <> elsewhere.session_id

inner join {{ ref('stg_registry__tuk') }} as here on session.tuk_code = here.tuk_code

inner join {{ ref('stg_registry__tuk') }} as there on elsewhere.tuk_code = there.tuk_code

where
    here.city <> there.city
    or (session.running_at < elsewhere.ended_at and elsewhere.running_at < session.ended_at)

group by
    session.session_id, session.appointed, session.exam_on, session.tuk_code, session.running_at, session.touched_at
