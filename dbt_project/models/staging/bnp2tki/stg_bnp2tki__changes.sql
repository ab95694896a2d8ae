-- Receive stage (§12.1-12.2): what each delivery after the first load changed.
-- Grain: one row per batch and TKI. A first load writes no rows here: everything in it is new.
select
    batch_id,
    id_tki as tki_id,
    change_kind

from {{ source('bnp2tki', 'tki_tlrt_change') }}
