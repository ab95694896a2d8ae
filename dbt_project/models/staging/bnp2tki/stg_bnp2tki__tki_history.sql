-- Receive stage (§12.1-12.2): earlier versions of a TKI, only what ties her to other TKI.
-- Grain: one row per TKI and batch that replaced her row.
select
    id_tki as tki_id,
    nama as full_name,
    tempat_lahir as birth_place,
    tanggal_lahir_date as born_on,
    no_ktp as nik,
    no_sertifikasi_blkln as blkln_certificate_no,
    change_kind,
    replaced_by_batch_id

from {{ source('bnp2tki', 'tki_tlrt_history') }}
