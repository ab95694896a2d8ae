-- DV-I02 (§3.3): a NIK whose birth date or sex is not hers; gathered by the company that registered her.
-- Grain: one row per TKI.
{{ found_on_record('DV-I02', 'pptkis', subject_text('facts.pptkis_name')) }}
