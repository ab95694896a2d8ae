-- Rule of the Konsorsium (§12.5): the TUK of a BLKLN in order of preference; BLKLN `*` stands for all without rows of their own.
-- Grain: one row per BLKLN and priority.
select
    blkln_code,
    priority,
    tuk_code

from {{ source('registry', 'blkln_tuk_rule') }}
