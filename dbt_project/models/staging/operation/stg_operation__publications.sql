-- Evaluation (§14.2): published results, with their versions (§14.1).
-- Grain: one row per journey and version.
select
    publication_id,
    journey_id,
    version,
    published_at

from {{ source('operation', 'publication') }}
