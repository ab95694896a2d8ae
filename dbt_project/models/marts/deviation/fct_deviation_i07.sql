-- DV-I07 (§3.3): after as many misses as turn somebody away a finger matched all the same: another finger, or the same one with a score
-- that is barely enough and much lower than hers at other times. The attendance itself only notes who needed more than one try, which is
-- no case.
-- Grain: one row per session and journey.
select
    'DV-I07' as rule_id,
    'tuk' as subject_kind,
    tried.tuk_code as subject_code,
    concat(tried.session_id, ':', tried.journey_id) as finding_key,
    tried.tki_id,
    tried.journey_id,
    tried.session_id,
    json_object(
        'gagal', tried.misses,
        'jari_gagal', tried.missed_finger,
        'jari_cocok', tried.matched_finger,
        'skor', tried.score,
        'ambang', tried.threshold,
        'skor_lain', round(tried.usual_score),
        'stasiun', tried.station_code
    ) as evidence,
    tried.received_at as observed_at,
    tried.touched_at

from (
    select
        session.session_id,
        session.tuk_code,
        session.exam_on,
        session.touched_at,
        journey.journey_id,
        journey.tki_id,
        match_found.score,
        match_found.threshold,
        match_found.matched_finger,
        match_found.station_code,
        match_found.received_at,
        count(miss.attempt_id) as misses,
        sum(miss.asked_finger = match_found.matched_finger) as misses_of_finger,
        max(miss.asked_finger) as missed_finger,
        (
            select avg(other.score)
            from {{ ref('stg_operation__finger_attempts') }} as other
            where
                other.person_kind = 'TKI'
                and other.person_id = journey.tki_id
                and other.outcome = 'MATCH'
                and other.purpose in ('ATTEND', 'EXIT')
                and other.attempt_id <> match_found.attempt_id
        ) as usual_score

    from {{ ref('stg_operation__sessions') }} as session

    inner join {{ ref('stg_operation__attendance') }} as attendance
        on session.session_id = attendance.session_id
        and attendance.outcome = 'PRESENT'

    inner join {{ ref('stg_operation__journeys') }} as journey on attendance.journey_id = journey.journey_id

    inner join {{ ref('stg_operation__finger_attempts') }} as match_found
        on match_found.person_kind = 'TKI'
        and journey.tki_id = match_found.person_id
        and match_found.purpose = 'ATTEND'
        and match_found.outcome = 'MATCH'
        and match_found.proof_id = attendance.proof_id

    inner join {{ ref('stg_operation__finger_attempts') }} as miss
        on miss.person_kind = 'TKI'
        and journey.tki_id = miss.person_id
        and miss.purpose = 'ATTEND'
        and miss.outcome = 'NO_MATCH'
        and miss.received_at < match_found.received_at
        and miss.received_at >= match_found.received_at - interval {{ parameter_on('match_memory_days', 'session.exam_on') }} day

    group by
        session.session_id, session.tuk_code, session.exam_on, session.touched_at, journey.journey_id, journey.tki_id,
        match_found.attempt_id, match_found.score, match_found.threshold, match_found.matched_finger, match_found.station_code,
        match_found.received_at
) as tried

where
    tried.misses >= {{ act_parameter_on('attendance_tries', 'tried.exam_on') }}
    and (
        tried.misses_of_finger = 0
        or (
            tried.score * 100 < tried.threshold * (100 + {{ parameter_on('match_margin_percent', 'tried.exam_on') }})
            and tried.score * 2 < coalesce(tried.usual_score, 2 * tried.score + 1)
        )
    )
