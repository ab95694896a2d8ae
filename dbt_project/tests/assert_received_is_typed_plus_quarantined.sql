-- Of every finished delivery each row was typed or quarantined (§12.2).
select
    batch_id,
    received,
    typed,
    quarantined

from {{ ref('stg_bnp2tki__batches') }}

where finished_at is not null and received is not null and not (received <=> typed + quarantined)
