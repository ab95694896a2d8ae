{#
  What a run has to do, decided once at its start and kept in the one row of `transform_state`.

  Two parts can be done in full or by delta: `judge` (filter and findings) and `allocate` (proposals); the evaluation is a third, in
  `evaluation_plan.sql`. A part is done in full
  when nothing was finished before, on --full-refresh, when a model, a seed or a register that it reads has changed, when a first
  load is newer than the last finished run, or (allocate only) when the run before did not finish. Judging by delta starts at the
  last batch of the last finished run, so a killed run is repaired by the next one.

  A run by delta changes nothing in views, seeds and tables that stay, so the selector `nightly` leaves them out: most of the time of a
  small run would go into nodes with nothing to do. Whether that selection was right is decided here: when it was not, every node of
  the run fails with `posko_needs_everything` before it touched anything, and the caller builds everything.
#}

{% macro state_table() -%}
  {{ target.schema }}.transform_state
{%- endmacro %}

{% macro begin_run() %}
  {% if execute and flags.WHICH in ('run', 'build', 'seed') %}
    {% do prepare_session() %}
    {% set selector = invocation_args_dict.get('selector') %}
    {% set evaluation = begin_evaluation() if has_evaluation() else {'plan': 'delta'} %}
    {# The evaluation alone leaves filter and allocation as they are. #}
    {% set plan = {'judge': 'delta', 'allocate': 'delta'} if selector == 'evaluation' else plan_of_delivery() %}
    {% do plan.update({'evaluation': evaluation.plan}) %}
    {% if selector in ('nightly', 'evaluation', 'nightly_evaluation') and 'full' in (plan.judge, plan.allocate, plan.evaluation) %}
      {% do graph.update({'run_plan': 'posko_needs_everything'}) %}
    {% else %}
      {% if selector != 'evaluation' %}{% do note_plan(plan) %}{% endif %}
      {% if has_evaluation() %}{% do note_evaluation(evaluation.print) %}{% endif %}
      {% if plan.allocate == 'full' %}{% do create_allocator() %}{% endif %}
      {# in memory too, so that not every node has to ask the server #}
      {% do graph.update({'run_plan': plan}) %}
    {% endif %}
    {% do log("plan: judge " ~ plan.judge ~ ", allocate " ~ plan.allocate ~ ", evaluation " ~ plan.evaluation, info=False) %}
  {% endif %}
{% endmacro %}

{# What filter and allocation have to do, up to which batch, and the prints of what they read. #}
{% macro plan_of_delivery() %}
  {% do run_sql(
    "create table if not exists " ~ state_table() ~ " ("
    ~ "state_id tinyint not null primary key, last_batch_id bigint null, judge_print char(32) null, allocate_print char(32) null, "
    ~ "finished_at datetime(6) null, is_running tinyint not null, plan_judge varchar(5) not null, plan_allocate varchar(5) not null, "
    ~ "plan_to_batch_id bigint not null, plan_judge_print char(32) not null, plan_allocate_print char(32) not null, "
    ~ "started_at datetime(6) not null) character set utf8mb4 collate utf8mb4_bin"
  ) %}
  {% set before = run_query("select last_batch_id, judge_print, allocate_print, is_running from " ~ state_table()).rows %}
  {% set batch = run_query(
    "select coalesce(max(case when finished_at is not null then batch_id end), 0), "
    ~ "coalesce(max(case when mode = 'initial' then batch_id end), 0) from " ~ source('bnp2tki', 'receive_batch')
  ).rows[0] %}
  {% set prints = fingerprints() %}
  {% set can_judge = before | length == 1 and before[0][0] is not none and not flags.FULL_REFRESH and tables_are_there() %}
  {% set judge = 'delta' if can_judge and before[0][1] == prints[0] and batch[1] <= before[0][0] else 'full' %}
  {% set allocate = 'delta' if judge == 'delta' and before[0][2] == prints[1] and before[0][3] == 0 else 'full' %}
  {{ return({'judge': judge, 'allocate': allocate, 'batch': batch[0], 'prints': prints}) }}
{% endmacro %}

{% macro note_plan(plan) %}
  {% do run_sql(
    "insert into " ~ state_table() ~ " (state_id, is_running, plan_judge, plan_allocate, plan_to_batch_id, plan_judge_print, "
    ~ "plan_allocate_print, started_at) values (1, 1, '" ~ plan.judge ~ "', '" ~ plan.allocate ~ "', " ~ plan.batch ~ ", '"
    ~ plan.prints[0] ~ "', '" ~ plan.prints[1] ~ "', utc_timestamp(6)) on duplicate key update is_running = 1, "
    ~ "plan_judge = values(plan_judge), plan_allocate = values(plan_allocate), plan_to_batch_id = values(plan_to_batch_id), "
    ~ "plan_judge_print = values(plan_judge_print), plan_allocate_print = values(plan_allocate_print), started_at = values(started_at)"
  ) %}
  {% do run_sql("commit") %}
{% endmacro %}

{# The state advances only when every model ran and nothing failed, so a run of a part never hides work that is left. #}
{% macro finish_run(results) %}
  {% if execute and flags.WHICH in ('run', 'build') and graph.get('run_plan') != 'posko_needs_everything' %}
    {% if has_evaluation() %}{% do finish_evaluation(results) %}{% endif %}
    {% if invocation_args_dict.get('selector') != 'evaluation' %}{% do finish_delivery(results) %}{% endif %}
  {% endif %}
{% endmacro %}

{% macro finish_delivery(results) %}
  {% set own = [] %}
  {% for result in results if 'evaluation' not in result.node.tags %}{% do own.append(result) %}{% endfor %}
  {% set models = own | selectattr('node.resource_type', 'equalto', 'model') %}
  {% set done = models | selectattr('status', 'equalto', 'success') | map(attribute='node.unique_id') | list %}
  {% set wanted = [] %}
  {% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') if 'evaluation' not in node.tags %}
    {% if not (is_delta('judge') and is_delta('allocate') and has_nothing_to_do(node)) %}{% do wanted.append(node.unique_id) %}{% endif %}
  {% endfor %}
  {% set bad = own | rejectattr('status', 'in', ['success', 'pass', 'warn']) | list | length %}
  {% if wanted | reject('in', done) | list | length == 0 and bad == 0 %}
    {% do run_sql(
      "update " ~ state_table() ~ " set is_running = 0, last_batch_id = plan_to_batch_id, judge_print = plan_judge_print, "
      ~ "allocate_print = plan_allocate_print, finished_at = utc_timestamp(6) where state_id = 1"
    ) %}
    {% do run_sql("commit") %}
  {% endif %}
{% endmacro %}

{# A model that a run by delta leaves as it is, whatever the delta: the selector `nightly` names the others, and a test compares the two. #}
{% macro has_nothing_to_do(node) %}
  {% set hooks = node.config.get('pre-hook', []) | length %}
  {% set is_view = node.config.materialized == 'view' and hooks == 0 %}
  {{ return(is_view or (node.config.get('stays_with') is not none and node.config.get('stays_while') is none)) }}
{% endmacro %}

{# Whether this run does a part (`judge`, `allocate` or `evaluation`) by delta. #}
{% macro is_delta(part) %}
  {% if execute and flags.WHICH in ('run', 'build', 'seed') %}
    {% set plan = graph.get('run_plan') %}
    {% if plan == 'posko_needs_everything' %}
      {% do exceptions.raise_compiler_error("posko_needs_everything: more than a delta is to be done") %}
    {% elif plan %}
      {{ return(plan[part] == 'delta') }}
    {% endif %}
    {% if part != 'evaluation' %}
      {{ return(run_query("select plan_" ~ part ~ " from " ~ state_table()).rows[0][0] == 'delta') }}
    {% endif %}
  {% endif %}
  {{ return(false) }}
{% endmacro %}

{# The last batch of the last finished run. #}
{% macro last_batch_id() -%}
  (select last_batch_id from {{ state_table() }})
{%- endmacro %}

{# Two prints: of all that judging reads besides the TKI, and of all that only allocation reads. #}
{% macro fingerprints() %}
  {% set keys = [certificate_key('a'), nik_key('a'), person_key('a', 'b', 'c'), queue_key('a')] %}
  {% set code = [var('project_version', '1.0.0')] + keys + [allocator_sql(target.schema)] %}
  {% for node in graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) | sort(attribute='unique_id')
    if 'evaluation' not in node.tags %}
    {% do code.append(node.unique_id ~ node.checksum.checksum ~ node.config) %}
  {% endfor %}
  {% set judged = table_print(source('bnp2tki', 'blkln'), ['kode_blkln', 'kapasitas_int', 'berlaku_sampai_date', 'deleted_at is null'])
    ~ table_print(source('registry', 'blkln'), ['blkln_code', 'capacity', 'valid_until', 'closed_on'])
    ~ table_print(source('registry', 'suspension'), ['party_kind', 'party_code', 'suspended_from', 'suspended_until']) %}
  {% set allocated = table_print(source('registry', 'lsp'), ['lsp_code', 'valid_from', 'valid_until'])
    ~ table_print(source('registry', 'tuk'), ['tuk_code', 'capacity_per_day', 'valid_from', 'valid_until'])
    ~ table_print(source('registry', 'tuk_lsp'), ['tuk_code', 'lsp_code', 'scheme_code', 'valid_from', 'valid_until'])
    ~ table_print(source('registry', 'blkln_tuk_rule'), ['blkln_code', 'priority', 'tuk_code'])
    ~ table_print(source('registry', 'closed_day'), ['closed_on', 'tuk_code'])
    ~ table_print(source('registry', 'ownership_tie'), ['party_kind', 'party_code', 'body_kind', 'body_code', 'valid_from', 'valid_until']) %}
  {{ return([local_md5(code | join('|') ~ judged), local_md5(code | join('|') ~ allocated)]) }}
{% endmacro %}

{# Rows and two sums over their checksums; enough to notice a change of a register of some thousand rows. #}
{% macro table_print(relation, columns) %}
  {% set line %}concat_ws('|'{% for column in columns %}, ifnull({{ column }}, '~'){% endfor %}){% endset %}
  {% set row = run_query(
    "select count(*), coalesce(sum(crc32(" ~ line ~ ")), 0), coalesce(sum(crc32(concat('*', " ~ line ~ "))), 0) from " ~ relation
  ).rows[0] %}
  {{ return(relation.identifier ~ ':' ~ row[0] ~ ':' ~ row[1] ~ ':' ~ row[2] ~ ';') }}
{% endmacro %}

{# Whether all tables and views of a part stand: of the evaluation, or of filter and allocation. #}
{% macro tables_are_there(part='delivery') %}
  {% set wanted = [] %}
  {% for node in graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) %}
    {% if ('evaluation' in node.tags) == (part == 'evaluation') %}{% do wanted.append("'" ~ node.alias ~ "'") %}{% endif %}
  {% endfor %}
  {% if part != 'evaluation' %}
    {% for name in allocator_tables() %}{% do wanted.append("'allocation_" ~ name ~ "'") %}{% endfor %}
  {% endif %}
  {% set found = run_query(
    "select count(*) from information_schema.tables where table_schema = '" ~ target.schema ~ "' and table_name in (" ~ wanted | join(', ') ~ ")"
  ).rows[0][0] %}
  {{ return(found == wanted | length) }}
{% endmacro %}
