-- DV-N08 (§13.x, R-183): tested again too soon, too often, or failed with one LSP and passed with another a few days later.
-- The acts refuse where BNSP has set their parameters; here the stricter of those and of the own thresholds counts.
-- Few have a second journey, so those are taken first (straight_join).
-- Grain: one row per later test and kind: `cepat` (too soon), `sering` (too often), `lsp-lain` (another LSP).
with

again as (

    select straight_join
        journey.journey_id,
        journey.tki_id,
        journey.touched_at,
        decision.decided_at,
        session.session_id,
        session.exam_on,
        count(*) + 1 as tests,
        min(datediff(session.exam_on, earlier_session.exam_on)) as days,
        min(
            case
                when earlier_decision.result = 'BK' and decision.result = 'K' and earlier_decision.lsp_code <> decision.lsp_code
                    then datediff(session.exam_on, earlier_session.exam_on)
            end
        ) as days_other_lsp

    from {{ ref('stg_operation__journeys') }} as journey

    inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

    inner join {{ ref('stg_operation__sessions') }} as session on decision.session_id = session.session_id

    inner join {{ ref('stg_operation__journeys') }} as earlier
        on journey.tki_id = earlier.tki_id
        and journey.scheme_code = earlier.scheme_code
        and earlier.journey_no < journey.journey_no

    inner join {{ ref('stg_operation__decisions') }} as earlier_decision on earlier.journey_id = earlier_decision.journey_id

    inner join {{ ref('stg_operation__sessions') }} as earlier_session on earlier_decision.session_id = earlier_session.session_id

    where journey.journey_no > 1

    group by
        journey.journey_id, journey.tki_id, journey.touched_at, decision.decided_at, session.session_id, session.exam_on

),

judged as (

    select
        again.*,
        greatest(
            {{ parameter_on('retake_least_days', 'again.exam_on') }}, {{ act_parameter_on('retake_days', 'again.exam_on') }}
        ) as least_days,
        case
            when {{ act_parameter_on('attempts_most', 'again.exam_on') }} > 0
                then
                    least(
                        {{ parameter_on('tests_most', 'again.exam_on') }}, {{ act_parameter_on('attempts_most', 'again.exam_on') }}
                    )
            else {{ parameter_on('tests_most', 'again.exam_on') }}
        end as tests_most,
        {{ parameter_on('other_lsp_days', 'again.exam_on') }} as other_lsp_days

    from again

),

kind as (

    select 'cepat' as name
    union all
    select 'sering' as name
    union all
    select 'lsp-lain' as name

)

select
    'DV-N08' as rule_id,
    'tki' as subject_kind,
    judged.tki_id as subject_code,
    concat(judged.journey_id, ':', kind.name) as finding_key,
    judged.tki_id,
    judged.journey_id,
    judged.session_id,
    json_object(
        'sesi', judged.session_id,
        'uji', judged.exam_on,
        'uji_ke', judged.tests,
        'hari_sejak_uji_terakhir', judged.days,
        'hari_sejak_gagal_di_lsp_lain', judged.days_other_lsp
    ) as evidence,
    judged.decided_at as observed_at,
    judged.touched_at

from judged

inner join kind
    on (kind.name = 'cepat' and judged.days < judged.least_days)
    or (kind.name = 'sering' and judged.tests > judged.tests_most)
    or (kind.name = 'lsp-lain' and judged.days_other_lsp <= judged.other_lsp_days)
