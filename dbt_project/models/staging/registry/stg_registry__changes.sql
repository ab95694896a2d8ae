-- Deviations (§5.2): when a row of a register was made or changed.
-- Grain: one row per change.
select
    change_id,
    register,
    register_key,
    before_json is null as is_new,
    changed_at

from {{ source('registry', 'registry_change') }}
