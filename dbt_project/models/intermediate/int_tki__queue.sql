{{ config(materialized='view') }}
-- Allocate stage (§12.5): the queue in which an eligible TKI waits.
-- Grain: one row per eligible TKI.
select
    tki.tki_id,
    queue.queue_id,
    queue.queue_key,
    queue.first_batch_id,
    queue.test_from_on,
    queue.test_until_on,
    queue.blkln_code

from {{ ref('fct_tki_eligible') }} as tki

left join {{ ref('int_allocation__tie') }} as pair
    on tki.blkln_code = pair.blkln_code and upper(trim(tki.pptkis_name)) = pair.pptkis_name and pair.tie_no = 1

left join {{ ref('int_allocation__tie') }} as own
    on tki.blkln_code = own.blkln_code and own.pptkis_name = '' and own.tie_no = 1

inner join {{ ref('int_allocation__queue') }} as queue
    on
        tki.first_batch_id = queue.first_batch_id
        and tki.test_from_on = queue.test_from_on
        and tki.blkln_code = queue.blkln_code
        and coalesce(pair.tie_key, own.tie_key, 0) = queue.tie_key
