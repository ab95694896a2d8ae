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

)

select
    waiting.tki_id,
    lot.tuk_code,
    lot.lsp_code,
    'TLRT' as scheme_code,
    lot.open_on as proposed_on,
    lot.priority as alternative_no,
    waiting.test_from_on,
    datediff(lot.open_on, waiting.test_from_on) as waited_days,
    concat(
        'TUK ', lot.tuk_code, ' adalah pilihan ke-', lot.priority, ' untuk BLKLN ', waiting.blkln_code,
        case
            when lot.open_on = waiting.test_from_on then '; hari pertama yang mungkin'
            else concat('; hari pertama dengan tempat, ', datediff(lot.open_on, waiting.test_from_on), ' hari sesudah ', waiting.test_from_on)
        end,
        case when lot.priority > 1 then '; pilihan sebelumnya tidak punya tempat pada hari itu' else '' end,
        '.'
    ) as reason,
    waiting.blkln_code,
    waiting.first_batch_id,
    waiting.queue_id

from waiting

inner join {{ ref('int_allocation__lot') }} as lot
    on
        waiting.queue_id = lot.queue_id
        and lot.rank_from = (
            select first_place.rank_from
            from {{ ref('int_allocation__lot') }} as first_place
            where first_place.queue_id = waiting.queue_id and first_place.rank_from <= waiting.place
            order by first_place.rank_from desc
            limit 1
        )

where waiting.place <= waiting.seats
