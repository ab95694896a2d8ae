-- Evaluation (§14.2): published results, with their versions (§14.1).
-- Grain: one row per journey and version.
select
    publication_id,
    journey_id,
    version,
    published_at,
    meeting_id,
    tki_id,
    masked_name,
    result,
    lsp_code,
    tuk_code,
    tested_on,
    certificate_no

from {{ source('operation', 'publication') }}
