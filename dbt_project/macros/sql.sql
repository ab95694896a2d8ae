{# Small helpers that the models, the materializations and the run plan share. #}

{# Run one statement now, outside dbt's own transaction handling. #}
{% macro run_sql(sql) %}
  {% if execute %}
    {% call statement('posko_sql', auto_begin=False) %}{{ sql }}{% endcall %}
  {% endif %}
{% endmacro %}

{# One session setting for every connection that writes: strict, patient for a minute, no locks on rows that are only read. #}
{% macro prepare_session() %}
  {# a DELETE over several tables finds its alias only in a default schema #}
  {% do run_sql("use " ~ target.schema) %}
  {# split_materialized: MariaDB would compute a numbered queue again for each of its lots #}
  {% do run_sql(
    "set session lock_wait_timeout = 60, innodb_lock_wait_timeout = 60, group_concat_max_len = 1048576, "
    ~ "tmp_table_size = 134217728, max_heap_table_size = 134217728, "
    ~ "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'"
    ~ (", optimizer_switch = 'split_materialized=off'" if target.type == 'mariadb' else "")
  ) %}
  {% do run_sql("set session transaction isolation level read committed") %}
{% endmacro %}

{# The Indonesian day (UTC+7, no summer time) of a UTC time: dates from BNP2TKI are local days. #}
{% macro local_day(column) -%}
  cast({{ column }} + interval 7 hour as date)
{%- endmacro %}

{# 60 bits of SHA-256 as a number: a compact key for equality, which keeps a NIK unreadable in int_ tables. #}
{% macro hash_key(expression) -%}
  cast(conv(left(sha2({{ expression }}, 256), 15), 16, 10) as unsigned)
{%- endmacro %}

{# A table of this schema as the last run left it. Not a ref(): the model that rewrites it runs later in the same run. #}
{% macro as_last_run_left(name) -%}
  {{ target.schema }}.{{ name }}
{%- endmacro %}
