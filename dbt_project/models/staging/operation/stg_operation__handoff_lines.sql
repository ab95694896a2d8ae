-- Evaluation (§14.2): who was handed over with which batch (§12.7-12.11).
-- Grain: one row per batch and TKI.
select
    batch_id,
    tki_id,
    hop,
    journey_id,
    attempt_no,
    row_hash

from {{ source('operation', 'handoff_line') }}
