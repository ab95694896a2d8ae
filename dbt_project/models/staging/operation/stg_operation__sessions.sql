-- Evaluation (§14.2): exam sessions (§12.5, §13).
-- Grain: one row per session.
select
    session_id,
    tuk_code,
    lsp_code,
    scheme_code,
    exam_on,
    met_no,
    tested_met_no,
    touched_at,
    slot,
    status,
    opened_at,
    running_at,
    ended_at,
    scoring_opened_at,
    scored_at,
    closed_at,
    asesor_proof_id,
    appointed

from {{ source('operation', 'exam_session') }}
