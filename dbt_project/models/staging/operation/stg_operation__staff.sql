-- Deviations (§5.2): persons who act.
-- Grain: one row per person.
select
    person_id,
    role,
    lsp_code,
    tuk_code,
    met_no

from {{ source('operation', 'staff') }}
