{# A parameter of the acts on a day: what BNSP set, else the default of posko/domain/parameters.py, given or from its row of the seed. #}
{% macro act_parameter_on(name, day, default=none) -%}
  coalesce(
    (
      select cast(own.value as decimal(12, 3))
      from {{ ref('stg_operation__parameters') }} as own
      where own.parameter_name = '{{ name }}' and own.valid_from <= {{ day }}
      order by own.valid_from desc
      limit 1
    ),
    {{ parameter_on(name, day) if default is none else default }}
  )
{%- endmacro %}
