{{ config(tags=['evaluation']) }}
-- What the months of a stage add up to are the attempts that have a day of it (§14.2); a run by delta looks at the months that it counted.
-- depends_on: {{ ref('int_evaluation__touched_month') }}
with
{% for stage in evaluation_stages() if stage.outcome is not none %}

    {{ stage.stage }}_seen as (

        select
            (
                select count(*) from {{ ref('fct_evaluation_attempt') }} as attempt
                {{ in_touched_month('attempt.' ~ stage.day) }}
                where attempt.{{ stage.day }} is not null
            ) as attempts,
            (
                select coalesce(sum(counted.tki), 0) from {{ ref('fct_evaluation_month') }} as counted
                {{ in_touched_month('counted.month_on') }}
                where counted.stage = '{{ stage.stage }}'
            ) as counted

    ){{ ',' if not loop.last }}
{% endfor %}

{% for stage in evaluation_stages() if stage.outcome is not none %}
    select
        '{{ stage.stage }}' as stage,
        attempts,
        counted
    from {{ stage.stage }}_seen
    where attempts <> counted
    {% if not loop.last %}

        union all

    {% endif %}
{% endfor %}
