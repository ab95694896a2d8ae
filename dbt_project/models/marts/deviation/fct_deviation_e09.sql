-- DV-E09 (law): below the lowest age on the day of the test. The acts refuse it; this finds rows past them.
-- Grain: one row per place given.
select
    'DV-E09' as rule_id,
    'tki' as subject_kind,
    journey.tki_id as subject_code,
    concat({{ journey_name('journey') }}, '/', allocation.attempt_no) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object(
        'umur', timestampdiff(year, candidate.born_on, session.exam_on),
        'tanggal_uji', cast(session.exam_on as char),
        'sektor', upper(trim(candidate.sector))
    ) as evidence,
    cast(session.exam_on as datetime(6)) - interval 7 hour as observed_at,
    journey.touched_at

{{ from_places_given() }}

inner join {{ ref('stg_operation__candidates') }} as candidate on journey.journey_id = candidate.journey_id

where
    -- No law asks for 30: spares the parameter for nearly everybody.
    timestampdiff(year, candidate.born_on, session.exam_on) < 30
    and timestampdiff(year, candidate.born_on, session.exam_on)
    < {{ parameter_on('minimum_age', 'session.exam_on', "coalesce(upper(trim(candidate.sector)), '*')") }}
