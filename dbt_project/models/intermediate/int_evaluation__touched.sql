{{ config(keys=['primary key (journey_id, attempt_no)'], tags=['evaluation']) }}
-- Evaluation (§14.2): attempts that somebody touched since the last finished load, with the days that the load before had for them, so that
-- the months which they leave are counted again too. Strangers at a door stand under journey 0 and the number of their attendance.
-- Grain: one row per attempt. Empty in a run over everything.
-- depends_on: {{ ref('stg_operation__allocations') }}
-- depends_on: {{ ref('stg_operation__attendance') }}
-- depends_on: {{ ref('stg_operation__certificates') }}
-- depends_on: {{ ref('stg_operation__prints') }}
-- depends_on: {{ ref('stg_operation__sessions') }}
{% set delta = is_delta('evaluation') %}
{% set days = evaluation_stages() | map(attribute='day') | unique | list %}
{% set before = as_last_run_left('fct_evaluation_attempt') %}
with
{% if delta %}

touched_journey as (

    select journey_id
    from {{ ref('stg_operation__journeys') }}
    where touched_at >= {{ touched_since() }} and status <> 'SENT_TO_KONSORSIUM'

    union

    select place.journey_id
    from {{ ref('stg_operation__sessions') }} as sitting
    inner join {{ ref('stg_operation__allocations') }} as place on sitting.session_id = place.session_id
    where sitting.touched_at >= {{ touched_since() }}

    union

    select certificate.journey_id
    from {{ ref('stg_operation__prints') }} as printed
    inner join {{ ref('stg_operation__certificates') }} as certificate on printed.certificate_id = certificate.certificate_id
    where printed.touched_at >= {{ touched_since() }}

),

attempt as (

    select
        journey.journey_id,
        journey.attempt_no
    from touched_journey
    inner join {{ ref('stg_operation__journeys') }} as journey on touched_journey.journey_id = journey.journey_id

    union

    select
        place.journey_id,
        place.attempt_no
    from touched_journey
    inner join {{ ref('stg_operation__allocations') }} as place on touched_journey.journey_id = place.journey_id
    where place.attempt_no is not null

    union

    select
        known.journey_id,
        known.attempt_no
    from touched_journey
    inner join {{ before }} as known on touched_journey.journey_id = known.journey_id

    union

    select
        0,
        attendance_id
    from {{ ref('stg_operation__attendance') }}
    where
        journey_id is null
        -- Numbers of rows are given out before they are committed, so a lower one may come later.
        and attendance_id > (select coalesce(max(attempt_no), 0) - 1000 from {{ before }} where journey_id = 0)

)

select
    attempt.journey_id,
    attempt.attempt_no
    {%- for day in days %},
    known.{{ day }}
    {%- endfor %}

from attempt

left join {{ before }} as known on attempt.journey_id = known.journey_id and attempt.attempt_no = known.attempt_no
{% else %}

nobody as (

    select
        journey_id,
        cast(attempt_no as signed) as attempt_no
        {%- for day in days %},
        cast(null as date) as {{ day }}
        {%- endfor %}

    from {{ ref('stg_operation__journeys') }}

    where 1 = 0

)

select * from nobody
{% endif %}
