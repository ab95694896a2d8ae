-- Evaluation (§14.2): results returned to BNP2TKI, with their versions (§14.3-14.5).
-- Grain: one row per return and journey.
select
    return_batch_id,
    journey_id,
    version,
    acknowledged_at,
    tki_id,
    result,
    lsp_code,
    certificate_no,
    certified_on,
    certificate_status,
    is_last,
    difference

from {{ source('operation', 'return_line') }}
