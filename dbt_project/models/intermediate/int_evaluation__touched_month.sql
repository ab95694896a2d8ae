{{ config(keys=['primary key (month_on)'], tags=['evaluation']) }}
-- Evaluation (§14.2): months in which a touched attempt counts now or counted before; they are counted again.
-- Grain: one row per month. Empty in a run over everything.
-- depends_on: {{ ref('fct_evaluation_attempt') }}
{% set days = evaluation_stages() | map(attribute='day') | unique | list %}
{% for day in days %}
    select {{ month_of('before_it.' ~ day) }} as month_on
    from {{ ref('int_evaluation__touched') }} as before_it
    where before_it.{{ day }} is not null

    union

    select {{ month_of('attempt.' ~ day) }}
    from {{ ref('int_evaluation__touched') }} as touched
    inner join {{ ref('fct_evaluation_attempt') }} as attempt
        on touched.journey_id = attempt.journey_id and touched.attempt_no = attempt.attempt_no
    where attempt.{{ day }} is not null
    {% if not loop.last %}

        union

    {% endif %}
{% endfor %}
