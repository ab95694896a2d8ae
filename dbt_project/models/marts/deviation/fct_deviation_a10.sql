-- DV-A10 (§12.5): the assessor or the TUK is another than was sent to LSP and TUK. The act notes a late substitute; this finds changes
-- past it. A day that was changed breaks the digest of what was sent, which the ledger shows (DV-A11).
-- Grain: one row per late appointment, per session whose assessor nobody appointed, and per candidate who was sent to another TUK.
select
    'DV-A10' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat('penunjukan ', appointment.appointment_id) as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id,
        'sebab', 'asesor diganti sesudah data dikirim',
        'asesor', appointment.met_no,
        'sebelumnya', max(earlier.met_no)
    ) as evidence,
    appointment.appointed_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__appointments') }} as appointment on session.session_id = appointment.session_id

inner join {{ ref('stg_operation__appointments') }} as earlier
    on appointment.session_id = earlier.session_id
    and appointment.appointed_at = earlier.ended_at

where
    exists (
        select 1
        from {{ ref('stg_operation__allocations') }} as allocation
        inner join {{ ref('stg_operation__handoff_lines') }} as line
            on allocation.journey_id = line.journey_id
            and line.hop = 'BNSP_TO_TUK'
            and allocation.attempt_no = line.attempt_no
        inner join {{ ref('stg_operation__handoffs') }} as batch on line.batch_id = batch.batch_id
        where allocation.session_id = session.session_id and batch.sent_at < appointment.appointed_at
    )
    and not exists (
        select 1
        from {{ ref('stg_operation__deviations') }} as noted
        where
            noted.rule_id = 'DV-A10'
            and noted.finding_id is null
            and noted.subject_kind = 'session'
            and noted.subject_code = cast(session.session_id as char)
            and noted.occurred_at = appointment.appointed_at
    )

group by
    session.session_id, session.tuk_code, session.touched_at, appointment.appointment_id, appointment.met_no, appointment.appointed_at

union all

select
    'DV-A10' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat('asesor sesi ', session.session_id) as finding_key,
    null as tki_id,
    null as journey_id,
    session.session_id,
    json_object('sesi', session.session_id, 'sebab', 'asesor tanpa penunjukan', 'asesor', session.met_no) as evidence,
    session.touched_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

where
    session.status <> 'CANCELLED'
    and not exists (
        select 1
        from {{ ref('stg_operation__appointments') }} as appointment
        where appointment.session_id = session.session_id and appointment.met_no = session.met_no and appointment.ended_at is null
    )

union all

select
    'DV-A10' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat({{ journey_name('journey') }}, '/', allocation.attempt_no, ' kiriman ', line.batch_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object(
        'sesi', session.session_id, 'sebab', 'TUK diganti sesudah data dikirim', 'tuk', session.tuk_code, 'dikirim_ke', batch.receiver
    ) as evidence,
    batch.sent_at as observed_at,
    session.touched_at

from {{ ref('stg_operation__sessions') }} as session

inner join {{ ref('stg_operation__allocations') }} as allocation on session.session_id = allocation.session_id

inner join {{ ref('stg_operation__handoff_lines') }} as line
    on allocation.journey_id = line.journey_id
    and line.hop = 'BNSP_TO_TUK'
    and allocation.attempt_no = line.attempt_no

inner join {{ ref('stg_operation__handoffs') }} as batch
    on line.batch_id = batch.batch_id
    and batch.receiver <> concat('TUK:', session.tuk_code)

inner join {{ ref('stg_operation__journeys') }} as journey on allocation.journey_id = journey.journey_id
