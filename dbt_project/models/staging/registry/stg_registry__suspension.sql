-- Register of BNSP (§3.2): days on which a body may not act.
-- Grain: one row per suspension.
select
    suspension_id,
    party_kind,
    party_code,
    suspended_from,
    coalesce(suspended_until, date '9999-12-31') as suspended_until,
    reason

from {{ source('registry', 'suspension') }}
