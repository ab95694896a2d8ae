-- DV-A04 (§12.5): more candidates at a TUK on a day than it has seats. The acts refuse it; this finds rows past them.
-- Grain: one row per session of such a day.
select
    'DV-A04' as rule_id,
    'tuk' as subject_kind,
    judged.tuk_code as subject_code,
    cast(judged.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    judged.session_id,
    json_object('tanggal_uji', cast(judged.exam_on as char), 'peserta', judged.seated, 'kapasitas', judged.seats) as evidence,
    cast(judged.exam_on as datetime(6)) - interval 7 hour as observed_at,
    judged.touched_at

from (
    select
        session.session_id,
        session.tuk_code,
        session.exam_on,
        session.touched_at,
        coalesce(tuk_day.capacity, tuk.capacity_per_day) as seats,
        (
            select count(*)
            from {{ ref('stg_operation__sessions') }} as same_day
            inner join {{ ref('stg_operation__allocations') }} as allocation
                on same_day.session_id = allocation.session_id
                and allocation.attempt_no is not null
            where same_day.tuk_code = session.tuk_code and same_day.exam_on = session.exam_on and same_day.status <> 'CANCELLED'
        ) as seated

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_registry__tuk') }} as tuk on session.tuk_code = tuk.tuk_code

    left join {{ ref('stg_operation__tuk_days') }} as tuk_day
        on session.tuk_code = tuk_day.tuk_code
        and session.exam_on = tuk_day.exam_on

    where session.status <> 'CANCELLED'
) as judged

where judged.seated > judged.seats
