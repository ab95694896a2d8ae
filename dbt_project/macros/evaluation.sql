{# What the evaluation counts (§14.2): said once, because counts, lead times, the months to be counted again and the tests must agree. #}

{#
  Stages of an attempt in their order: the column of fct_evaluation_attempt that holds the day, how it came out, and the column with the
  hours since the stage before. `whole` is the way from registration to BNP2TKI's record and is not counted as a stage.
#}
{% macro evaluation_stages() %}
  {{ return([
    {'stage': 'registered', 'day': 'registered_on', 'outcome': "'-'", 'hours': none},
    {'stage': 'allocated', 'day': 'allocated_on', 'outcome': "'-'", 'hours': 'allocated_hours'},
    {'stage': 'distributed', 'day': 'distributed_on', 'outcome': "'-'", 'hours': 'distributed_hours'},
    {'stage': 'acknowledged', 'day': 'acknowledged_on', 'outcome': "'-'", 'hours': 'acknowledged_hours'},
    {'stage': 'examined', 'day': 'examined_on', 'outcome': 'attempt.attendance', 'hours': 'examined_hours'},
    {'stage': 'assessed', 'day': 'assessed_on', 'outcome': "'-'", 'hours': 'assessed_hours'},
    {'stage': 'decided', 'day': 'decided_on', 'outcome': 'attempt.result', 'hours': 'decided_hours'},
    {'stage': 'certified', 'day': 'certified_on', 'outcome': printed_state('attempt.copies'), 'hours': none},
    {'stage': 'printed', 'day': 'printed_on', 'outcome': "'-'", 'hours': 'printed_hours'},
    {'stage': 'published', 'day': 'published_on', 'outcome': "'-'", 'hours': 'published_hours'},
    {'stage': 'closed', 'day': 'closed_on', 'outcome': "'-'", 'hours': 'closed_hours'},
    {'stage': 'whole', 'day': 'closed_on', 'outcome': none, 'hours': 'whole_hours'}
  ]) }}
{% endmacro %}

{# Whether a certificate was printed, and again. #}
{% macro printed_state(copies) -%}
  case when {{ copies }} = 0 then 'UNPRINTED' when {{ copies }} = 1 then 'PRINTED' else 'REPRINTED' end
{%- endmacro %}

{# The first day of the month of a day. #}
{% macro month_of(day) -%}
  cast(date_format({{ day }}, '%Y-%m-01') as date)
{%- endmacro %}

{# Whole hours between two moments, never fewer than none; empty when one is. #}
{% macro hours_between(began, ended) -%}
  greatest(0, timestampdiff(hour, {{ began }}, {{ ended }}))
{%- endmacro %}

{# Limits a count of attempts to the months that this run counts again; a run over everything counts all. #}
{% macro in_touched_month(day) -%}
  {% if is_delta('evaluation') -%}
    inner join {{ ref('int_evaluation__touched_month') }} as touched
        on {{ day }} >= touched.month_on and {{ day }} < touched.month_on + interval 1 month
  {%- endif %}
{%- endmacro %}

{# What every count of attempts is cut by, beside its month. #}
{% macro attempt_cut() -%}
  attempt.lsp_code,
        attempt.tuk_code,
        attempt.scheme_code,
        attempt.destination
{%- endmacro %}

{# The attempts that came to a stage in the months that are counted. #}
{% macro attempts_of(stage) -%}
  from {{ ref('fct_evaluation_attempt') }} as attempt
    {{ in_touched_month('attempt.' ~ stage.day) }}
    where attempt.{{ stage.day }} is not null
{%- endmacro %}
