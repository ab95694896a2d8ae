-- DV-E01 (§3.1): no BLKLN certificate, or no day on which she left. The filter holds such TKI back; this finds those who were registered
-- all the same.
-- Grain: one row per journey.
{{ held_but_registered('DV-E01') }}
