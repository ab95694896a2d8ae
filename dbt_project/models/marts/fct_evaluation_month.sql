{{ config(delta_part='evaluation', delta_scope='int_evaluation__touched_month', delta_by='month_on', tags=['evaluation']) }}
-- Evaluation (§14.2; R-162): how many attempts came to each stage in each month, and how it came out.
-- Grain: one row per month, stage, outcome, LSP, TUK, scheme and country. A stage counts in the month of its own day.
-- depends_on: {{ ref('int_evaluation__touched_month') }}
{% for stage in evaluation_stages() if stage.outcome is not none %}
    select
        {{ month_of('attempt.' ~ stage.day) }} as month_on,
        '{{ stage.stage }}' as stage,
        {{ stage.outcome }} as outcome,
        {{ attempt_cut() }},
        count(*) as tki,
        {{ 'cast(sum(attempt.copies) as signed)' if stage.stage == 'certified' else '0' }} as copies

    {{ attempts_of(stage) }}

    group by
        {{ month_of('attempt.' ~ stage.day) }},
        {% if stage.outcome != "'-'" %}{{ stage.outcome }},{% endif %}
        {{ attempt_cut() }}
    {% if not loop.last %}

        union all

    {% endif %}
{% endfor %}
