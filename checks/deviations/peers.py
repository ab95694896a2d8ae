"""What peers in the same place and time make expected of a body: indirect standardisation, the body itself left out (§4.2; DV-T01, DV-T03).

A body's candidates are taken cell by cell (such as TUK, scheme and month). In each cell the share of the peers is drawn to their share in
a broader cell, and that to the share of all others, so that a few peers say little. What all peers have in common, such as an easy month
or a strong TUK, is thereby no difference of the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

WEIGHT = 20
"""As many results the broader share weighs against the peers' own."""
SHARED = 0.5
"""Share of a body's candidates that must have a peer in their cell or the broader one; else there is nobody to compare with."""


def standardise(rows: pd.DataFrame, body: str, cell: Sequence[str], broad: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row a body (the index) with what it had and what its peers make expected.

    Args:
        rows: one a result, with `passed` (0 or 1) and the columns that are named.
        body: column of the body.
        cell: columns that make peers comparable.
        broad: fewer of them, for cells with few peers; none: the share of all others.

    Returns:
        `n`, `observed`, `expected`, `peers` (results of peers in the body's cells, each cell once) and `comparable` (it has peers).
    """
    cells = of_cells(rows, body, cell, broad)
    cells = cells.assign(expected=cells["n"] * cells["share"], matched=cells["n"] * cells["has_peers"])
    summed = cells.groupby(body, observed=True)[["n", "k", "expected", "peers", "matched"]].sum()
    summed = summed.rename(columns={"k": "observed"})
    return summed.assign(comparable=summed["matched"] >= SHARED * summed["n"]).drop(columns="matched")


def of_cells(rows: pd.DataFrame, body: str, cell: Sequence[str], broad: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row a body and cell: `n`, `k` (passed), `share` that the peers make expected, `peers`, `has_peers`; as `standardise`."""
    keys = [body, *cell]
    own = rows.groupby(keys, observed=True, sort=False)["passed"].agg(n="size", k="sum").reset_index()
    others = own[["n", "k"]].sum() - own.groupby(body, observed=True)[["n", "k"]].transform("sum")
    share = others["k"] / others["n"].clip(lower=1)
    peers, has_peers = own["n"] * 0, pd.Series(data=False, index=own.index)
    for columns in filter(None, (broad, cell)):
        whole = own.groupby(list(columns), observed=True)[["n", "k"]].transform("sum")
        mine = own.groupby([body, *columns], observed=True)[["n", "k"]].transform("sum")
        peers = whole["n"] - mine["n"]
        share = (whole["k"] - mine["k"] + WEIGHT * share) / (peers + WEIGHT)
        has_peers |= peers > 0
    return own.assign(share=share, peers=peers, has_peers=has_peers)
