{{ config(keys=['primary key (tki_id)']) }}
-- Allocate stage (§12.5): the seat of a TKI: the members of a queue, in order of their ID, meet its lots in order of their day.
-- Grain: one row per eligible TKI in a full run; by delta only those whose outcome changes, among them those who left all queues
-- (no queue_id). Without a lot_no she has no seat.
-- depends_on: {{ ref('int_allocation__moved') }}
-- depends_on: {{ ref('int_allocation__touched_queue') }}
{% set delta = is_delta('allocate') %}
with

{% if delta %}
-- The members of a queue with a seat are its first by ID, so only its next ones without a seat, as many as may move up, are looked at.
{% set spare = run_query("select coalesce(max(spare), 0) from " ~ ref('int_allocation__touched_queue')).rows[0][0] %}
seated as (

    select distinct
        touched.queue_id,
        touched.seats,
        touched.from_tki_id,
        touched.keep_theirs,
        (
            select waiting.tki_id
            from {{ as_last_run_left('fct_tki_unplaced') }} as waiting
            where waiting.queue_id = touched.queue_id
            order by waiting.tki_id
            limit 1 offset {{ spare }}
        ) as last_tki_id

    from {{ ref('int_allocation__touched_queue') }} as touched

),

member as (

    select
        proposal.tki_id,
        proposal.queue_id,
        proposal.tuk_code,
        proposal.lsp_code,
        proposal.proposed_on,
        proposal.alternative_no,
        0 as is_new,
        seated.seats,
        seated.keep_theirs

    from seated

    inner join {{ as_last_run_left('fct_tuk_proposal') }} as proposal
        on seated.queue_id = proposal.queue_id and seated.from_tki_id <= proposal.tki_id

    left join {{ ref('int_allocation__moved') }} as gone on proposal.queue_id = gone.queue_id and proposal.tki_id = gone.tki_id

    where gone.tki_id is null

    union all

    select
        waiting.tki_id,
        waiting.queue_id,
        null,
        null,
        null,
        null,
        0,
        seated.seats,
        seated.keep_theirs

    from seated

    inner join {{ as_last_run_left('fct_tki_unplaced') }} as waiting
        on seated.queue_id = waiting.queue_id and (seated.last_tki_id is null or seated.last_tki_id >= waiting.tki_id)

    left join {{ ref('int_allocation__moved') }} as gone on waiting.queue_id = gone.queue_id and waiting.tki_id = gone.tki_id

    where gone.tki_id is null

    union all

    select
        came.tki_id,
        came.queue_id,
        null,
        null,
        null,
        null,
        1,
        seated.seats,
        seated.keep_theirs

    from seated

    inner join {{ ref('int_allocation__moved') }} as came on seated.queue_id = came.queue_id and came.step = 1

),

counted as (

    select
        member.*,
        keep_theirs + row_number() over (partition by queue_id order by tki_id) as place

    from member

),

-- A lot is marked at its first place; counting the marks up to a place gives the number of its lot.
marked as (

    select
        counted.*,
        null as lot_no

    from counted

    union all

    select
        null,
        lot.queue_id,
        null,
        null,
        null,
        null,
        null,
        touched.seats,
        null,
        lot.rank_from,
        lot.lot_no

    from {{ ref('int_allocation__touched_queue') }} as touched

    inner join {{ ref('int_allocation__lot') }} as lot on touched.queue_id = lot.queue_id

),

numbered as (

    select
        marked.*,
        count(lot_no) over (
            partition by queue_id
            order by place, tki_id is not null
            rows unbounded preceding
        ) as its_lot

    from marked

),

located as (

    select
        tki_id,
        queue_id,
        tuk_code,
        lsp_code,
        proposed_on,
        alternative_no,
        is_new,
        case when place <= seats then its_lot end as lot_no

    from numbered

    where tki_id is not null

)

select
    located.tki_id,
    located.queue_id,
    located.lot_no

from located

left join {{ ref('int_allocation__lot') }} as lot on located.queue_id = lot.queue_id and located.lot_no = lot.lot_no

where
    located.is_new = 1
    or not (
        lot.tuk_code <=> located.tuk_code
        and lot.lsp_code <=> located.lsp_code
        and lot.open_on <=> located.proposed_on
        and lot.priority <=> located.alternative_no
    )

union all

-- came into a queue where that moves nobody
select
    moved.tki_id,
    moved.queue_id,
    null

from {{ ref('int_allocation__moved') }} as moved

left join {{ ref('int_allocation__touched_queue') }} as touched on moved.queue_id = touched.queue_id

where moved.step = 1 and touched.queue_id is null

union all

-- left all queues
select
    moved.tki_id,
    null,
    null

from (

    select tki_id

    from {{ ref('int_allocation__moved') }}

    group by tki_id

    having max(step) = -1

) as moved
{% else %}
seated as (

    select
        lot.queue_id,
        max(lot.rank_to) as seats

    from {{ ref('int_allocation__lot') }} as lot

    group by lot.queue_id

),

counted as (

    select
        member.tki_id,
        member.queue_id,
        seated.seats,
        row_number() over (partition by member.queue_id order by member.tki_id) as place

    from {{ ref('int_tki__queue') }} as member

    inner join seated on member.queue_id = seated.queue_id

),

-- A lot is marked at its first place; counting the marks up to a place gives the number of its lot.
marked as (

    select
        queue_id,
        place,
        tki_id,
        null as lot_no

    from counted

    where place <= seats

    union all

    select
        queue_id,
        rank_from,
        null,
        lot_no

    from {{ ref('int_allocation__lot') }}

),

located as (

    select
        tki_id,
        queue_id,
        place,
        count(lot_no) over (
            partition by queue_id
            order by place, tki_id is not null
            rows unbounded preceding
        ) as lot_no

    from marked

)

select
    tki_id,
    queue_id,
    lot_no

from located

where tki_id is not null

union all

select
    tki_id,
    queue_id,
    null

from counted

where place > coalesce(seats, 0)

union all

select
    member.tki_id,
    member.queue_id,
    null

from {{ ref('int_tki__queue') }} as member

left join seated on member.queue_id = seated.queue_id

where seated.queue_id is null
{% endif %}
