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

{# Query: tables whose primary key is not the one that their own key test wants; the same question as all those tests, asked once. #}
{% macro primary_keys_that_differ() %}
  {% set wanted = [] %}
  {% for node in (graph.nodes.values() if execute and graph else []) if node.resource_type == 'test' %}
    {% if (node.test_metadata or {}).get('name') == 'has_primary_key' %}
      {% set columns = node.test_metadata.kwargs['columns'] | join(',') %}
      {% do wanted.append("select '" ~ graph.nodes[node.attached_node].alias ~ "' as table_name, '" ~ columns ~ "' as key_columns") %}
    {% endif %}
  {% endfor %}
  select wanted.table_name, found.key_columns
  from ({{ wanted | join(' union all ') or "select '' as table_name, '' as key_columns" }}) as wanted
  left join (
    select
      convert(table_name using utf8mb4) collate utf8mb4_bin as table_name,
      group_concat(convert(column_name using utf8mb4) order by seq_in_index separator ',') collate utf8mb4_bin as key_columns
    from information_schema.statistics
    where table_schema = '{{ target.schema }}' and index_name = 'PRIMARY'
    group by table_name
  ) as found on wanted.table_name = found.table_name
  where not (found.key_columns <=> wanted.key_columns)
{% endmacro %}
