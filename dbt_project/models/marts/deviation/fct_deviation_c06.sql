-- DV-C06 (§14.1): published before the minutes were closed, or although the meeting did not let it pass; otherwise than decided; or with
-- more of a person than the mask leaves. The newest version must be as decided, each must be lawful. Grain: one row per version published.
select
    'DV-C06' as rule_id,
    'tki' as subject_kind,
    judged.tki_id as subject_code,
    concat('tayangan ', judged.publication_id) as finding_key,
    judged.tki_id,
    judged.journey_id,
    null as session_id,
    json_object('sebab', judged.problems, 'versi', judged.version, 'rapat', judged.meeting_id) as evidence,
    judged.published_at as observed_at,
    judged.touched_at

from (
    select
        journey.tki_id,
        journey.journey_id,
        journey.touched_at,
        shown.publication_id,
        shown.version,
        shown.meeting_id,
        shown.published_at,
        concat_ws(
            '; ',
            case
                when meeting.closed_at is null or shown.published_at < meeting.closed_at then 'tayang sebelum risalah rapat ditutup'
            end,
            case when coalesce(item.finding, 'HOLD') <> 'PUBLISH' then 'rapat tidak meloloskan hasil ini' end,
            case
                when
                    newer.publication_id is null
                    and (
                        (shown.result = 'KOMPETEN') <> (decision.result = 'K')
                        or not shown.certificate_no <=> certificate.certificate_no
                        or shown.tki_id <> journey.tki_id
                        or shown.lsp_code <> decision.lsp_code
                        or shown.tuk_code <> sitting.tuk_code
                        or shown.tested_on <> sitting.exam_on
                    )
                    then 'isi tayang berbeda dari putusan'
            end,
            case
                when shown.masked_name regexp '[0-9]{16}' or not shown.masked_name regexp '[*]{3}'
                    then 'nama atau nomor KTP tidak disamarkan'
            end
        ) as problems

    from {{ ref('stg_operation__journeys') }} as journey

    inner join {{ ref('stg_operation__publications') }} as shown on journey.journey_id = shown.journey_id

    inner join {{ ref('stg_operation__meetings') }} as meeting on shown.meeting_id = meeting.meeting_id

    left join {{ ref('stg_operation__meeting_items') }} as item
        on shown.meeting_id = item.meeting_id and journey.journey_id = item.journey_id

    left join {{ ref('stg_operation__publications') }} as newer
        on journey.journey_id = newer.journey_id and newer.version = shown.version + 1

    inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

    inner join {{ ref('stg_operation__sessions') }} as sitting on decision.session_id = sitting.session_id

    left join {{ ref('stg_operation__certificates') }} as certificate on journey.journey_id = certificate.journey_id
) as judged

where judged.problems <> ''
