-- DV-E03 (§3.1): training shorter than the norm of her destination on the day she left the BLKLN. Only registered TKI have a result to
-- hold.
-- Grain: one row per journey.
select
    'DV-E03' as rule_id,
    'blkln' as subject_kind,
    {{ subject_text('facts.blkln_code') }} as subject_code,
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

where finding.rule_id = 'DV-E03'
