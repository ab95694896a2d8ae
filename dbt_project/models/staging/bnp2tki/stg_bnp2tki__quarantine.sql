-- Receive stage (§12.2): rows that could not be typed, without the row as it was sent.
-- Grain: one row per refusal.
select
    quarantine_id,
    batch_id,
    source_table,
    id_tki as tki_id,
    reasons,
    first_seen_at,
    resolved_at,
    resolved_batch_id

from {{ source('bnp2tki', 'quarantine') }}
