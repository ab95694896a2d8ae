-- DV-C02 (§13.11): a certificate that no decision K of its own journey carries, or a second one in force for a TKI and scheme. The keys of
-- the tables prevent both at entry; this finds what was written past the application. Grain: one row per certificate.
select
    'DV-C02' as rule_id,
    'certificate' as subject_kind,
    judged.certificate_no as subject_code,
    '-' as finding_key,
    judged.tki_id,
    judged.journey_id,
    null as session_id,
    json_object('sebab', judged.problems, 'keadaan', judged.status, 'putusan', judged.result) as evidence,
    judged.decided_at as observed_at,
    judged.touched_at

from (
    select
        certificate.certificate_no,
        certificate.status,
        journey.journey_id,
        journey.tki_id,
        journey.touched_at,
        decision.result,
        decision.decided_at,
        concat_ws(
            '; ',
            case when decision.result <> 'K' then 'putusan LSP bukan K' end,
            case when decision.journey_id <> certificate.journey_id then 'putusannya milik peserta lain' end,
            case when journey.tki_id <> certificate.tki_id then 'ID TKI pada sertifikat bukan ID TKI peserta' end,
            case when journey.scheme_code <> certificate.scheme_code then 'skema pada sertifikat bukan skema ujinya' end,
            case
                when
                    certificate.status in ('VALID', 'SUSPENDED') and exists (
                        select 1
                        from {{ ref('stg_operation__journeys') }} as other
                        inner join {{ ref('stg_operation__certificates') }} as second
                            on other.journey_id = second.journey_id and second.status in ('VALID', 'SUSPENDED')
                        where
                            other.tki_id = journey.tki_id
                            and other.scheme_code = journey.scheme_code
                            and other.journey_id <> journey.journey_id
                    )
                    then 'TKI memegang dua sertifikat yang berlaku'
            end
        ) as problems

    from {{ ref('stg_operation__journeys') }} as journey

    inner join {{ ref('stg_operation__certificates') }} as certificate on journey.journey_id = certificate.journey_id

    inner join {{ ref('stg_operation__decisions') }} as decision on certificate.decision_id = decision.decision_id
) as judged

where judged.problems <> ''
