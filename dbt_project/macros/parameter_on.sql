{# The value of a dated parameter on a day: the row of the sub key wins over the row of `*`. #}
{% macro parameter_on(param_code, day, sub_key="'*'") -%}
  (
    select parameter.value
    from {{ ref('parameter') }} as parameter
    where
      parameter.param_code = '{{ param_code }}'
      and parameter.sub_key in ('*', {{ sub_key }})
      and {{ day }} >= parameter.valid_from
      and {{ day }} <= coalesce(parameter.valid_until, date '9999-12-31')
    order by parameter.sub_key = '*'
    limit 1
  )
{%- endmacro %}
