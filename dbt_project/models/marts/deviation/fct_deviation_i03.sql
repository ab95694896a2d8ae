-- DV-I03 (§3.3): one NIK on several TKI; only registered TKI have a result to hold. All who share it stand under the lowest ID TKI of
-- them.
-- Grain: one row per journey.
{{ found_on_journey('DV-I03', 'tki', lowest_sharing('nik_key')) }}
