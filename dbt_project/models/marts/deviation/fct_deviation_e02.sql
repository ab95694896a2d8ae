-- DV-E02 (§3.1): dates of the training out of order. The filter holds such TKI back; this finds those who were registered all the same.
-- Grain: one row per journey.
{{ held_but_registered('DV-E02') }}
