-- DV-N05 (§13.10): the LSP decided against the assessor's last result of that time, or without any.
-- What the act of deciding noted itself is not found again: this finds decisions past it.
-- Grain: one row per decided journey.
select
    'DV-N05' as rule_id,
    'lsp' as subject_kind,
    decision.lsp_code as subject_code,
    cast(journey.journey_id as char) as finding_key,
    journey.tki_id,
    journey.journey_id,
    decision.session_id,
    json_object(
        'sesi', decision.session_id,
        'putusan', decision.result,
        'asesor_menurut_putusan', decision.asesor_result,
        'asesor', scored.result,
        'diputuskan_oleh', decision.decided_by
    ) as evidence,
    decision.decided_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

left join {{ ref('stg_operation__assessments') }} as scored
    on decision.journey_id = scored.journey_id
    and decision.session_id = scored.session_id
    and scored.assessed_at <= decision.decided_at
    and not exists (
        select 1
        from {{ ref('stg_operation__assessments') }} as newer
        where
            newer.session_id = scored.session_id
            and newer.journey_id = scored.journey_id
            and newer.version > scored.version
            and newer.assessed_at <= decision.decided_at
    )

where
    (decision.result <> decision.asesor_result or coalesce(decision.result <> scored.result, 1))
    and not exists (
        select 1
        from {{ ref('stg_operation__deviations') }} as noted
        where
            noted.journey_id = journey.journey_id
            and noted.rule_id = 'DV-N05'
            and noted.is_attempt = 0
            and noted.finding_id is null
    )
