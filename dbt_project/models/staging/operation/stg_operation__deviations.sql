-- Evaluation (§14.2): register of deviations (§5.2).
-- Grain: one row per deviation.
select
    deviation_id,
    rule_id,
    severity,
    is_attempt,
    tki_id,
    journey_id,
    session_id,
    subject_kind,
    subject_code,
    occurred_at,
    finding_id

from {{ source('operation', 'deviation') }}
