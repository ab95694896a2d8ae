{{ config(delta_part='evaluation', delta_scope='int_evaluation__touched_month', delta_by='month_on', tags=['evaluation']) }}
-- Evaluation (§14.2; R-162): how long each stage took, as a distribution, so that a median of any selection can be read off.
-- Grain: one row per month, stage, hours, LSP, TUK, scheme and country. Hours are whole; from two days on they are those of whole days.
-- depends_on: {{ ref('int_evaluation__touched_month') }}
{% for stage in evaluation_stages() if stage.hours is not none %}
    {% set hours -%}
        case when attempt.{{ stage.hours }} < 48 then attempt.{{ stage.hours }} else attempt.{{ stage.hours }} - mod(attempt.{{ stage.hours }}, 24) end
    {%- endset %}
    select
        {{ month_of('attempt.' ~ stage.day) }} as month_on,
        '{{ stage.stage }}' as stage,
        {{ hours }} as lead_hours,
        {{ attempt_cut() }},
        count(*) as tki

    {{ attempts_of(stage) }} and attempt.{{ stage.hours }} is not null

    group by
        {{ month_of('attempt.' ~ stage.day) }},
        {{ hours }},
        {{ attempt_cut() }}
    {% if not loop.last %}

        union all

    {% endif %}
{% endfor %}
