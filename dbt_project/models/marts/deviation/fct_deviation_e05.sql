-- DV-E05 (§10.1): a BLKLN that is unknown, or had no licence on the day she left. The filter holds such TKI back; this finds those who
-- were registered all the same.
-- Grain: one row per journey.
{{ held_but_registered('DV-E05') }}
