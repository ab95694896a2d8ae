{#
  How tables reach their readers. The adapter's own way takes the live table away before the new one stands; here a table is built
  beside the live one, with its keys, and both names change in one statement (a reader never misses it).

  config of a table:
    keys          list of key clauses put on before the swap, e.g. ['primary key (tki_id)']; a contract brings its own primary key
    delta_part    'judge', 'allocate' or 'evaluation': when this run does that part by delta, only the rows named by `delta_scope` are replaced,
    delta_scope   name of the model that lists them (same column, or list of columns, as `delta_by`),
    delta_by      in one transaction, and rows that come out equal are not touched
    stays_with    'judge' or 'allocate': the table reads only what the fingerprint of that part covers, so a run by delta leaves it alone,
    stays_while   as long as this condition (SQL), if given, holds
#}

{% materialization table, adapter='mariadb' %}
  {{ return(materialize_table()) }}
{% endmaterialization %}

{% materialization table, adapter='mysql' %}
  {{ return(materialize_table()) }}
{% endmaterialization %}

{% materialization view, adapter='mariadb' %}
  {{ return(materialize_view()) }}
{% endmaterialization %}

{% materialization view, adapter='mysql' %}
  {{ return(materialize_view()) }}
{% endmaterialization %}

{% materialization seed, adapter='mariadb' %}
  {{ return(materialize_seed()) }}
{% endmaterialization %}

{% materialization seed, adapter='mysql' %}
  {{ return(materialize_seed()) }}
{% endmaterialization %}

{% macro materialize_table() %}
  {% set live = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type='table') %}
  {% do prepare_session() %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% set part = config.get('delta_part') %}
  {% if live is not none and stays_as_it_is() %}
    {% call noop_statement('main', 'unchanged', 'TABLE', 0) %}{% endcall %}
  {% elif part and live is not none and is_delta(part) %}
    {% do replace_rows(target_relation, sql) %}
  {% else %}
    {% do build_and_swap(target_relation, live, sql) %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do run_sql("commit") %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmacro %}

{% macro stays_as_it_is() %}
  {% set part = config.get('stays_with') %}
  {% if not part or not is_delta(part) %}
    {{ return(false) }}
  {% endif %}
  {% set condition = config.get('stays_while') %}
  {{ return(not condition or run_query("select " ~ render(condition)).rows[0][0] == 1) }}
{% endmacro %}

{% macro build_and_swap(target_relation, live, sql) %}
  {% set fresh = beside(target_relation, 'new') %}
  {% set stale = beside(target_relation, 'old') %}
  {% do run_sql("drop table if exists " ~ fresh ~ ", " ~ stale) %}
  {% set keys_first = is_delta('judge') and is_delta('allocate') and not config.get('contract').enforced %}
  {% do create_and_fill(fresh, sql, config.get('keys') if keys_first else none) %}
  {% if config.get('keys') and not keys_first %}
    {% do run_sql("alter table " ~ fresh ~ " add " ~ config.get('keys') | join(", add ")) %}
  {% endif %}
  {% do run_sql("analyze table " ~ fresh) %}
  {% if live is none %}
    {% do run_sql("rename table " ~ fresh ~ " to " ~ target_relation) %}
  {% else %}
    {% do run_sql("rename table " ~ target_relation ~ " to " ~ stale ~ ", " ~ fresh ~ " to " ~ target_relation) %}
    {% do run_sql("drop " ~ live.type ~ " " ~ stale) %}
  {% endif %}
{% endmacro %}

{#
  Create the table with the declared columns and keys (contract) or with the columns of the query, and fill it. Keys after the rows are
  faster for a million rows; for the few of a run by delta they come with the table (`keys`), one statement less.
#}
{% macro create_and_fill(relation, sql, keys=none) %}
  {% if config.get('contract').enforced %}
    {% do run_sql("create table " ~ relation ~ " (" ~ contract_ddl() ~ ") character set utf8mb4 collate utf8mb4_bin") %}
    {% call statement('main', auto_begin=False) %}
      insert into {{ relation }} ({{ model.columns.keys() | join(', ') }})
      {{ sql }}
    {% endcall %}
  {% else %}
    {% call statement('main', auto_begin=False) %}
      create table {{ relation }}{% if keys %} ({{ keys | join(', ') }}){% endif %} character set utf8mb4 collate utf8mb4_bin as
      {{ sql }}
    {% endcall %}
  {% endif %}
{% endmacro %}

{# Columns in the order of the yml, which must be the order of the query; types and NOT NULL are enforced by the server. #}
{% macro contract_ddl() %}
  {% set parts = [] %}
  {% for column in model.columns.values() %}
    {% set not_null = column.constraints | selectattr('type', 'equalto', 'not_null') | list | length > 0 %}
    {% do parts.append(column.name ~ " " ~ column.data_type ~ (" not null" if not_null else " null")) %}
  {% endfor %}
  {% for constraint in model.constraints | selectattr('type', 'equalto', 'primary_key') %}
    {% do parts.append("primary key (" ~ constraint.columns | join(', ') ~ ")") %}
  {% endfor %}
  {{ return(parts | join(', ')) }}
{% endmacro %}

{# Replace the rows in scope by what the query gives for them: compute beside, then delete and insert in one transaction. #}
{% macro replace_rows(target_relation, sql) %}
  {% set fresh = beside(target_relation, 'delta') %}
  {% set scope = target.schema ~ '.' ~ config.require('delta_scope') %}
  {% set by = config.require('delta_by') %}
  {% set in_scope = [] %}
  {% for column in ([by] if by is string else by) %}{% do in_scope.append("live." ~ column ~ " = scope." ~ column) %}{% endfor %}
  {% set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='column') | list %}
  {% set same = [] %}
  {% for column in columns %}{% do same.append("fresh." ~ column ~ " <=> live." ~ column) %}{% endfor %}
  {% do run_sql("drop table if exists " ~ fresh) %}
  {% set key = model.constraints | selectattr('type', 'equalto', 'primary_key') | map(attribute='columns') | first %}
  {% do run_sql(
    "create table " ~ fresh ~ " (primary key (" ~ key | join(', ') ~ ")) character set utf8mb4 collate utf8mb4_bin as select * from "
    ~ target_relation ~ " where 1 = 0"
  ) %}
  {% call statement('main', auto_begin=False) %}
    insert into {{ fresh }} ({{ columns | join(', ') }})
    {{ sql }}
  {% endcall %}
  {% do run_sql("commit") %}
  {% do run_sql("start transaction") %}
  {% do run_sql(
    "delete live from " ~ target_relation ~ " as live inner join " ~ scope ~ " as scope on " ~ in_scope | join(" and ")
    ~ " left join " ~ fresh ~ " as fresh on " ~ same | join(" and ") ~ " where fresh." ~ key[0] ~ " is null"
  ) %}
  {% do run_sql(
    "insert into " ~ target_relation ~ " select fresh.* from " ~ fresh ~ " as fresh left join " ~ target_relation ~ " as live on "
    ~ same | join(" and ") ~ " where live." ~ key[0] ~ " is null"
  ) %}
  {% do run_sql("commit") %}
  {% do run_sql("drop table " ~ fresh) %}
{% endmacro %}

{# A name beside the target: a rest of a broken run is dropped by the next. #}
{% macro beside(relation, suffix) -%}
  {{ return(relation.schema ~ '.' ~ relation.identifier ~ '__' ~ suffix) }}
{%- endmacro %}

{# A view that stands is left alone in a run by delta: no model changed since it was made. #}
{% macro materialize_view() %}
  {% set live = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type='view') %}
  {% do prepare_session() %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% if live is not none and live.type == 'view' and is_delta('evaluation' if 'evaluation' in model.tags else 'judge') %}
    {% call noop_statement('main', 'unchanged', 'VIEW', 0) %}{% endcall %}
  {% else %}
    {% if live is not none and live.type == 'table' %}
      {% do run_sql("drop table " ~ target_relation) %}
    {% endif %}
    {% call statement('main', auto_begin=False) %}
      create or replace view {{ target_relation }} as
      {{ sql }}
    {% endcall %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do run_sql("commit") %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmacro %}

{# A seed is loaded beside its table and swapped; when no seed changed since the last finished run it is left alone. #}
{% macro materialize_seed() %}
  {% set live = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type='table') %}
  {% set rows = load_agate_table() %}
  {% do store_result('agate_table', response='OK', agate_table=rows) %}
  {% if live is not none and is_delta('judge') %}
    {% call noop_statement('main', 'unchanged', 'SEED', 0) %}{% endcall %}
  {% else %}
    {% do prepare_session() %}
    {% set fresh = beside(target_relation, 'new') %}
    {% set stale = beside(target_relation, 'old') %}
    {% do run_sql("drop table if exists " ~ fresh) %}
    {% do run_sql("drop table if exists " ~ stale) %}
    {% set columns = [] %}
    {% for name in rows.column_names %}
      {% do columns.append(name ~ " " ~ config.require('column_types')[name] ~ " null") %}
    {% endfor %}
    {% do run_sql(
      "create table " ~ fresh ~ " (" ~ columns | join(', ') ~ ") character set utf8mb4 collate utf8mb4_bin"
    ) %}
    {% do insert_seed_rows(fresh, rows) %}
    {% do run_sql("alter table " ~ fresh ~ " add primary key (" ~ config.require('primary_key') | join(', ') ~ ")") %}
    {% if live is none %}
      {% do run_sql("rename table " ~ fresh ~ " to " ~ target_relation) %}
    {% else %}
      {% do run_sql("rename table " ~ target_relation ~ " to " ~ stale ~ ", " ~ fresh ~ " to " ~ target_relation) %}
      {% do run_sql("drop table " ~ stale) %}
    {% endif %}
    {% call noop_statement('main', 'INSERT ' ~ rows.rows | length, 'INSERT', rows.rows | length) %}{% endcall %}
  {% endif %}
  {{ return({'relations': [target_relation]}) }}
{% endmacro %}

{% macro insert_seed_rows(relation, rows) %}
  {% for chunk in rows.rows | batch(200) %}
    {% set bindings = [] %}
    {% set lines = [] %}
    {% for row in chunk %}
      {% do bindings.extend(row) %}
      {% do lines.append("(" ~ (["%s"] * (row | length)) | join(", ") ~ ")") %}
    {% endfor %}
    {% do adapter.add_query(
      "insert into " ~ relation ~ " (" ~ rows.column_names | join(', ') ~ ") values " ~ lines | join(', '), bindings=bindings
    ) %}
  {% endfor %}
  {% do run_sql("commit") %}
{% endmacro %}
