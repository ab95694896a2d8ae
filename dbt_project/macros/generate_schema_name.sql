{# One schema for models and seeds alike: the account of dbt may write nowhere else. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ target.schema }}
{%- endmacro %}
