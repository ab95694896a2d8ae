-- Receive stage (§12.1-12.2): earlier versions of a TKI, only what concerns other TKI too.
-- Grain: one row per TKI and batch that replaced her row.
select
    id_tki as tki_id,
    nama as full_name,
    tempat_lahir as birth_place,
    tanggal_lahir_date as born_on,
    no_ktp as nik,
    kode_blkln as blkln_code,
    no_sertifikasi_blkln as blkln_certificate_no,
    tanggal_masuk_blkln_date as training_started_on,
    tanggal_keluar_blkln_date as training_ended_on,
    change_kind,
    replaced_by_batch_id,
    jenis_kelamin as sex,
    sektor as sector,
    negara_tujuan as destination,
    nama_pptkis as pptkis_name,
    replaced_at

from {{ source('bnp2tki', 'tki_tlrt_history') }}
