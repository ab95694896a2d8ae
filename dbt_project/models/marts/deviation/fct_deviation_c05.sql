-- DV-C05 (§13.14): a certificate whose row is no longer what the LSP handed over to BNSP when it was made: its hash differs. What a service
-- noticed when somebody looked stands in the register already. Grain: one row per certificate.
select
    'DV-C05' as rule_id,
    'certificate' as subject_kind,
    certificate.certificate_no as subject_code,
    '-' as finding_key,
    journey.tki_id,
    journey.journey_id,
    null as session_id,
    json_object(
        'sebab', 'isi putusan atau sertifikat berbeda dari yang diserahkan LSP',
        'sidik_serah', lower(hex(line.row_hash)),
        'kiriman', line.batch_id
    ) as evidence,
    decision.decided_at as observed_at,
    journey.touched_at

from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__certificates') }} as certificate on journey.journey_id = certificate.journey_id

inner join {{ ref('stg_operation__decisions') }} as decision on certificate.decision_id = decision.decision_id

inner join {{ ref('stg_operation__handoff_lines') }} as line on journey.journey_id = line.journey_id and line.hop = 'LSP_TO_BNSP'

where
    line.row_hash <> unhex(
        sha2(
            concat_ws(
                char(31),
                {{ handed_field('journey.tki_id') }},
                {{ handed_field('journey.scheme_code') }},
                {{ handed_field('journey.journey_no') }},
                {{ handed_field('decision.session_id') }},
                {{ handed_field('decision.lsp_code') }},
                {{ handed_field('decision.sk_no') }},
                {{ handed_field('decision.result') }},
                {{ handed_field('decision.asesor_result') }},
                {{ handed_field(moment_text('decision.decided_at')) }},
                {{ handed_field('certificate.certificate_no') }},
                {{ handed_field('lower(hex(certificate.secure_code_digest))') }},
                {{ handed_field("date_format(certificate.certified_on, '%Y-%m-%d')") }},
                {{ handed_field("date_format(certificate.valid_until, '%Y-%m-%d')") }}
            ),
            256
        )
    )
    and not exists (
        select 1
        from {{ ref('stg_operation__handoff_lines') }} as other
        where other.journey_id = line.journey_id and other.hop = line.hop and other.batch_id < line.batch_id
    )
    and not exists (
        select 1
        from {{ ref('stg_operation__deviations') }} as noted
        where noted.journey_id = journey.journey_id and noted.rule_id = 'DV-C05' and noted.finding_id is null
    )
