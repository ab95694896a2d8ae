-- DV-E07 (§3.1): one number of a BLKLN certificate on several TKI; only registered TKI have a result to hold. All who share it stand under
-- the lowest ID TKI of them.
-- Grain: one row per journey.
select
    'DV-E07' as rule_id,
    'tki' as subject_kind,
    (
        select min(sharing.tki_id)
        from {{ ref('int_tki__facts') }} as sharing
        where sharing.blkln_certificate_key = facts.blkln_certificate_key
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

where finding.rule_id = 'DV-E07'
