{#
  What the evaluation has to do, decided at the start of a run and kept in the one row of `evaluation_state`; its parts are as those of
  `plan.sql`. It stands apart from filter and allocation: it follows the acts of people and not the deliveries, so it has its own
  watermark, its own selector, and may run alone.

  By delta only attempts that somebody touched since the last finished load are read. `touched_at` is written by the server itself, so
  that neither a played clock nor an act that forgot to say so hides one; a load looks ten minutes back, further than any transaction
  of ours lasts. After a load that did not finish everything is counted anew, because the months that it left behind are not known.
#}

{% macro evaluation_state() -%}
  {{ target.schema }}.evaluation_state
{%- endmacro %}

{# Whether this run has the evaluation in it: all runs but the one that only follows a delivery. #}
{% macro has_evaluation() %}
  {{ return(invocation_args_dict.get('selector') != 'nightly') }}
{% endmacro %}

{% macro begin_evaluation() %}
  {% do run_sql(
    "create table if not exists " ~ evaluation_state() ~ " ("
    ~ "state_id tinyint not null primary key, load_no int not null, touched_until datetime(6) null, data_at datetime(6) null, "
    ~ "finished_at datetime(6) null, print char(32) null, is_running tinyint not null, plan_print char(32) not null, "
    ~ "started_at datetime(6) not null) character set utf8mb4 collate utf8mb4_bin"
  ) %}
  {% set before = run_query("select touched_until, print, is_running from " ~ evaluation_state()).rows %}
  {% set print = evaluation_print() %}
  {% set can = before | length == 1 and before[0][0] is not none and before[0][1] == print and before[0][2] == 0 %}
  {{ return({'plan': 'delta' if can and not flags.FULL_REFRESH and tables_are_there('evaluation') else 'full', 'print': print}) }}
{% endmacro %}

{% macro note_evaluation(print) %}
  {% do run_sql(
    "insert into " ~ evaluation_state() ~ " (state_id, load_no, is_running, plan_print, started_at) values (1, 0, 1, '" ~ print
    ~ "', utc_timestamp(6)) on duplicate key update is_running = 1, plan_print = values(plan_print), started_at = values(started_at)"
  ) %}
  {% do run_sql("commit") %}
{% endmacro %}

{# The state advances only when every table of the evaluation was made and nothing of it failed. #}
{% macro finish_evaluation(results) %}
  {% set own = [] %}
  {% for result in results if 'evaluation' in result.node.tags %}{% do own.append(result) %}{% endfor %}
  {% set done = own | selectattr('status', 'equalto', 'success') | map(attribute='node.unique_id') | list %}
  {% set bad = own | rejectattr('status', 'in', ['success', 'pass', 'warn']) | list | length %}
  {% set left = [] %}
  {% for node in evaluation_tables() if node.unique_id not in done %}{% do left.append(node.unique_id) %}{% endfor %}
  {% if left | length == 0 and bad == 0 %}
    {% do run_sql(
      "update " ~ evaluation_state() ~ " set is_running = 0, load_no = load_no + 1, touched_until = started_at - interval 10 minute, "
      ~ "data_at = started_at, print = plan_print, finished_at = utc_timestamp(6) where state_id = 1"
    ) %}
    {% do run_sql("commit") %}
  {% endif %}
{% endmacro %}

{% macro evaluation_tables() %}
  {% set found = [] %}
  {% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') %}
    {% if 'evaluation' in node.tags and node.config.materialized == 'table' %}{% do found.append(node) %}{% endif %}
  {% endfor %}
  {{ return(found) }}
{% endmacro %}

{# A print of all models of the evaluation, the views of the rules too, and of the macros: where one changed, all are made anew. #}
{% macro evaluation_print() %}
  {% set code = [var('project_version', '1.0.0'), env_var('POSKO_DBT_MACROS', ''), evaluation_stages() | string] %}
  {% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='unique_id') %}
    {% if 'evaluation' in node.tags %}{% do code.append(node.unique_id ~ node.checksum.checksum ~ node.config) %}{% endif %}
  {% endfor %}
  {{ return(local_md5(code | join('|'))) }}
{% endmacro %}

{# What was written after this moment belongs to the next load; what was written before it and after the last one, to this. #}
{% macro touched_since() -%}
  (select touched_until from {{ evaluation_state() }})
{%- endmacro %}
