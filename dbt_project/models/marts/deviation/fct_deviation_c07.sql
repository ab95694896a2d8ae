-- DV-C07 (§14.4): a result that BNP2TKI has not shown after n days and that nobody read back, and one that it changed after it had been
-- acknowledged. What differs or stays away when it is read back is noted by that act; another number is a fake (DV-C08).
-- Grain: one row per TKI and return.
select
    'DV-C07' as rule_id,
    'return' as subject_kind,
    cast(line.return_batch_id as char) as subject_code,
    line.tki_id as finding_key,
    line.tki_id,
    line.journey_id,
    null as session_id,
    json_object(
        'sebab', case when batch.dispatched_at is null then 'belum diteruskan ke BNP2TKI' else 'belum dibaca balik dari BNP2TKI' end,
        'dibuat_pada', cast(batch.made_at as char)
    ) as evidence,
    batch.made_at as observed_at,
    utc_timestamp(6) as touched_at

from {{ ref('stg_operation__return_batches') }} as batch

inner join {{ ref('stg_operation__returns') }} as line on batch.return_batch_id = line.return_batch_id

where
    batch.acknowledged_at is null
    and line.acknowledged_at is null
    and line.is_last = 1
    and coalesce(line.difference, '') = ''
    and batch.made_at < utc_timestamp(6) - interval {{ act_parameter_on('acknowledge_days', local_day('batch.made_at')) }} day

union all

select
    'DV-C07' as rule_id,
    'return' as subject_kind,
    cast(judged.return_batch_id as char) as subject_code,
    judged.tki_id as finding_key,
    judged.tki_id,
    judged.journey_id,
    null as session_id,
    json_object('sebab', judged.problems, 'kiriman_bnp2tki', judged.batch_id) as evidence,
    judged.finished_at as observed_at,
    judged.finished_at as touched_at

from (
    select
        line.tki_id,
        line.journey_id,
        line.return_batch_id,
        delivery.batch_id,
        delivery.finished_at,
        concat_ws(
            '; ',
            case
                when line.certificate_status <> 'REVOKED' and coalesce(tki.certificate_no, '') = ''
                    then 'nomor sertifikat dihapus setelah diakui'
            end,
            case
                when line.certificate_status <> 'REVOKED' and not tki.certified_on <=> line.certified_on
                    then 'tanggal sertifikat diubah setelah diakui'
            end,
            case when not tki.lsp_code <=> line.lsp_code and line.certificate_status <> 'REVOKED' then 'kode LSP diubah setelah diakui' end,
            case
                when line.certificate_status = 'REVOKED' and tki.certificate_no = line.certificate_no
                    then 'nomor yang sudah dicabut ditampilkan lagi'
            end
        ) as problems

    from {{ ref('stg_bnp2tki__batches') }} as delivery

    inner join {{ ref('stg_bnp2tki__changes') }} as change_of on delivery.batch_id = change_of.batch_id

    inner join {{ ref('stg_bnp2tki__tki') }} as tki on change_of.tki_id = tki.tki_id and change_of.batch_id = tki.batch_id

    inner join {{ ref('stg_operation__returns') }} as line on tki.tki_id = line.tki_id and line.is_last = 1

    where
        delivery.finished_at is not null
        and line.acknowledged_at is not null
        and coalesce(tki.certificate_no, '') in ('', line.certificate_no)
) as judged

where judged.problems <> ''
