-- DV-E10 (§10.1): meant for a country that was closed to domestic workers; gathered by the company that places her.
-- Grain: one row per TKI.
{{ found_on_record('DV-E10', 'pptkis', subject_text('facts.pptkis_name')) }}
