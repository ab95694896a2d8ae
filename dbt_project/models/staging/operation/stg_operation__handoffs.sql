-- Evaluation (§14.2): batches from body to body (§12.7-12.11).
-- Grain: one row per batch.
select
    batch_id,
    sent_at,
    received_at,
    hop,
    receiver

from {{ source('operation', 'handoff_batch') }}
