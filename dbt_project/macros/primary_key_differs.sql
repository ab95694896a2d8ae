{# Query of the key tests: the key columns of a table when they are not the ones wanted. #}
{% macro primary_key_differs(relation, columns) %}
  {% set parts = (relation | string).replace('`', '').split('.') %}
  select key_columns
  from (
    select coalesce(group_concat(column_name order by seq_in_index separator ','), '') as key_columns
    from information_schema.statistics
    where table_schema = '{{ parts[0] }}' and table_name = '{{ parts[1] }}' and index_name = 'PRIMARY'
  ) as found
  where key_columns <> '{{ columns | join(',') }}'
{% endmacro %}
