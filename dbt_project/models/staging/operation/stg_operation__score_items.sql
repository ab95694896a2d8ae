-- Deviations (§5.2): results of the units.
-- Grain: one row per assessment and unit.
select
    assessment_id,
    unit_code,
    result

from {{ source('operation', 'score_item') }}
