-- Evaluation (§14.2): decisions of the LSP (§13.9-13.10).
-- Grain: one row per decided journey.
select
    decision_id,
    journey_id,
    session_id,
    lsp_code,
    result,
    asesor_result,
    decided_at,
    decided_by,
    sk_no

from {{ source('operation', 'decision') }}
