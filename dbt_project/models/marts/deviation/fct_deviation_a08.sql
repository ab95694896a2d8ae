-- DV-A08 (§3.4, "jeruk makan jeruk"): tested for an LSP or at a TUK that is tied to her PPTKIS or BLKLN. The acts refuse it; this finds
-- rows past them, and ties that became known since.
-- Grain: one row per place given and tie.
select
    'DV-A08' as rule_id,
    lower(tie.body_kind) as subject_kind,
    tie.body_code as subject_code,
    concat({{ journey_name('journey') }}, '/', allocation.attempt_no, ':', tie.tie_id) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object(
        'pihak', tie.party_kind,
        'nama_pihak', tie.party_code,
        'lsp', session.lsp_code,
        'tuk', session.tuk_code,
        'asesor', session.appointed,
        'tanggal_uji', cast(session.exam_on as char)
    ) as evidence,
    cast(session.exam_on as datetime(6)) - interval 7 hour as observed_at,
    journey.touched_at

{{ from_places_given() }}

inner join {{ ref('stg_operation__candidates') }} as candidate on journey.journey_id = candidate.journey_id

inner join {{ ref('stg_registry__ownership_tie') }} as tie
    on (
        (tie.party_kind = 'PPTKIS' and tie.party_code in (candidate.pptkis_name, upper(trim(candidate.pptkis_name))))
        or (tie.party_kind = 'BLKLN' and tie.party_code in (candidate.blkln_code, upper(trim(candidate.blkln_code))))
    )

where
    session.exam_on between tie.valid_from and tie.valid_until
    and (
        (tie.body_kind = 'LSP' and tie.body_code = session.lsp_code)
        or (tie.body_kind = 'TUK' and tie.body_code = session.tuk_code)
    )
