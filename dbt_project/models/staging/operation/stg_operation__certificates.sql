-- Evaluation (§14.2): certificates (§13.11).
-- Grain: one row per certificate.
select
    certificate_id,
    journey_id,
    certified_on,
    tki_id,
    decision_id,
    scheme_code,
    lsp_code,
    certificate_no,
    secure_code_digest,
    valid_until,
    status

from {{ source('operation', 'certificate') }}
