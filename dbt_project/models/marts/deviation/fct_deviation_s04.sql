-- DV-S04 (§13.6): people were tested in a session whose assessor was not verified by finger at the TUK that day, or was another one.
-- The acts refuse it; this finds rows past them.
-- Grain: one row per session.
select
    'DV-S04' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    cast(session.session_id as char) as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id,
        'tanggal', session.exam_on,
        'asesor', coalesce(session.tested_met_no, session.met_no),
        'asesor_terperiksa', person.met_no,
        'cocok', proof.is_match,
        'diperiksa', proof.captured_at
    ) as evidence,
    coalesce(session.running_at, session.ended_at, session.touched_at) as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

left join {{ ref('stg_operation__finger_proofs') }} as proof
    on session.asesor_proof_id = proof.proof_id
    and proof.person_kind = 'STAFF'

left join {{ ref('stg_operation__staff') }} as person on proof.person_id = person.person_id

where
    session.status in ('RUNNING', 'ENDED', 'SCORING_OPEN', 'SCORED', 'CLOSED')
    and coalesce(
        proof.is_match = 1
        and proof.purpose = 'VERIFY_ASESOR'
        and {{ local_day('proof.captured_at') }} = session.exam_on
        and person.met_no = coalesce(session.tested_met_no, session.met_no),
        0
    ) = 0
    and exists (
        select 1
        from {{ ref('stg_operation__attendance') }} as present
        where session.session_id = present.session_id and present.outcome = 'PRESENT'
    )
