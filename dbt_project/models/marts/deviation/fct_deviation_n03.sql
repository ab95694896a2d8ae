-- DV-N03 (§13.7): a whole session scored faster than anybody can read the sheet, or every candidate given the same units not yet competent.
-- One submit of the sheet scores a whole session with one time, so it counts from the moment at which the TUK let the assessor score; many
-- single submits need a fresh finger each and count by their own times. Everybody competent in every unit is common and shows nothing.
-- Grain: one row per session and kind: `cepat` (fast), `seragam` (uniform).
with

scored as (

    select
        session.session_id,
        session.met_no,
        session.exam_on,
        session.scoring_opened_at,
        session.touched_at,
        count(*) as people,
        count(distinct assessment.assessed_at) as submits,
        min(assessment.assessed_at) as first_at,
        max(assessment.assessed_at) as last_at,
        max(assessment.result) as best

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_operation__assessments') }} as assessment
        on session.session_id = assessment.session_id
        and assessment.version = 1

    group by session.session_id, session.met_no, session.exam_on, session.scoring_opened_at, session.touched_at

)

select
    'DV-N03' as rule_id,
    'asesor' as subject_kind,
    scored.met_no as subject_code,
    concat(scored.session_id, ':cepat') as finding_key,
    null as tki_id,
    null as journey_id,
    scored.session_id,
    json_object(
        'sesi', scored.session_id,
        'tanggal', scored.exam_on,
        'peserta', scored.people,
        'kali_simpan', scored.submits,
        'detik_sejak_dibuka', timestampdiff(second, scored.scoring_opened_at, scored.last_at),
        'detik_antara_simpan', timestampdiff(second, scored.first_at, scored.last_at)
    ) as evidence,
    scored.last_at as observed_at,
    scored.touched_at

from scored

where
    (
        scored.people >= {{ parameter_on('score_least_tki', 'scored.exam_on') }}
        and timestampdiff(second, scored.scoring_opened_at, scored.last_at)
        between 0 and scored.people * {{ parameter_on('score_seconds_each', 'scored.exam_on') }} - 1
    )
    or (
        scored.submits >= {{ parameter_on('score_least_tki', 'scored.exam_on') }}
        and timestampdiff(second, scored.first_at, scored.last_at)
        < scored.submits * {{ parameter_on('score_seconds_each', 'scored.exam_on') }}
    )

union all

select
    'DV-N03' as rule_id,
    'asesor' as subject_kind,
    scored.met_no as subject_code,
    concat(scored.session_id, ':seragam') as finding_key,
    null as tki_id,
    null as journey_id,
    scored.session_id,
    json_object('sesi', scored.session_id, 'tanggal', scored.exam_on, 'peserta', scored.people) as evidence,
    scored.last_at as observed_at,
    scored.touched_at

from scored

where
    scored.best = 'BK'
    and scored.people >= {{ parameter_on('score_least_tki', 'scored.exam_on') }}
    and not exists (
        select 1
        from {{ ref('stg_operation__assessments') }} as sheet
        inner join {{ ref('stg_operation__score_items') }} as item on sheet.assessment_id = item.assessment_id
        where sheet.session_id = scored.session_id and sheet.version = 1
        group by item.unit_code
        having min(item.result) <> max(item.result)
    )
