-- Evaluation (§14.2): who was registered, when, and from where (§12.4, Gambar 4).
-- Grain: one row per registered journey.
select
    journey_id,
    destination,
    blkln_code,
    registered_at,
    training_ended_on,
    born_on,
    sector,
    pptkis_name,
    payment_status

from {{ source('operation', 'candidate') }}
