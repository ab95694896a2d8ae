-- DV-C03 (§13.12): copies without a reason or beyond the limit, copies on a blank that is not theirs, blanks used for no copy, and LSP that
-- print again too often. Grain: one row per copy; per LSP and blank; per LSP and month.
select
    'DV-C03' as rule_id,
    'certificate' as subject_kind,
    judged.certificate_no as subject_code,
    concat('cetakan ', judged.copy_no) as finding_key,
    judged.tki_id,
    judged.journey_id,
    null as session_id,
    json_object('sebab', judged.problems, 'blangko', judged.blank_no, 'dicetak_oleh', judged.printed_by) as evidence,
    judged.printed_at as observed_at,
    judged.touched_at

from (
    select
        certificate.certificate_no,
        certificate.tki_id,
        certificate.journey_id,
        copy.copy_no,
        copy.blank_no,
        copy.printed_by,
        copy.printed_at,
        copy.touched_at,
        concat_ws(
            '; ',
            case when copy.copy_no > 1 and coalesce(trim(copy.reason), '') = '' then 'cetak ulang tanpa alasan' end,
            case
                when copy.copy_no > {{ parameter_on('certificate_copies_most', local_day('copy.printed_at')) }}
                    then 'cetakan melebihi batas'
            end,
            case when blank.lsp_code <> certificate.lsp_code then 'blangko milik LSP lain' end,
            case when blank.state <> 'USED' then 'blangko tidak tercatat terpakai' end
        ) as problems

    from {{ ref('stg_operation__prints') }} as copy

    inner join {{ ref('stg_operation__certificates') }} as certificate on copy.certificate_id = certificate.certificate_id

    inner join {{ ref('stg_operation__blanks') }} as blank on copy.blank_no = blank.blank_no
) as judged

where judged.problems <> ''

union all

select
    'DV-C03' as rule_id,
    'lsp' as subject_kind,
    blank.lsp_code as subject_code,
    concat('blangko ', blank.blank_no) as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('sebab', 'blangko terpakai tanpa cetakan yang tercatat', 'blangko', blank.blank_no) as evidence,
    blank.issued_at as observed_at,
    blank.issued_at as touched_at

from {{ ref('stg_operation__blanks') }} as blank

left join {{ ref('stg_operation__prints') }} as copy on blank.blank_no = copy.blank_no

where blank.state = 'USED' and copy.blank_no is null

union all

select
    'DV-C03' as rule_id,
    'lsp' as subject_kind,
    counted.lsp_code as subject_code,
    concat('bulan ', counted.month_on) as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('sebab', 'cetak ulang terlalu sering', 'cetakan', counted.copies, 'cetak_ulang', counted.again) as evidence,
    counted.last_at as observed_at,
    counted.touched_at

from (
    select
        certificate.lsp_code,
        date_format({{ local_day('copy.printed_at') }}, '%Y-%m') as month_on,
        count(*) as copies,
        sum(copy.copy_no > 1) as again,
        min({{ local_day('copy.printed_at') }}) as first_on,
        max(copy.printed_at) as last_at,
        max(copy.touched_at) as touched_at

    from {{ ref('stg_operation__prints') }} as copy

    inner join {{ ref('stg_operation__certificates') }} as certificate on copy.certificate_id = certificate.certificate_id

    group by
        certificate.lsp_code,
        date_format({{ local_day('copy.printed_at') }}, '%Y-%m')
) as counted

where
    counted.again >= {{ parameter_on('reprint_least', 'counted.first_on') }}
    and counted.again > {{ parameter_on('reprint_share_most', 'counted.first_on') }} * counted.copies
