{#
  Seats for queues (§12.5). A queue is a group of TKI who cannot be told apart by any rule: same delivery, same first possible day, same
  BLKLN, same ties of ownership. Queues are served in the order of `queue_key`; each takes, seat by seat, the earliest open day over the
  TUK of its rule and on that day the TUK that the rule names first. What a queue gets depends only on the queues before it, so a later
  delivery never moves an earlier one.

  A run by delta passes over a queue that must get what it got: it is as long as it was, or it took every seat it could get and is
  still long enough for them; and the seats that decided its lots are as they were (no drift at a TUK of its rule between its first
  possible day and its last lot, or its last possible day when it took all). Its lots stand; the seats in them are taken off before the
  next queue is served.

  A procedure, because each queue must see the seats that the queues before it left. It is one statement that MariaDB and MySQL both read.
  Its tables: allocation_lot (seats given, one row per queue, TUK and day), allocation_served (queues and their sizes when they were
  served), allocation_changed (queues whose lots this run changed); and scratch: allocation_before (lots that the queues served in this
  run had before), allocation_drift (seats that the queues so far took more, or fewer, than in the run before), allocation_seat (free
  seats and the LSP whose turn it is), allocation_rule (the rule; a view would be read anew for each queue).
#}

{% macro allocator_tables() %}{{ return(['lot', 'before', 'served', 'seat', 'changed', 'drift', 'rule']) }}{% endmacro %}

{# Made anew by a run that serves all queues: it needs none of their rows, and their shape or the procedure may have changed. #}
{% macro create_allocator() %}
  {% set schema = target.schema %}
  {% for name in allocator_tables() %}
    {% do run_sql("drop table if exists " ~ schema ~ ".allocation_" ~ name) %}
  {% endfor %}
  {% set lot_columns = "queue_id bigint unsigned not null, lot_no int not null, rank_from int not null, rank_to int not null, "
    ~ "queue_key varchar(130) not null, "
    ~ "tuk_code varchar(20) not null, lsp_code varchar(20) not null, open_on date not null, priority int not null, "
    ~ "primary key (queue_id, lot_no)" %}
  {% set charset = ") character set utf8mb4 collate utf8mb4_bin" %}
  {% do run_sql(
    "create table " ~ schema ~ ".allocation_lot (" ~ lot_columns
    ~ ", key queue (queue_key), key seat (tuk_code, open_on)" ~ charset
  ) %}
  {% do run_sql("create table " ~ schema ~ ".allocation_before (" ~ lot_columns ~ charset) %}
  {% do run_sql(
    "create table " ~ schema ~ ".allocation_served (queue_key varchar(130) not null primary key, "
    ~ "queue_id bigint unsigned not null, members int not null" ~ charset
  ) %}
  {% do run_sql(
    "create table " ~ schema ~ ".allocation_seat (tuk_code varchar(20) not null, open_on date not null, "
    ~ "free_seats int not null, lsp_code varchar(20) not null, primary key (tuk_code, open_on)" ~ charset
  ) %}
  {% do run_sql(
    "create table " ~ schema ~ ".allocation_rule (blkln_code varchar(64) not null, priority int not null, "
    ~ "tuk_code varchar(20) not null, primary key (blkln_code, priority)" ~ charset
  ) %}
  {% do run_sql(
    "create table " ~ schema ~ ".allocation_changed (queue_id bigint unsigned not null primary key" ~ charset
  ) %}
  {% do run_sql(
    "create table " ~ schema ~ ".allocation_drift (tuk_code varchar(20) not null, open_on date not null, seats int not null, "
    ~ "primary key (tuk_code, open_on)" ~ charset
  ) %}
  {% do run_sql("drop procedure if exists " ~ schema ~ ".allocate_seats") %}
  {% do run_sql(allocator_sql(schema)) %}
{% endmacro %}

{# The place of a queue in the order of service: delivery, first possible day, then a shuffle of the BLKLN that differs by delivery. #}
{% macro queue_key(row) -%}
  concat_ws(
    ' ',
    lpad({{ row }}.first_batch_id, 10, '0'),
    {{ row }}.test_from_on,
    lpad(crc32(concat_ws('|', {{ row }}.first_batch_id, {{ row }}.blkln_code)), 10, '0'),
    {{ row }}.blkln_code,
    lpad({{ row }}.tie_key, 20, '0')
  )
{%- endmacro %}

{% macro allocator_sql(schema) %}
create procedure {{ schema }}.allocate_seats(in p_serve_all int)
modifies sql data
begin
  declare v_no_more, v_stays int default 0;
  declare v_counted_to varchar(130) character set utf8mb4 collate utf8mb4_bin default '';
  declare v_queue_id bigint unsigned;
  declare v_queue_key varchar(130) character set utf8mb4 collate utf8mb4_bin;
  declare v_rule varchar(64) character set utf8mb4 collate utf8mb4_bin;
  declare v_tie_key bigint unsigned;
  declare v_from, v_until, v_decided_until, v_day date;
  declare v_members, v_lot, v_rank, v_free, v_take, v_priority int;
  declare v_tuk, v_lsp varchar(20) character set utf8mb4 collate utf8mb4_bin;
  declare queues cursor for
    select
      queue.queue_id, queue.queue_key, queue.rule_code, queue.tie_key, queue.test_from_on, queue.test_until_on, queue.members,
      coalesce(
        p_serve_all = 0 and (
          queue.members = served.members
          or (coalesce(given.seats, 0) < served.members and coalesce(given.seats, 0) <= queue.members)
        ), 0
      ) as stays,
      case when given.seats = queue.members then given.last_on else queue.test_until_on end as decided_until
    from {{ schema }}.int_allocation__queue as queue
    left join {{ schema }}.allocation_served as served on queue.queue_key = served.queue_key
    left join (
      select queue_id, max(rank_to) as seats, max(open_on) as last_on
      from {{ schema }}.allocation_lot
      group by queue_id
    ) as given on queue.queue_id = given.queue_id
    union all
    select served.queue_id, served.queue_key, null, 0, null, null, 0, 0, null
    from {{ schema }}.allocation_served as served
    left join {{ schema }}.int_allocation__queue as queue on served.queue_key = queue.queue_key
    where queue.queue_key is null
    order by queue_key;
  declare continue handler for not found set v_no_more = 1;

  start transaction;
  delete from {{ schema }}.allocation_changed;
  delete from {{ schema }}.allocation_before;
  delete from {{ schema }}.allocation_drift;
  delete from {{ schema }}.allocation_seat;
  delete from {{ schema }}.allocation_rule;
  insert into {{ schema }}.allocation_rule select blkln_code, priority, tuk_code from {{ schema }}.stg_registry__blkln_tuk_rule;
  insert into {{ schema }}.allocation_seat
    select tuk_code, open_on, capacity, lsp_code from {{ schema }}.int_tuk__seat_day where lsp_rank = 0;

  open queues;
  each_queue: loop
    set v_no_more = 0;
    fetch queues into v_queue_id, v_queue_key, v_rule, v_tie_key, v_from, v_until, v_members, v_stays, v_decided_until;
    if v_no_more = 1 then
      leave each_queue;
    end if;
    if
      v_stays = 1
      and not exists (
        select 1
        from {{ schema }}.allocation_drift as drift
        inner join {{ schema }}.allocation_rule as rule on drift.tuk_code = rule.tuk_code
        where rule.blkln_code = v_rule and drift.open_on >= v_from and drift.open_on <= v_decided_until
      )
    then
      iterate each_queue;
    end if;
    if p_serve_all = 0 then
      update {{ schema }}.allocation_seat as seat
        inner join (
          select tuk_code, open_on, sum(rank_to - rank_from + 1) as seats
          from {{ schema }}.allocation_lot
          where queue_key > v_counted_to and queue_key < v_queue_key
          group by tuk_code, open_on
        ) as taken on seat.tuk_code = taken.tuk_code and seat.open_on = taken.open_on
        set seat.free_seats = seat.free_seats - taken.seats;
      if row_count() > 0 then
        delete from {{ schema }}.allocation_seat where free_seats <= 0;
      end if;
      insert into {{ schema }}.allocation_before select * from {{ schema }}.allocation_lot where queue_id = v_queue_id;
      delete from {{ schema }}.allocation_lot where queue_id = v_queue_id;
      set v_counted_to = v_queue_key;
    end if;
    set v_lot = 0;
    set v_rank = 0;
    each_lot: while v_rank < v_members and v_rule is not null do
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
    if p_serve_all = 0 then
      insert into {{ schema }}.allocation_drift (tuk_code, open_on, seats)
        select given.tuk_code, given.open_on, sum(given.step)
        from (
          select tuk_code, open_on, rank_to - rank_from + 1 as step from {{ schema }}.allocation_lot where queue_id = v_queue_id
          union all
          select tuk_code, open_on, rank_from - rank_to - 1 from {{ schema }}.allocation_before where queue_id = v_queue_id
        ) as given
        group by given.tuk_code, given.open_on
        having sum(given.step) <> 0
        on duplicate key update allocation_drift.seats = allocation_drift.seats + values(seats);
      if row_count() > 0 then
        delete from {{ schema }}.allocation_drift where seats = 0;
      end if;
      if
        exists (
          select 1
          from {{ schema }}.allocation_before as before_lot
          left join {{ schema }}.allocation_lot as lot on {{ same_lot('before_lot', 'lot') }}
          where before_lot.queue_id = v_queue_id and lot.queue_id is null
        )
        or exists (
          select 1
          from {{ schema }}.allocation_lot as lot
          left join {{ schema }}.allocation_before as before_lot on {{ same_lot('before_lot', 'lot') }}
          where lot.queue_id = v_queue_id and before_lot.queue_id is null
        )
      then
        insert into {{ schema }}.allocation_changed values (v_queue_id);
      end if;
    end if;
  end loop;
  close queues;

  delete from {{ schema }}.allocation_served;
  insert into {{ schema }}.allocation_served select queue_key, queue_id, members from {{ schema }}.int_allocation__queue;
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
