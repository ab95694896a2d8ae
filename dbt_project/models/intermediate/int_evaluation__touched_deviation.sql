{{ config(keys=['primary key (deviation_id)'], tags=['evaluation']) }}
-- Evaluation (§14.2): deviations that came since the last finished load, and those of attempts that somebody touched, whose LSP and TUK may
-- be others now.
-- Grain: one row per deviation. Empty in a run over everything.
{% if is_delta('evaluation') %}
    select deviation_id
    from {{ ref('stg_operation__deviations') }}
    -- Numbers of rows are given out before they are committed, so a lower one may come later.
    where deviation_id > (select coalesce(max(deviation_id), 0) - 1000 from {{ as_last_run_left('fct_evaluation_deviation') }})

    union

    select deviation.deviation_id
    from {{ ref('int_evaluation__touched') }} as touched
    inner join {{ ref('stg_operation__deviations') }} as deviation on touched.journey_id = deviation.journey_id
{% else %}
    select deviation_id
    from {{ ref('stg_operation__deviations') }}
    where 1 = 0
{% endif %}
-- depends_on: {{ ref('int_evaluation__touched') }}
