{{
    config(
        delta_part='judge',
        delta_scope='int_tki__changed',
        delta_by='tki_id',
        keys=[
            'key blkln_certificate_key (blkln_certificate_key)',
            'key nik_key (nik_key)',
            'key person_key (person_key)',
            'key blkln_entered (blkln_no, training_started_on, training_ended_on)',
            'key blkln_left (blkln_no, training_ended_on, training_started_on)',
            'key first_batch (first_batch_id, is_held_back)'
        ]
    )
}}
-- Filter stage (§3.1, §10.1): what each rule sees of a TKI, and what it finds wrong with her alone.
-- Grain: one row per TKI. A fault column is empty when the rule has nothing against her.
-- depends_on: {{ ref('int_tki__changed') }}
with

tki as (

    select
        tki.*,
        trim(tki.blkln_certificate_no) as blkln_number,
        coalesce(tki.blkln_certificate_no regexp '^[-0. ]*$', true) as is_blkln_number_missing,
        trim(tki.blkln_certificate_no) regexp '^AP2[0-9]{28}$' as is_blkln_number_whole,
        upper(trim(tki.sector)) = 'INFORMAL' as is_informal,
        case
            when tki.training_started_on <= tki.training_ended_on
                then datediff(tki.training_ended_on, tki.training_started_on) + 1
        end as training_days

    from {{ ref('stg_bnp2tki__tki') }} as tki
    {% if is_delta('judge') %}
        inner join {{ ref('int_tki__changed') }} as changed on tki.tki_id = changed.tki_id
    {% endif %}

),

dated as (

    select
        tki.*,
        first_terms.received_on,
        terms.received_on as version_received_on,
        greatest(coalesce(tki.training_ended_on, first_terms.received_on), first_terms.received_on)
        + interval first_terms.lead_days day as test_from_on,
        case when tki.is_informal then first_terms.minimum_age_informal else first_terms.minimum_age end as minimum_age,
        destination.destination_iso2,
        norm.max_hours_per_day,
        greatest(norm.minimum_days, ceiling(norm.minimum_hours / norm.max_hours_per_day)) as required_days,
        case
            when tki.is_blkln_number_whole then cast(substr(tki.blkln_number, 21, 3) as unsigned) else norm.minimum_hours
        end as training_hours,
        case when not coalesce(upper(trim(tki.sector)) = 'FORMAL', false) then norm.closure_source end as closure_source,
        register.blkln_no,
        register.valid_until as blkln_valid_until,
        register.closed_on as blkln_closed_on,
        register.is_ever_suspended,
        conv(substr(trim(tki.nik), 7, 2), 10, 10) + 0 as nik_day,
        conv(substr(trim(tki.nik), 9, 2), 10, 10) + 0 as nik_month,
        conv(substr(trim(tki.nik), 11, 2), 10, 10) + 0 as nik_year

    from tki

    left join {{ ref('int_batch__terms') }} as first_terms on tki.first_batch_id = first_terms.batch_id

    left join {{ ref('int_batch__terms') }} as terms on tki.batch_id = terms.batch_id

    left join {{ ref('destination') }} as destination on upper(trim(tki.destination)) = destination.destination

    left join {{ ref('int_training__norm') }} as norm
        on
            coalesce(destination.destination_iso2, '*') = norm.destination_iso2
            and tki.training_ended_on >= norm.valid_from
            and tki.training_ended_on <= norm.valid_until

    left join {{ ref('int_blkln__register') }} as register on tki.blkln_code = register.blkln_code

),

judged as (

    select
        dated.*,
        timestampdiff(year, dated.born_on, dated.test_from_on) as age_at_test,
        nullif(concat_ws(
            ',',
            case when dated.is_blkln_number_missing then 'TANPA_NOMOR' end,
            case when dated.training_ended_on is null then 'TANPA_TANGGAL_KELUAR' end,
            case when dated.training_ended_on > dated.version_received_on then 'KELUAR_SESUDAH_DITERIMA' end
        ), '') as proof_fault,
        nullif(concat_ws(
            ',',
            case when dated.training_started_on > dated.training_ended_on then 'MASUK_SESUDAH_KELUAR' end,
            case when dated.training_started_on > dated.blkln_certified_on then 'MASUK_SESUDAH_SERTIFIKASI' end,
            case when dated.training_ended_on > dated.blkln_certified_on then 'KELUAR_SESUDAH_SERTIFIKASI' end,
            case
                when
                    greatest(
                        coalesce(dated.training_started_on, date '1000-01-01'),
                        coalesce(dated.training_ended_on, date '1000-01-01'),
                        coalesce(dated.blkln_certified_on, date '1000-01-01')
                    ) > dated.version_received_on
                    then 'SESUDAH_DITERIMA'
            end
        ), '') as date_order_fault,
        case
            when dated.blkln_no is null then 'TIDAK_DIKENAL'
            when dated.training_ended_on > dated.blkln_valid_until then 'IZIN_BERAKHIR'
            when dated.training_ended_on > dated.blkln_closed_on then 'DITUTUP'
            when
                dated.is_ever_suspended
                and exists(
                    select 1
                    from {{ ref('stg_registry__suspension') }} as suspension
                    where
                        suspension.party_kind = 'BLKLN'
                        and suspension.party_code = dated.blkln_code
                        and dated.training_ended_on >= suspension.suspended_from
                        and dated.training_ended_on <= suspension.suspended_until
                )
                then 'DISKORS'
        end as licence_fault,
        case
            when dated.is_blkln_number_missing then null
            when not dated.is_blkln_number_whole then 'BENTUK'
            when not (substr(dated.blkln_number, 4, 8) <=> date_format(dated.blkln_certified_on, '%Y%m%d'))
                then 'TANGGAL_SERTIFIKASI'
            when not (substr(dated.blkln_number, 24, 8) <=> date_format(dated.training_started_on, '%Y%m%d'))
                then 'TANGGAL_MASUK'
        end as certificate_fault,
        case
            when coalesce(dated.nik, '') regexp '^[-0. ]*$' then 'KOSONG'
            when not trim(dated.nik) regexp '^[0-9]{16}$' then 'BUKAN_16_ANGKA'
            when not {{ is_nik('dated.nik') }} then 'PROVINSI'
            when
                dated.nik_month not between 1 and 12
                or dated.nik_day in (0, 40)
                or dated.nik_day - (dated.nik_day > 40) * 40
                > elt(dated.nik_month, 31, 28 + (dated.nik_year % 4 = 0), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
                then 'TANGGAL'
        end as nik_fault

    from dated

)

select
    tki_id,
    full_name,
    born_on,
    sector,
    destination,
    destination_iso2,
    pptkis_name,
    blkln_code,
    blkln_no,
    blkln_certified_on,
    training_started_on,
    training_ended_on,
    training_days,
    required_days,
    training_hours,
    max_hours_per_day,
    batch_id,
    first_batch_id,
    received_on,
    version_received_on,
    test_from_on,
    age_at_test,
    minimum_age,
    proof_fault,
    date_order_fault,
    licence_fault,
    coalesce(age_at_test < minimum_age, true) as is_too_young,
    proof_fault is not null
    or date_order_fault is not null
    or licence_fault is not null
    or coalesce(age_at_test < minimum_age, true) as is_held_back,
    coalesce(training_days < required_days, false) as is_too_short,
    coalesce(training_hours > max_hours_per_day * training_days, false) as is_too_dense,
    certificate_fault,
    closure_source,
    nik_fault,
    case
        when nik_fault is null
            then nullif(concat_ws(
                ',',
                case
                    when
                        nik_day - (nik_day > 40) * 40 <> day(born_on)
                        or nik_month <> month(born_on)
                        or nik_year <> year(born_on) % 100
                        then 'TANGGAL_LAHIR'
                end,
                case
                    when upper(trim(sex)) in ('P', 'PEREMPUAN', 'W', 'WANITA') and nik_day <= 40 then 'JENIS_KELAMIN'
                    when upper(trim(sex)) in ('L', 'LAKI-LAKI', 'PRIA') and nik_day > 40 then 'JENIS_KELAMIN'
                end
            ), '')
    end as nik_mismatch,
    {{ certificate_key('blkln_certificate_no') }} as blkln_certificate_key,
    case when nik_fault is null then {{ hash_key('trim(nik)') }} end as nik_key,
    {{ person_key('full_name', 'birth_place', 'born_on') }} as person_key

from judged
