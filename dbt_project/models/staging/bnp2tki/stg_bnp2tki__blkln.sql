-- Receive stage (§10.1): training centres as BNP2TKI sent them and has not withdrawn.
-- Grain: one row per BLKLN.
select
    kode_blkln as blkln_code,
    nama as blkln_name,
    kota as city,
    kapasitas_int as capacity,
    berlaku_sampai_date as valid_until,
    batch_id

from {{ source('bnp2tki', 'blkln') }}

where deleted_at is null
