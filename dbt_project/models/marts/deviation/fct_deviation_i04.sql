-- DV-I04 (§3.3): several TKI whose name sounds alike, with one birth date and place. All who share it stand under the lowest ID TKI of
-- them.
-- Grain: one row per TKI.
{{ found_on_record('DV-I04', 'tki', lowest_sharing('person_key')) }}
