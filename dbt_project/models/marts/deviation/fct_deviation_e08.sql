-- DV-E08 (§5.1): a BLKLN reported more trainees at once than it is licensed for.
-- Grain: one row per BLKLN and first day of a time above the licence.
select
    'DV-E08' as rule_id,
    'blkln' as subject_kind,
    {{ subject_text('finding.blkln_code') }} as subject_code,
    cast(finding.from_on as char) as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    finding.evidence,
    cast(finding.from_on as datetime(6)) - interval 7 hour as observed_at,
    cast(finding.from_on as datetime(6)) - interval 7 hour as touched_at

from {{ ref('fct_blkln_finding') }} as finding

where finding.rule_id = 'DV-E08'
