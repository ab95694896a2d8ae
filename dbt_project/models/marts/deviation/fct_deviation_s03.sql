-- DV-S03 (§13.3): so many fingers of candidates in so short a time on one reader that no queue of people can have put them there.
-- A burst is so many scans within the given seconds; every comparison counts, match or not, also of other sessions there that day.
-- Half of a burst lies in one of two slices of that length, so only sessions with a dense slice are looked at scan by scan.
-- Grain: one row per session and reader, of the session to whose list the first scan of the burst belongs.
with

scan as (

    select
        session.session_id,
        session.tuk_code,
        session.exam_on,
        session.touched_at,
        attendance.session_id = session.session_id as is_own,
        proof.proof_id,
        proof.reader_serial,
        proof.captured_at

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_operation__sessions') }} as neighbour
        on session.tuk_code = neighbour.tuk_code
        and session.exam_on = neighbour.exam_on

    inner join {{ ref('stg_operation__attendance') }} as attendance on neighbour.session_id = attendance.session_id

    inner join {{ ref('stg_operation__finger_proofs') }} as proof
        on proof.person_kind = 'TKI'
        and attendance.id_as_typed = proof.person_id
        and proof.captured_at >= session.exam_on - interval 7 hour
        and proof.captured_at < session.exam_on + interval 17 hour

),

slice as (

    select
        scan.session_id,
        scan.touched_at,
        scan.exam_on,
        floor(to_seconds(scan.captured_at) / {{ parameter_on('scan_burst_seconds', 'scan.exam_on') }}) as slice_no

    from scan

    group by scan.session_id, scan.touched_at, scan.exam_on, slice_no

    having count(*) * 2 >= {{ parameter_on('scan_burst_count', 'scan.exam_on') }}

),

dense as (

    select distinct
        slice.session_id,
        slice.touched_at,
        {{ parameter_on('scan_burst_count', 'slice.exam_on') }} as burst_count,
        {{ parameter_on('scan_burst_seconds', 'slice.exam_on') }} as burst_seconds

    from slice

),

burst as (

    select straight_join
        opening.session_id,
        opening.tuk_code,
        opening.exam_on,
        dense.touched_at,
        opening.reader_serial,
        opening.captured_at,
        count(*) as scans

    from dense

    inner join scan as opening
        on dense.session_id = opening.session_id
        and opening.is_own = 1

    inner join scan as closing
        on dense.session_id = closing.session_id
        and opening.reader_serial = closing.reader_serial
        and closing.captured_at between opening.captured_at and opening.captured_at + interval dense.burst_seconds second

    group by
        opening.session_id,
        opening.tuk_code,
        opening.exam_on,
        dense.touched_at,
        opening.reader_serial,
        opening.captured_at,
        opening.proof_id,
        dense.burst_count

    having count(*) >= dense.burst_count

)

select
    'DV-S03' as rule_id,
    'tuk' as subject_kind,
    burst.tuk_code as subject_code,
    concat(burst.session_id, ':', burst.reader_serial) as finding_key,
    null as tki_id,
    null as journey_id,
    burst.session_id,
    json_object(
        'sesi', burst.session_id,
        'tanggal', burst.exam_on,
        'pembaca', burst.reader_serial,
        'sidik_jari_terbanyak', max(burst.scans),
        'detik', round(max({{ parameter_on('scan_burst_seconds', 'burst.exam_on') }})),
        'mulai', min(burst.captured_at)
    ) as evidence,
    min(burst.captured_at) as observed_at,
    burst.touched_at

from burst

group by burst.session_id, burst.tuk_code, burst.exam_on, burst.touched_at, burst.reader_serial
