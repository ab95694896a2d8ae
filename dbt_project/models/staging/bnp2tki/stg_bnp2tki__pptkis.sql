-- Receive stage (§12.5): placement companies as BNP2TKI sent them and has not withdrawn.
-- Grain: one row per PPTKIS.
select
    nama_pptkis as pptkis_name,
    no_siup as license_no,
    berlaku_sampai_date as valid_until,
    batch_id

from {{ source('bnp2tki', 'pptkis') }}

where deleted_at is null
