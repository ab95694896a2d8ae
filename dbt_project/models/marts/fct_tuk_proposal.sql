{{
    config(
        delta_part='allocate',
        delta_scope='int_allocation__scope',
        delta_by='tki_id',
        keys=['key tuk_day (tuk_code, proposed_on, lsp_code)', 'key batch (first_batch_id)']
    )
}}
-- Allocate stage (§12.5): where and when an eligible TKI could be tested; the Konsorsium decides.
-- Grain: one row per TKI with a seat. The other eligible TKI are in fct_tki_unplaced.
-- depends_on: {{ ref('int_allocation__scope') }}
{% set delta = is_delta('allocate') %}
with

seated as (

    select
        queue_id,
        max(rank_to) as seats

    from {{ ref('int_allocation__lot') }}

    group by queue_id

),

waiting as (

    select
        member.tki_id,
        member.queue_id,
        seated.seats,
        row_number() over (partition by member.queue_id order by member.tki_id) as place

    from {{ ref('int_tki__queue') }} as member
    {% if delta %}
        inner join {{ ref('int_allocation__scope') }} as scope on member.tki_id = scope.tki_id
    {% endif %}

    inner join seated on member.queue_id = seated.queue_id

),

-- A lot is marked at its first place; counting the marks up to a place gives the number of its lot.
marked as (

    select
        queue_id,
        place,
        tki_id,
        null as lot_no

    from waiting

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
        count(lot_no) over (
            partition by queue_id
            order by place, tki_id is not null
            rows unbounded preceding
        ) as lot_no

    from marked

)

select
    located.tki_id,
    lot.tuk_code,
    lot.lsp_code,
    'TLRT' as scheme_code,
    lot.open_on as proposed_on,
    lot.priority as alternative_no,
    queue.test_from_on,
    datediff(lot.open_on, queue.test_from_on) as waited_days,
    concat(
        'TUK ', lot.tuk_code, ' adalah pilihan ke-', lot.priority, ' untuk BLKLN ', queue.blkln_code,
        case
            when lot.open_on = queue.test_from_on then '; hari pertama yang mungkin'
            else concat(
                '; hari pertama dengan tempat, ', datediff(lot.open_on, queue.test_from_on), ' hari sesudah ', queue.test_from_on
            )
        end,
        case when lot.priority > 1 then '; pilihan sebelumnya tidak punya tempat pada hari itu' else '' end,
        '.'
    ) as reason,
    queue.blkln_code,
    queue.first_batch_id,
    located.queue_id

from located

inner join {{ ref('int_allocation__lot') }} as lot on located.queue_id = lot.queue_id and located.lot_no = lot.lot_no

inner join {{ ref('int_allocation__queue') }} as queue on located.queue_id = queue.queue_id

where located.tki_id is not null
