-- Deviations (Gambar 5): what changed of a payment.
-- Grain: one row per change.
select
    payment_change_id,
    journey_id,
    payment_before,
    payment_after,
    changed_at

from {{ source('operation', 'payment_change') }}
