-- DV-E03 (§3.1): training shorter than the norm of her destination on the day she left the BLKLN. Only registered TKI have a result to
-- hold.
-- Grain: one row per journey.
{{ found_on_journey('DV-E03', 'blkln', subject_text('facts.blkln_code')) }}
