-- DV-A07 (§3.4): an assessor with more candidates on a day, or in a month up to this session, than the limit. The acts refuse the day; this
-- finds rows past them. Another who only scores in her place takes nothing of her load. Every session is counted each time: a window has
-- to see the whole month.
-- Grain: one row per session.
select
    'DV-A07' as rule_id,
    'asesor' as subject_kind,
    loaded.met_no as subject_code,
    cast(loaded.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    loaded.session_id,
    json_object(
        'tanggal_uji', cast(loaded.exam_on as char),
        'peserta_hari', cast(loaded.of_day as signed),
        'batas_hari', cast({{ act_parameter_on('asesor_per_day', 'loaded.exam_on') }} as signed),
        'peserta_bulan', cast(loaded.of_month as signed),
        'batas_bulan', cast({{ parameter_on('asesor_per_month', 'loaded.exam_on') }} as signed)
    ) as evidence,
    cast(loaded.exam_on as datetime(6)) - interval 7 hour as observed_at,
    loaded.touched_at

from (
    select
        held.session_id,
        held.met_no,
        held.exam_on,
        held.touched_at,
        sum(held.seated) over (partition by held.met_no, held.exam_on) as of_day,
        sum(held.seated) over (
            partition by held.met_no, date_format(held.exam_on, '%Y-%m')
            order by held.exam_on, held.session_id
            rows unbounded preceding
        ) as of_month

    from (
        select
            session.session_id,
            session.appointed as met_no,
            session.exam_on,
            session.touched_at,
            count(*) as seated

        from {{ ref('stg_operation__sessions') }} as session

        inner join {{ ref('stg_operation__allocations') }} as allocation
            on session.session_id = allocation.session_id
            and allocation.attempt_no is not null

        where session.appointed is not null

        group by session.session_id, session.appointed, session.exam_on, session.touched_at
    ) as held
) as loaded

where
    loaded.of_day > {{ act_parameter_on('asesor_per_day', 'loaded.exam_on') }}
    or loaded.of_month > {{ parameter_on('asesor_per_month', 'loaded.exam_on') }}
