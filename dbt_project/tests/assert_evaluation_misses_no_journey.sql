{{ config(tags=['evaluation']) }}
-- Every registered TKI stands in the evaluation with the attempt that she is at (§14.2, R-162); by delta those who were touched.
-- depends_on: {{ ref('int_evaluation__touched') }}
select
    journey.journey_id,
    journey.attempt_no

from {{ ref('stg_operation__journeys') }} as journey
{% if is_delta('evaluation') %}
    inner join {{ ref('int_evaluation__touched') }} as touched
        on journey.journey_id = touched.journey_id and journey.attempt_no = touched.attempt_no
{% endif %}
left join {{ ref('fct_evaluation_attempt') }} as attempt
    on journey.journey_id = attempt.journey_id and journey.attempt_no = attempt.attempt_no

where
    journey.status <> 'SENT_TO_KONSORSIUM'
    and attempt.journey_id is null
    -- Whoever is being touched while this load runs belongs to the next.
    and journey.touched_at < (select started_at - interval 10 minute from {{ evaluation_state() }})
