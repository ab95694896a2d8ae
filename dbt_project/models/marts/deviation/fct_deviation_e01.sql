-- DV-E01 (§3.1): no BLKLN certificate, or no day on which she left. The filter holds such TKI back; this finds those who were registered
-- all the same.
-- Grain: one row per journey.
select
    'DV-E01' as rule_id,
    'blkln' as subject_kind,
    {{ subject_text('held.blkln_code') }} as subject_code,
    {{ journey_name('journey') }} as finding_key,
    held.tki_id,
    journey.journey_id,
    null as session_id,
    json_object('sebab', held.reason, 'keadaan', journey.status) as evidence,
    candidate.registered_at as observed_at,
    journey.touched_at

from {{ ref('fct_tki_held_back') }} as held

inner join {{ ref('stg_operation__journeys') }} as journey on held.tki_id = journey.tki_id

inner join {{ ref('stg_operation__candidates') }} as candidate on journey.journey_id = candidate.journey_id

where held.rule_id = 'DV-E01'
