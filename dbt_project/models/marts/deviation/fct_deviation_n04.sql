-- DV-N04 (§13.7): a score was changed after the LSP had taken the result table over, or after it had decided.
-- What the act of correction noted itself is not found again: this finds versions past it.
-- Grain: one row per later version of a score.
select
    'DV-N04' as rule_id,
    'asesor' as subject_kind,
    later.met_no as subject_code,
    concat(later.session_id, ':', later.journey_id, ':', later.version) as finding_key,
    journey.tki_id,
    journey.journey_id,
    later.session_id,
    json_object(
        'sesi', later.session_id,
        'versi', later.version,
        'sebelum', earlier.result,
        'sesudah', later.result,
        'dinilai', later.assessed_at,
        'diterima_lsp', session.closed_at,
        'diputuskan', decision.decided_at
    ) as evidence,
    later.assessed_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__assessments') }} as later
    on journey.journey_id = later.journey_id
    and later.version > 1

inner join {{ ref('stg_operation__sessions') }} as session on later.session_id = session.session_id

left join {{ ref('stg_operation__assessments') }} as earlier
    on later.session_id = earlier.session_id
    and later.journey_id = earlier.journey_id
    and earlier.version = later.version - 1

left join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

where
    (later.assessed_at > session.closed_at or later.assessed_at > decision.decided_at)
    and not exists (
        select 1
        from {{ ref('stg_operation__deviations') }} as noted
        where
            noted.journey_id = journey.journey_id
            and noted.rule_id = 'DV-N04'
            and noted.is_attempt = 0
            and noted.finding_id is null
            and noted.occurred_at = later.assessed_at
    )
