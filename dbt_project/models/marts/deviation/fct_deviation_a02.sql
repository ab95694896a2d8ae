-- DV-A02 (§12.5): tested for another LSP or at another TUK than the rule of her BLKLN proposed, and nobody said why. With a reason the act
-- notes it; this finds rows past the acts.
-- Grain: one row per place given.
select
    'DV-A02' as rule_id,
    'tuk' as subject_kind,
    session.tuk_code as subject_code,
    concat({{ journey_name('journey') }}, '/', allocation.attempt_no) as finding_key,
    journey.tki_id,
    journey.journey_id,
    session.session_id,
    json_object(
        'lsp', session.lsp_code,
        'tuk', session.tuk_code,
        'lsp_usulan', allocation.proposed_lsp_code,
        'tuk_usulan', allocation.proposed_tuk_code,
        'tanggal_uji', cast(session.exam_on as char)
    ) as evidence,
    allocation.allocated_at as observed_at,
    journey.touched_at

{{ from_places_given() }}

where
    coalesce(trim(allocation.reason), '') = ''
    and (session.lsp_code <> allocation.proposed_lsp_code or session.tuk_code <> allocation.proposed_tuk_code)
