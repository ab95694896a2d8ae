-- DV-E04 (§3.1): hours a day that nobody is trained.
-- Grain: one row per TKI.
{{ found_on_record('DV-E04', 'blkln', subject_text('facts.blkln_code')) }}
