-- DV-C01 (§13.11): a certificate whose number has a wrong shape, was never given by its counter, follows a gap, or is out of order with
-- time; and a series whose last numbers are gone. No number stands twice: it is a unique key. Two neighbours that agree judge the one
-- between them, so that of two numbers that were swapped each names its own certificate; a day is let pass, because acts at midnight meet.
-- Grain: one row per certificate, and one per series.
select
    'DV-C01' as rule_id,
    'certificate' as subject_kind,
    judged.certificate_no as subject_code,
    '-' as finding_key,
    judged.tki_id,
    judged.journey_id,
    null as session_id,
    json_object(
        'sebab', judged.problems,
        'tanggal_sertifikat', cast(judged.certified_on as char),
        'diputuskan_pada', cast(judged.decided_at as char)
    ) as evidence,
    judged.decided_at as observed_at,
    judged.touched_at

from (
    select
        certificate.certificate_no,
        certificate.tki_id,
        certificate.certified_on,
        journey.journey_id,
        journey.touched_at,
        decision.decided_at,
        concat_ws(
            '; ',
            case when not certificate.certificate_no regexp '^[A-Z]{3}[.][0-9]{4}[.][0-9]{4}[.][0-9]{7}$' then 'bentuk nomor salah' end,
            case
                when counter.next_serial is null or {{ serial_of('certificate.certificate_no') }} not between 1 and counter.next_serial - 1
                    then 'nomor tidak pernah diberikan penghitung'
            end,
            case
                when {{ serial_of('certificate.certificate_no') }} > 1 and earlier.certificate_id is null
                    then 'nomor sebelumnya tidak ada'
            end,
            case
                when
                    earlier.certified_on <= later.certified_on + interval 1 day
                    and (
                        certificate.certified_on < earlier.certified_on - interval 1 day
                        or certificate.certified_on > later.certified_on + interval 1 day
                    )
                    then 'nomor tidak urut dengan waktu'
            end,
            case
                when certificate.certified_on <> {{ local_day('decision.decided_at') }} then 'tanggal sertifikat bukan hari putusan'
            end,
            case
                when substring(certificate.certificate_no, 10, 4) <> date_format(certificate.certified_on, '%Y')
                    then 'tahun pada nomor bukan tahun sertifikat'
            end
        ) as problems

    from {{ ref('stg_operation__journeys') }} as journey

    inner join {{ ref('stg_operation__certificates') }} as certificate on journey.journey_id = certificate.journey_id

    inner join {{ ref('stg_operation__decisions') }} as decision on certificate.decision_id = decision.decision_id

    left join {{ ref('stg_operation__certificates') }} as earlier
        on earlier.certificate_no = {{ number_beside('certificate.certificate_no', -1) }}

    left join {{ ref('stg_operation__certificates') }} as later
        on later.certificate_no = {{ number_beside('certificate.certificate_no', 1) }}

    left join {{ ref('stg_operation__certificate_counters') }} as counter
        on counter.prefix = left(certificate.certificate_no, 3)
        and counter.number_code = substring(certificate.certificate_no, 5, 4)
        and counter.year = cast(substring(certificate.certificate_no, 10, 4) as unsigned)
) as judged

where judged.problems <> ''

union all

select
    'DV-C01' as rule_id,
    'system' as subject_kind,
    concat(counter.prefix, '.', counter.number_code, '.', counter.year) as subject_code,
    '-' as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('sebab', 'nomor terakhir yang diberikan penghitung tidak ada', 'nomor_berikut', counter.next_serial) as evidence,
    utc_timestamp(6) as observed_at,
    utc_timestamp(6) as touched_at

from {{ ref('stg_operation__certificate_counters') }} as counter

left join {{ ref('stg_operation__certificates') }} as newest
    on newest.certificate_no
    = concat_ws('.', counter.prefix, counter.number_code, counter.year, lpad(counter.next_serial - 1, 7, '0'))

where counter.next_serial > 1 and newest.certificate_id is null
