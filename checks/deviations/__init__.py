"""Rules that one statement of SQL cannot judge: statistics over assessors, TUKs, LSPs and BLKLNs, and proofs of the log (§4.2, §5.3).

Each module has `find(db, on)`, which returns an iterable of `Finding` and changes nothing: `db` is a connection of `posko_export`, which
only reads; `on` is the day judged. Where the rules' scope is not `all` it gets a third argument, from when on (UTC) rows and events
are to be judged, None for all. A module belongs to the rules whose row of the catalogue names it in `judged_by`, several may share
one, and nothing else registers it (docs/deviations.md).
"""
