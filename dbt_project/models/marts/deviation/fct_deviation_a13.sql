-- DV-A13 (Gambar 5): tested or certified while nobody had paid, where BNSP lets only paid candidates in. The acts refuse it; this finds
-- rows past them. What the payment was that day follows from its next change.
-- Grain: one row per journey and session.
select
    'DV-A13' as rule_id,
    'lsp' as subject_kind,
    judged.lsp_code as subject_code,
    concat(judged.session_id, ':', judged.journey_id) as finding_key,
    judged.tki_id,
    judged.journey_id,
    judged.session_id,
    json_object('tanggal_uji', cast(judged.exam_on as char), 'pembayaran', judged.payment, 'keadaan', judged.status) as evidence,
    judged.recorded_at as observed_at,
    judged.touched_at

from (
    select
        session.session_id,
        session.lsp_code,
        session.exam_on,
        journey.journey_id,
        journey.tki_id,
        journey.status,
        journey.touched_at,
        attendance.recorded_at,
        coalesce(
            (
                select payment_change.payment_before
                from {{ ref('stg_operation__payment_changes') }} as payment_change
                where payment_change.journey_id = journey.journey_id and payment_change.changed_at > attendance.recorded_at
                order by payment_change.changed_at, payment_change.payment_change_id
                limit 1
            ),
            candidate.payment_status
        ) as payment

    from {{ ref('stg_operation__journeys') }} as journey

    inner join {{ ref('stg_operation__candidates') }} as candidate on journey.journey_id = candidate.journey_id

    inner join {{ ref('stg_operation__attendance') }} as attendance
        on journey.journey_id = attendance.journey_id
        and attendance.outcome = 'PRESENT'

    inner join {{ ref('stg_operation__sessions') }} as session on attendance.session_id = session.session_id
) as judged

where
    judged.payment = 'BELUM'
    and {{ act_parameter_on('payment_gate', 'judged.exam_on') }} = 1
