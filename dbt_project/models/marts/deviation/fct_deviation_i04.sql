-- DV-I04 (§3.3): several TKI whose name sounds alike, with one birth date and place. All who share it stand under the lowest ID TKI of
-- them.
-- Grain: one row per TKI.
select
    'DV-I04' as rule_id,
    'tki' as subject_kind,
    (
        select min(sharing.tki_id)
        from {{ ref('int_tki__facts') }} as sharing
        where sharing.person_key = facts.person_key
    ) as subject_code,
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

where finding.rule_id = 'DV-I04'
