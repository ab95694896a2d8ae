-- Evaluation (§14.2): which session each attempt was given; undone ones belong to no attempt (§12.5).
-- Grain: one row per place given.
select
    allocation_id,
    journey_id,
    attempt_no,
    session_id,
    allocated_at,
    proposed_tuk_code,
    proposed_lsp_code,
    reason

from {{ source('operation', 'allocation') }}
