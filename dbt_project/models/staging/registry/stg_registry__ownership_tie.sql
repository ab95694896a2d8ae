-- Register of BNSP (§3.4): a PPTKIS or BLKLN that owns, or is owned with, an LSP or TUK.
-- Grain: one row per tie.
select
    tie_id,
    party_kind,
    party_code,
    body_kind,
    body_code,
    valid_from,
    coalesce(valid_until, date '9999-12-31') as valid_until

from {{ source('registry', 'ownership_tie') }}
