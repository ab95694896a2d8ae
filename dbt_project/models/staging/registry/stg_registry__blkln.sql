-- Register of BNSP (§10.1): what BNSP itself knows of a training centre; it wins over BNP2TKI's table.
-- Grain: one row per BLKLN.
select
    blkln_code,
    blkln_name,
    city,
    capacity,
    valid_until,
    closed_on

from {{ source('registry', 'blkln') }}
