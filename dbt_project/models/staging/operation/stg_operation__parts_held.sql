-- Deviations (§5.2): which part a person had for a TKI.
-- Grain: one row per journey and person.
select
    journey_id,
    person_id,
    part,
    held_at

from {{ source('operation', 'part_held') }}
