-- DV-E10 (§10.1): meant for a country that was closed to domestic workers; gathered by the company that places her.
-- Grain: one row per TKI.
select
    'DV-E10' as rule_id,
    'pptkis' as subject_kind,
    {{ subject_text('facts.pptkis_name') }} as subject_code,
    finding.tki_id as finding_key,
    finding.tki_id,
    null as journey_id,
    null as session_id,
    finding.evidence,
    batch.started_at as observed_at,
    batch.started_at as touched_at

from {{ ref('fct_tki_finding') }} as finding

inner join {{ ref('int_tki__facts') }} as facts on finding.tki_id = facts.tki_id

inner join {{ ref('stg_bnp2tki__batches') }} as batch on finding.batch_id = batch.batch_id

where finding.rule_id = 'DV-E10'
