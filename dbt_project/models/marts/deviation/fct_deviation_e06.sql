-- DV-E06 (§10.1): a number of a BLKLN certificate with a wrong shape, or with dates other than those of the record.
-- Grain: one row per TKI.
{{ found_on_record('DV-E06', 'blkln', subject_text('facts.blkln_code')) }}
