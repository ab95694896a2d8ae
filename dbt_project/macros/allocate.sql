{#
  Seats for queues (§12.5). A queue is a group of TKI who cannot be told apart by any rule: same delivery, same first possible day, same
  BLKLN, same ties of ownership. Queues are served in the order of `queue_key`; each takes, seat by seat, the earliest open day over the
  TUK of its rule and on that day the TUK that the rule names first. What a queue gets depends only on the queues before it, so a later
  delivery never moves an earlier one, and a run by delta starts at the first queue whose size changed.

  A procedure, because each queue must see the seats that the queues before it left. It is one statement that MariaDB and MySQL both read.
  Its tables: allocation_lot (seats given, one row per queue, TUK and day), allocation_served (queues and their sizes when they were
  served), allocation_changed (queues whose lots this run changed); and scratch: allocation_before (lots before this run),
  allocation_seat (free seats and the LSP whose turn it is), allocation_rule (the rule; a view would be read anew for each queue).
#}

{# `from_scratch` drops its tables first: a run that serves all queues needs none of their rows, and their shape may have changed. #}
{% macro create_allocator(from_scratch) %}
  {% set schema = target.schema %}
  {% if from_scratch %}
    {% for name in ['lot', 'before', 'served', 'seat', 'changed', 'rule'] %}
      {% do run_sql("drop table if exists " ~ schema ~ ".allocation_" ~ name) %}
    {% endfor %}
  {% endif %}
  {% set lot_columns = "queue_id bigint unsigned not null, lot_no int not null, rank_from int not null, rank_to int not null, "
    ~ "queue_key varchar(130) not null, "
    ~ "tuk_code varchar(20) not null, lsp_code varchar(20) not null, open_on date not null, priority int not null, "
    ~ "primary key (queue_id, lot_no)" %}
  {% set charset = ") character set utf8mb4 collate utf8mb4_bin" %}
  {% do run_sql(
    "create table if not exists " ~ schema ~ ".allocation_lot (" ~ lot_columns
    ~ ", key queue (queue_key), key seat (tuk_code, open_on)" ~ charset
  ) %}
  {% do run_sql("create table if not exists " ~ schema ~ ".allocation_before (" ~ lot_columns ~ charset) %}
  {% do run_sql(
    "create table if not exists " ~ schema ~ ".allocation_served (queue_key varchar(130) not null primary key, "
    ~ "queue_id bigint unsigned not null, members int not null" ~ charset
  ) %}
  {% do run_sql(
    "create table if not exists " ~ schema ~ ".allocation_seat (tuk_code varchar(20) not null, open_on date not null, "
    ~ "free_seats int not null, lsp_code varchar(20) not null, primary key (tuk_code, open_on)" ~ charset
  ) %}
  {% do run_sql(
    "create table if not exists " ~ schema ~ ".allocation_rule (blkln_code varchar(64) not null, priority int not null, "
    ~ "tuk_code varchar(20) not null, primary key (blkln_code, priority)" ~ charset
  ) %}
  {% do run_sql(
    "create table if not exists " ~ schema ~ ".allocation_changed (queue_id bigint unsigned not null primary key" ~ charset
  ) %}
  {% do run_sql("drop procedure if exists " ~ schema ~ ".allocate_seats") %}
  {% do run_sql(allocator_sql(schema)) %}
{% endmacro %}

{% macro allocator_sql(schema) %}
create procedure {{ schema }}.allocate_seats(in p_serve_all int)
modifies sql data
begin
  declare v_no_more int default 0;
  declare v_start varchar(130) character set utf8mb4 collate utf8mb4_bin;
  declare v_queue_id bigint unsigned;
  declare v_queue_key varchar(130) character set utf8mb4 collate utf8mb4_bin;
  declare v_rule varchar(64) character set utf8mb4 collate utf8mb4_bin;
  declare v_tie_key bigint unsigned;
  declare v_from, v_until, v_day date;
  declare v_members, v_lot, v_rank, v_free, v_take, v_priority int;
  declare v_tuk, v_lsp varchar(20) character set utf8mb4 collate utf8mb4_bin;
  declare queues cursor for
    select queue_id, queue_key, rule_code, tie_key, test_from_on, test_until_on, members
    from {{ schema }}.int_allocation__queue
    where queue_key >= v_start and rule_code is not null
    order by queue_key;
  declare continue handler for not found set v_no_more = 1;

  start transaction;
  delete from {{ schema }}.allocation_changed;
  delete from {{ schema }}.allocation_before;
  delete from {{ schema }}.allocation_seat;
  delete from {{ schema }}.allocation_rule;
  insert into {{ schema }}.allocation_rule select blkln_code, priority, tuk_code from {{ schema }}.stg_registry__blkln_tuk_rule;

  if p_serve_all = 1 then
    set v_start = '';
  else
    set v_start = (
      select min(differing.queue_key)
      from (
        select queue.queue_key
        from {{ schema }}.int_allocation__queue as queue
        left join {{ schema }}.allocation_served as served on queue.queue_key = served.queue_key
        where served.members is null or served.members <> queue.members
        union all
        select served.queue_key
        from {{ schema }}.allocation_served as served
        left join {{ schema }}.int_allocation__queue as queue on served.queue_key = queue.queue_key
        where queue.queue_key is null
      ) as differing
    );
  end if;

  if v_start is not null then
    insert into {{ schema }}.allocation_before select * from {{ schema }}.allocation_lot where queue_key >= v_start;
    delete from {{ schema }}.allocation_lot where queue_key >= v_start;
    delete from {{ schema }}.allocation_served where queue_key >= v_start;
    insert into {{ schema }}.allocation_served
      select queue_key, queue_id, members from {{ schema }}.int_allocation__queue where queue_key >= v_start;
    insert into {{ schema }}.allocation_seat
      select day.tuk_code, day.open_on, day.capacity - coalesce(used.seats, 0), day.lsp_code
      from {{ schema }}.int_tuk__seat_day as day
      left join (
        select tuk_code, open_on, sum(rank_to - rank_from + 1) as seats
        from {{ schema }}.allocation_lot
        group by tuk_code, open_on
      ) as used on day.tuk_code = used.tuk_code and day.open_on = used.open_on
      where day.lsp_rank = 0 and day.capacity > coalesce(used.seats, 0);

    open queues;
    each_queue: loop
      set v_no_more = 0;
      fetch queues into v_queue_id, v_queue_key, v_rule, v_tie_key, v_from, v_until, v_members;
      if v_no_more = 1 then
        leave each_queue;
      end if;
      set v_lot = 0;
      set v_rank = 0;
      each_lot: while v_rank < v_members do
        set v_tuk = null;
        if v_tie_key = 0 then
          select
            rule.tuk_code,
            rule.priority,
            (
              select seat.open_on from {{ schema }}.allocation_seat as seat
              where seat.tuk_code = rule.tuk_code and seat.open_on >= v_from
              order by seat.open_on limit 1
            ) as open_on
          into v_tuk, v_priority, v_day
          from {{ schema }}.allocation_rule as rule
          where rule.blkln_code = v_rule
          having open_on <= v_until
          order by open_on, rule.priority limit 1;
        else
          select
            rule.tuk_code,
            rule.priority,
            (
              select seat.open_on from {{ schema }}.allocation_seat as seat
              where seat.tuk_code = rule.tuk_code and seat.open_on >= v_from
                and exists (
                  select 1 from {{ schema }}.int_tuk__seat_day as day
                  where day.tuk_code = seat.tuk_code and day.open_on = seat.open_on and {{ untied(schema) }}
                )
              order by seat.open_on limit 1
            ) as open_on
          into v_tuk, v_priority, v_day
          from {{ schema }}.allocation_rule as rule
          where rule.blkln_code = v_rule
          having open_on <= v_until
          order by open_on, rule.priority limit 1;
        end if;
        if v_tuk is null then
          leave each_lot;
        end if;

        select free_seats, lsp_code into v_free, v_lsp
        from {{ schema }}.allocation_seat where tuk_code = v_tuk and open_on = v_day;
        if v_tie_key > 0 then
          set v_lsp = (
            select day.lsp_code from {{ schema }}.int_tuk__seat_day as day
            where day.tuk_code = v_tuk and day.open_on = v_day and {{ untied(schema) }}
            order by day.lsp_rank limit 1
          );
        end if;
        set v_lot = v_lot + 1;
        set v_take = least(v_free, v_members - v_rank);
        insert into {{ schema }}.allocation_lot (queue_id, lot_no, rank_from, rank_to, queue_key, tuk_code, lsp_code, open_on, priority)
          values (v_queue_id, v_lot, v_rank + 1, v_rank + v_take, v_queue_key, v_tuk, v_lsp, v_day, v_priority);
        if v_take = v_free then
          delete from {{ schema }}.allocation_seat where tuk_code = v_tuk and open_on = v_day;
        else
          update {{ schema }}.allocation_seat set free_seats = v_free - v_take where tuk_code = v_tuk and open_on = v_day;
        end if;
        set v_rank = v_rank + v_take;
      end while;
    end loop;
    close queues;

    insert into {{ schema }}.allocation_changed
      select before_lot.queue_id
      from {{ schema }}.allocation_before as before_lot
      left join {{ schema }}.allocation_lot as lot on {{ same_lot('before_lot', 'lot') }}
      where lot.queue_id is null
      union
      select lot.queue_id
      from {{ schema }}.allocation_lot as lot
      left join {{ schema }}.allocation_before as before_lot on {{ same_lot('before_lot', 'lot') }}
      where lot.queue_key >= v_start and before_lot.queue_id is null;
  end if;
  commit;
end
{% endmacro %}

{# The row `day` (TUK, day, LSP) has no tie with the queue at hand. #}
{% macro untied(schema, tie_key='v_tie_key') -%}
  not exists (
    select 1 from {{ schema }}.int_allocation__tie as tie
    where tie.tie_key = {{ tie_key }}
      and ((tie.body_kind = 'TUK' and tie.body_code = day.tuk_code) or (tie.body_kind = 'LSP' and tie.body_code = day.lsp_code))
      and day.open_on >= tie.valid_from and day.open_on <= tie.valid_until
  )
{%- endmacro %}

{% macro same_lot(one, other) -%}
  {{ one }}.queue_id = {{ other }}.queue_id and {{ one }}.lot_no = {{ other }}.lot_no
  and {{ one }}.rank_from = {{ other }}.rank_from and {{ one }}.rank_to = {{ other }}.rank_to and {{ one }}.tuk_code = {{ other }}.tuk_code and {{ one }}.lsp_code = {{ other }}.lsp_code
  and {{ one }}.open_on = {{ other }}.open_on and {{ one }}.priority = {{ other }}.priority
{%- endmacro %}
