-- Deviations (§3.3): when which set of templates of a person came into force, and where; no template.
-- Grain: one row per set of templates.
select
    template_set_id,
    person_kind,
    person_id,
    version,
    provenance,
    station_code,
    activated_at,
    activated_by

from {{ source('operation', 'template_set') }}
