-- Receive stage (§12.1-12.2): the TKI as BNP2TKI describes them now, under POSKO's names (Gambar 5).
-- Grain: one row per TKI whose row was typed. Rows that could not be typed are in stg_bnp2tki__quarantine.
select
    id_tki as tki_id,
    nama as full_name,
    tempat_lahir as birth_place,
    tanggal_lahir_date as born_on,
    jenis_kelamin as sex,
    status_perkawinan as marital_status,
    no_ktp as nik,
    alamat as address,
    kota_asal as home_city,
    agama as religion,
    no_telepon as phone,
    email,
    pendidikan as education,
    sektor as sector,
    negara_tujuan as destination,
    kode_lsp as lsp_code,
    no_sertifikasi_kompetensi as certificate_no,
    tanggal_sertifikasi_kompetensi_date as certified_on,
    kode_blkln as blkln_code,
    no_sertifikasi_blkln as blkln_certificate_no,
    nama_pptkis as pptkis_name,
    tanggal_sertifikasi_blkln_date as blkln_certified_on,
    tanggal_masuk_blkln_date as training_started_on,
    tanggal_keluar_blkln_date as training_ended_on,
    updated_at,
    batch_id,
    first_batch_id

from {{ source('bnp2tki', 'tki_tlrt') }}
