-- DV-C09 (§12.1): BNP2TKI changed who a TKI is after the LSP had decided: what it shows now against what it showed at the decision. A
-- correction that is taken back is none. Grain: one row per decided journey.
select
    'DV-C09' as rule_id,
    'tki' as subject_kind,
    judged.tki_id as subject_code,
    concat('peserta ', judged.journey_id) as finding_key,
    judged.tki_id,
    judged.journey_id,
    null as session_id,
    json_object('kolom', judged.changed, 'kiriman', judged.batch_id, 'diputuskan_pada', cast(judged.decided_at as char)) as evidence,
    judged.finished_at as observed_at,
    judged.finished_at as touched_at

from (
    select
        journey.tki_id,
        journey.journey_id,
        decision.decided_at,
        delivery.batch_id,
        delivery.finished_at,
        case
            when tki.tki_id is null then 'baris dihapus'
            else
                concat_ws(
                    ', ',
                    case when upper(trim(tki.full_name)) <> upper(trim(known.full_name)) then 'nama' end,
                    case when not upper(trim(tki.birth_place)) <=> upper(trim(known.birth_place)) then 'tempat lahir' end,
                    case when not tki.born_on <=> known.born_on then 'tanggal lahir' end,
                    case when not upper(trim(tki.sex)) <=> upper(trim(known.sex)) then 'jenis kelamin' end,
                    case when not trim(tki.nik) <=> trim(known.nik) then 'nomor KTP' end
                )
        end as changed

    from {{ ref('stg_bnp2tki__batches') }} as delivery

    inner join {{ ref('stg_bnp2tki__changes') }} as change_of on delivery.batch_id = change_of.batch_id

    inner join {{ ref('stg_operation__journeys') }} as journey on change_of.tki_id = journey.tki_id

    inner join {{ ref('stg_operation__decisions') }} as decision on journey.journey_id = decision.journey_id

    inner join {{ ref('stg_bnp2tki__tki_history') }} as known
        on change_of.tki_id = known.tki_id and known.replaced_at > decision.decided_at

    left join {{ ref('stg_bnp2tki__tki_history') }} as sooner
        on known.tki_id = sooner.tki_id and sooner.replaced_at > decision.decided_at and sooner.replaced_at < known.replaced_at

    left join {{ ref('stg_bnp2tki__tki_history') }} as newest
        on change_of.tki_id = newest.tki_id and newest.replaced_by_batch_id > change_of.batch_id

    left join {{ ref('stg_bnp2tki__tki') }} as tki on change_of.tki_id = tki.tki_id

    where
        delivery.finished_at is not null
        and sooner.tki_id is null
        and ((tki.tki_id is null and newest.tki_id is null) or tki.batch_id = change_of.batch_id)
) as judged

where judged.changed <> ''
