{{
    config(
        delta_part='allocate',
        delta_scope='int_allocation__decided',
        delta_by='tki_id',
        keys=['key tuk_day (tuk_code, proposed_on, lsp_code)', 'key queue (queue_id)']
    )
}}
-- Allocate stage (§12.5): where and when an eligible TKI could be tested; the Konsorsium decides.
-- Grain: one row per TKI with a seat. The other eligible TKI are in fct_tki_unplaced.
with

decided as (

    select * from {{ ref('int_allocation__decided') }}

),

lot as (

    select * from {{ ref('int_allocation__lot') }}

),

queue as (

    select * from {{ ref('int_allocation__queue') }}

)

select
    decided.tki_id,
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
    decided.queue_id

from decided

inner join lot on decided.queue_id = lot.queue_id and decided.lot_no = lot.lot_no

inner join queue on decided.queue_id = queue.queue_id
