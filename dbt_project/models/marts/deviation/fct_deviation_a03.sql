-- DV-A03 (§3.2): a test was held for an LSP or at a TUK that was not registered, licensed and free to work that day, or not together for
-- the scheme. The acts refuse it; this finds rows past them, and what a register that was corrected since says of the day.
-- Grain: one row per session.
select
    'DV-A03' as rule_id,
    'tuk' as subject_kind,
    judged.tuk_code as subject_code,
    cast(judged.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    judged.session_id,
    json_object(
        'sebab', judged.problems, 'lsp', judged.lsp_code, 'skema', judged.scheme_code, 'tanggal_uji', cast(judged.exam_on as char)
    ) as evidence,
    cast(judged.exam_on as datetime(6)) - interval 7 hour as observed_at,
    judged.touched_at

from (
    select
        session.session_id,
        session.tuk_code,
        session.lsp_code,
        session.scheme_code,
        session.exam_on,
        session.touched_at,
        concat_ws(
            '; ',
            case when coalesce(session.exam_on not between lsp.valid_from and lsp.valid_until, 1) then 'lisensi LSP tidak berlaku' end,
            case when coalesce(session.exam_on not between tuk.valid_from and tuk.valid_until, 1) then 'lisensi TUK tidak berlaku' end,
            case when {{ is_suspended("'LSP'", 'session.lsp_code', 'session.exam_on') }} then 'LSP dibekukan' end,
            case when {{ is_suspended("'TUK'", 'session.tuk_code', 'session.exam_on') }} then 'TUK dibekukan' end,
            case
                when
                    session.scheme_code <> 'TLRT'
                    or not exists (
                        select 1
                        from {{ ref('stg_registry__tuk_lsp') }} as link
                        where
                            link.tuk_code = session.tuk_code
                            and link.lsp_code = session.lsp_code
                            and session.exam_on between link.valid_from and link.valid_until
                    )
                    then 'skema tidak dilisensikan untuk LSP di TUK ini'
            end
        ) as problems

    from {{ ref('stg_operation__sessions') }} as session

    left join {{ ref('stg_registry__lsp') }} as lsp on session.lsp_code = lsp.lsp_code

    left join {{ ref('stg_registry__tuk') }} as tuk on session.tuk_code = tuk.tuk_code

    where session.status in ('RUNNING', 'ENDED', 'SCORING_OPEN', 'SCORED', 'CLOSED')
) as judged

where judged.problems <> ''
