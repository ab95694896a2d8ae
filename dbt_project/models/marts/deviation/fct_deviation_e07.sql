-- DV-E07 (§3.1): one number of a BLKLN certificate on several TKI; only registered TKI have a result to hold. All who share it stand under
-- the lowest ID TKI of them.
-- Grain: one row per journey.
{{ found_on_journey('DV-E07', 'tki', lowest_sharing('blkln_certificate_key')) }}
