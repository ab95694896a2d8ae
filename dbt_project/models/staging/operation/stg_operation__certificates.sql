-- Evaluation (§14.2): certificates (§13.11).
-- Grain: one row per certificate.
select
    certificate_id,
    journey_id,
    certified_on

from {{ source('operation', 'certificate') }}
