-- Every table has the primary key that its own test wants: asked for all at once, because a run by delta leaves the single tests out.
-- depends_on: {{ ref('fct_allocation_balance') }}
-- depends_on: {{ ref('fct_blkln_finding') }}
-- depends_on: {{ ref('fct_handoff_ledger') }}
-- depends_on: {{ ref('fct_tki_finding') }}
-- depends_on: {{ ref('fct_tki_unplaced') }}
-- depends_on: {{ ref('fct_tuk_proposal') }}
{{ primary_keys_that_differ() }}
