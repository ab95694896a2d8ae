{{ config(delta_part='allocate', delta_scope='int_allocation__decided', delta_by='tki_id', keys=['key queue (queue_id)']) }}
-- Allocate stage (§12.5): eligible TKI for whom no seat was found, and why; never dropped.
-- Grain: one row per TKI without a seat. The other eligible TKI are in fct_tuk_proposal.
with

decided as (

    select * from {{ ref('int_allocation__decided') }}

),

outcome as (

    select * from {{ ref('int_allocation__outcome') }}

)

select
    decided.tki_id,
    outcome.reason_code,
    case outcome.reason_code
        when 'NO_RULE' then concat('Belum ada aturan TUK untuk BLKLN ', outcome.blkln_code, '.')
        when 'NO_LICENSED_TUK'
            then concat(
                'Tidak ada TUK dalam aturan BLKLN ', outcome.blkln_code, ' yang berizin dan buka antara ',
                outcome.test_from_on, ' dan ', outcome.test_until_on, '.'
            )
        when 'ALL_TIED'
            then concat(
                'Semua TUK atau LSP dalam aturan BLKLN ', outcome.blkln_code,
                ' terkait kepemilikan dengan PPTKIS atau BLKLN TKI ini.'
            )
        else concat(
            'Semua TUK dalam aturan BLKLN ', outcome.blkln_code, ' penuh antara ',
            outcome.test_from_on, ' dan ', outcome.test_until_on, '.'
        )
    end as reason,
    outcome.blkln_code,
    outcome.test_from_on,
    outcome.test_until_on,
    outcome.first_batch_id,
    decided.queue_id

from decided

inner join outcome on decided.queue_id = outcome.queue_id

where decided.lot_no is null
