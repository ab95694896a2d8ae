-- On every hop: sent = received + in transit, received = loaded + rejected; nothing is in transit inside BNSP (R-182).
select
    hop_no,
    batch_id

from {{ ref('fct_handoff_ledger') }}

where
    sent <> received + in_transit
    or received <> loaded + rejected
    or (hop_no > 1 and in_transit <> 0)
