-- DV-I01 (§3.3): no NIK, or an impossible one; gathered by the company that registered her.
-- Grain: one row per TKI.
{{ found_on_record('DV-I01', 'pptkis', subject_text('facts.pptkis_name')) }}
