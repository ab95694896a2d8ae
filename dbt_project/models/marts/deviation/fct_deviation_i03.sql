-- DV-I03 (§3.3): one NIK on several TKI; only registered TKI have a result to hold. All who share it stand under the lowest ID TKI of
-- them.
-- Grain: one row per journey.
select
    'DV-I03' as rule_id,
    'tki' as subject_kind,
    (
        select min(sharing.tki_id)
        from {{ ref('int_tki__facts') }} as sharing
        where sharing.nik_key = facts.nik_key
    ) as subject_code,
    {{ journey_name('journey') }} as finding_key,
    finding.tki_id,
    journey.journey_id,
    null as session_id,
    finding.evidence,
    batch.started_at as observed_at,
    journey.touched_at

from {{ ref('fct_tki_finding') }} as finding

inner join {{ ref('stg_operation__journeys') }} as journey on finding.tki_id = journey.tki_id

inner join {{ ref('int_tki__facts') }} as facts on finding.tki_id = facts.tki_id

inner join {{ ref('stg_bnp2tki__batches') }} as batch on finding.batch_id = batch.batch_id

where finding.rule_id = 'DV-I03'
