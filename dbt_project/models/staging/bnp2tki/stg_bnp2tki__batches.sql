-- Receive stage (§12.1-12.2): deliveries with their totals.
-- Grain: one row per batch; one that was not received to its end has no finished_at.
select
    batch_id,
    mode as batch_mode,
    state as batch_state,
    started_at,
    finished_at,
    {{ local_day('started_at') }} as received_on,
    source_rows as sent,
    staged_rows as landed,
    accepted,
    refused,
    refused_reasons,
    received,
    typed,
    quarantined,
    inserted,
    updated,
    unchanged,
    deleted

from {{ source('bnp2tki', 'receive_batch') }}
