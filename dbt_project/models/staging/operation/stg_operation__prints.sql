-- Evaluation (§14.2): copies of certificates on numbered blanks (§13.12).
-- Grain: one row per copy.
select
    certificate_id,
    copy_no,
    printed_at,
    touched_at,
    blank_no,
    reason,
    printed_by

from {{ source('operation', 'print_event') }}
