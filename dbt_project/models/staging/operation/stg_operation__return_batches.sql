-- Deviations (§14.3-14.5): returns to BNP2TKI.
-- Grain: one row per return.
select
    return_batch_id,
    made_at,
    dispatched_at,
    acknowledged_at

from {{ source('operation', 'return_batch') }}
