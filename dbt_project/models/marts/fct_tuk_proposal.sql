{{ config(delta_part='allocate', delta_scope='int_allocation__scope', delta_by='tki_id', keys=['key tuk_day (tuk_code, proposed_on, lsp_code)', 'key batch (first_batch_id)']) }}
-- Allocate stage (§12.5): where and when an eligible TKI could be tested; the Konsorsium decides.
-- Grain: one row per TKI with a seat. The other eligible TKI are in fct_tki_unplaced.
-- depends_on: {{ ref('int_allocation__scope') }}
{% set delta = is_delta('allocate') %}
with

placed as (

    select
        queue_id,
        max(rank_to) as seats

    from {{ ref('int_allocation__lot') }}

    group by queue_id

),

waiting as (

    select
        waiting.*,
        placed.seats,
        row_number() over (partition by waiting.queue_id order by waiting.tki_id) as place

    from {{ ref('int_tki__queue') }} as waiting
    {% if delta %}
        inner join {{ ref('int_allocation__scope') }} as scope on waiting.tki_id = scope.tki_id
    {% endif %}

    inner join placed on waiting.queue_id = placed.queue_id

),

-- A lot is marked at its first place; every place takes the last mark at or before it.
marked as (

    select
        queue_id,
        place,
        tki_id,
        test_from_on,
        blkln_code,
        first_batch_id,
        null as rank_from

    from waiting

    where place <= seats

    union all

    select
        lot.queue_id,
        lot.rank_from,
        null,
        null,
        null,
        null,
        lot.rank_from

    from {{ ref('int_allocation__lot') }} as lot

),

located as (

    select
        marked.*,
        max(rank_from) over (
            partition by queue_id
            order by place, tki_id is not null
            rows unbounded preceding
        ) as lot_from

    from marked

)

select
    located.tki_id,
    lot.tuk_code,
    lot.lsp_code,
    'TLRT' as scheme_code,
    lot.open_on as proposed_on,
    lot.priority as alternative_no,
    located.test_from_on,
    datediff(lot.open_on, located.test_from_on) as waited_days,
    concat(
        'TUK ', lot.tuk_code, ' adalah pilihan ke-', lot.priority, ' untuk BLKLN ', located.blkln_code,
        case
            when lot.open_on = located.test_from_on then '; hari pertama yang mungkin'
            else concat('; hari pertama dengan tempat, ', datediff(lot.open_on, located.test_from_on), ' hari sesudah ', located.test_from_on)
        end,
        case when lot.priority > 1 then '; pilihan sebelumnya tidak punya tempat pada hari itu' else '' end,
        '.'
    ) as reason,
    located.blkln_code,
    located.first_batch_id,
    located.queue_id

from located

inner join {{ ref('int_allocation__lot') }} as lot on located.queue_id = lot.queue_id and located.lot_from = lot.rank_from

where located.tki_id is not null
