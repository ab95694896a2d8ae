-- DV-A05 (§3.4): a test was held by an assessor who that day was not registered with the LSP, or for the scheme, or was suspended. The
-- acts refuse it; this finds rows past them, and what a register that was corrected since says of the day.
-- Grain: one row per session.
select
    'DV-A05' as rule_id,
    'asesor' as subject_kind,
    judged.met_no as subject_code,
    cast(judged.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    judged.session_id,
    json_object(
        'sebab', judged.problems, 'lsp', judged.lsp_code, 'tuk', judged.tuk_code, 'tanggal_uji', cast(judged.exam_on as char)
    ) as evidence,
    cast(judged.exam_on as datetime(6)) - interval 7 hour as observed_at,
    judged.touched_at

from (
    select
        session.session_id,
        session.appointed as met_no,
        session.tuk_code,
        session.lsp_code,
        session.exam_on,
        session.touched_at,
        concat_ws(
            '; ',
            case when coalesce(session.exam_on not between asesor.valid_from and asesor.valid_until, 1) then 'registrasi tidak berlaku' end,
            case when asesor.lsp_code <> session.lsp_code then 'asesor LSP lain' end,
            case when {{ is_suspended("'ASESOR'", 'session.appointed', 'session.exam_on') }} then 'asesor dibekukan' end,
            case
                when
                    not exists (
                        select 1
                        from {{ ref('stg_registry__asesor_scheme') }} as scheme
                        where
                            scheme.met_no = session.appointed
                            and scheme.scheme_code = session.scheme_code
                            and session.exam_on between scheme.valid_from and scheme.valid_until
                    )
                    then 'skema tidak berlaku bagi asesor'
            end
        ) as problems

    from {{ ref('stg_operation__sessions') }} as session

    left join {{ ref('stg_registry__asesor') }} as asesor on session.appointed = asesor.met_no

    where session.status in ('RUNNING', 'ENDED', 'SCORING_OPEN', 'SCORED', 'CLOSED')
) as judged

where judged.problems <> ''
