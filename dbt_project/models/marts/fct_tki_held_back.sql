{{ config(delta_part='judge', delta_scope='int_tki__changed', delta_by='tki_id', keys=['key first_batch (first_batch_id, rule_id)']) }}
-- Filter stage (§3.1, §10.1, §12.2): TKI that may not be registered, and why.
-- Grain: one row per TKI and rule of severity B. Those without a row are in fct_tki_eligible.
-- depends_on: {{ ref('int_tki__changed') }}
{% set delta = is_delta('judge') %}
with

tki as (

    select facts.*

    from {{ ref('int_tki__facts') }} as facts
    {% if delta %}
        inner join {{ ref('int_tki__changed') }} as changed on facts.tki_id = changed.tki_id
    {% endif %}

    where facts.is_held_back = 1

),

broken as (

    select
        tki.*,
        'DV-E01' as rule_id,
        concat(concat_ws(
            '; ',
            case when find_in_set('TANPA_NOMOR', proof_fault) then 'Nomor sertifikat BLKLN kosong' end,
            case when find_in_set('TANPA_TANGGAL_KELUAR', proof_fault) then 'Tanggal keluar BLKLN kosong' end,
            case
                when find_in_set('KELUAR_SESUDAH_DITERIMA', proof_fault)
                    then concat('Tanggal keluar BLKLN ', training_ended_on, ' sesudah data diterima ', version_received_on)
            end
        ), '.') as reason

    from tki

    where proof_fault is not null

    union all

    select
        tki.*,
        'DV-E02',
        concat(concat_ws(
            '; ',
            case
                when find_in_set('MASUK_SESUDAH_KELUAR', date_order_fault)
                    then concat('Tanggal masuk ', training_started_on, ' sesudah tanggal keluar ', training_ended_on)
            end,
            case
                when find_in_set('MASUK_SESUDAH_SERTIFIKASI', date_order_fault)
                    then concat('Tanggal masuk ', training_started_on, ' sesudah sertifikasi BLKLN ', blkln_certified_on)
            end,
            case
                when find_in_set('KELUAR_SESUDAH_SERTIFIKASI', date_order_fault)
                    then concat('Tanggal keluar ', training_ended_on, ' sesudah sertifikasi BLKLN ', blkln_certified_on)
            end,
            case
                when find_in_set('SESUDAH_DITERIMA', date_order_fault)
                    then concat('Ada tanggal BLKLN sesudah data diterima ', version_received_on)
            end
        ), '.')

    from tki

    where date_order_fault is not null

    union all

    select
        tki.*,
        'DV-E05',
        case licence_fault
            when 'TIDAK_DIKENAL' then concat('Kode BLKLN ', coalesce(nullif(trim(blkln_code), ''), '(kosong)'), ' tidak ada dalam daftar.')
            when 'IZIN_BERAKHIR' then concat('Izin BLKLN ', blkln_code, ' sudah berakhir pada tanggal keluar ', training_ended_on, '.')
            when 'DITUTUP' then concat('BLKLN ', blkln_code, ' sudah ditutup pada tanggal keluar ', training_ended_on, '.')
            else concat('BLKLN ', blkln_code, ' sedang diskors pada tanggal keluar ', training_ended_on, '.')
        end

    from tki

    where licence_fault is not null

    union all

    select
        tki.*,
        'DV-E09',
        case
            when age_at_test is null then 'Tanggal lahir kosong, umur tidak dapat dibuktikan.'
            else concat('Umur ', age_at_test, ' tahun pada hari uji paling awal ', test_from_on, ', paling rendah ', minimum_age, ' tahun.')
        end

    from tki

    where is_too_young = 1

)

select
    tki_id,
    rule_id,
    reason,
    blkln_code,
    blkln_certified_on,
    training_started_on,
    training_ended_on,
    received_on,
    test_from_on,
    batch_id,
    first_batch_id

from broken
