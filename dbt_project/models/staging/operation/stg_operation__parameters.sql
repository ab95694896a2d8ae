-- Deviations (§5.2): parameters of the acts that BNSP set.
-- Grain: one row per parameter and first day.
select
    parameter_name,
    valid_from,
    value

from {{ source('operation', 'parameter') }}
