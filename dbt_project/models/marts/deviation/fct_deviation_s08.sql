-- DV-S08 (§5.6): a session with candidates passed and nobody opened it or came, or a licensed TUK had no session for a long time.
-- Both are judged on the last day on which anybody was tested anywhere, so that a holiday of all is no deviation of one; a TUK only when
-- testing had begun long enough before, and when licence and LSP were in force and nobody was suspended all the time.
-- Grain: one row per silent session, and one per silent TUK and the day since which it is silent.
with

span as (

    select
        min(exam_on) as first_on,
        max(exam_on) as last_on

    from {{ ref('stg_operation__sessions') }}

    where opened_at is not null

),

last_day as (

    select
        span.first_on,
        span.last_on,
        span.last_on - interval {{ parameter_on('tuk_silent_days', 'span.last_on') }} day as silent_from

    from span

    where span.last_on is not null

),

held as (

    select
        tuk_code,
        max(exam_on) as last_on

    from {{ ref('stg_operation__sessions') }}

    where opened_at is not null

    group by tuk_code

)

select
    'DV-S08' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat('sesi:', session.session_id) as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object('sesi', session.session_id, 'tanggal', session.exam_on, 'peserta', count(*), 'dibuka', session.opened_at) as evidence,
    session.exam_on + interval 17 hour as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join last_day on session.exam_on < last_day.last_on

inner join {{ ref('stg_operation__allocations') }} as allocation
    on session.session_id = allocation.session_id
    and allocation.attempt_no is not null

where
    session.status in ('PLANNED', 'OPEN')
    and not exists (
        select 1
        from {{ ref('stg_operation__attendance') }} as came
        where came.session_id = session.session_id
    )

group by session.session_id, session.tuk_code, session.exam_on, session.opened_at, session.touched_at

union all

select
    'DV-S08' as rule_id,
    'tuk' as subject_kind,
    tuk.tuk_code as subject_code,
    concat('sejak:', coalesce(held.last_on, 'awal')) as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('sesi_terakhir', held.last_on) as evidence,
    last_day.last_on + interval 17 hour as observed_at,
    last_day.last_on + interval 17 hour as touched_at

from {{ ref('stg_registry__tuk') }} as tuk

inner join last_day
    on last_day.first_on <= last_day.silent_from
    and tuk.valid_from <= last_day.silent_from
    and tuk.valid_until >= last_day.last_on

left join held on tuk.tuk_code = held.tuk_code

where
    coalesce(held.last_on, date '1970-01-01') < last_day.silent_from
    and exists (
        select 1
        from {{ ref('stg_registry__tuk_lsp') }} as link
        inner join {{ ref('stg_registry__lsp') }} as lsp on link.lsp_code = lsp.lsp_code
        where
            link.tuk_code = tuk.tuk_code
            and greatest(link.valid_from, lsp.valid_from) <= last_day.silent_from
            and least(link.valid_until, lsp.valid_until) >= last_day.last_on
            and not exists (
                select 1
                from {{ ref('stg_registry__suspension') }} as stop
                where
                    (
                        (stop.party_kind = 'TUK' and stop.party_code = tuk.tuk_code)
                        or (stop.party_kind = 'LSP' and stop.party_code = lsp.lsp_code)
                    )
                    and stop.suspended_from <= last_day.last_on
                    and stop.suspended_until >= last_day.silent_from
            )
    )
