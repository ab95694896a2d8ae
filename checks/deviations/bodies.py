"""DV-T03 (§4.2): a TUK, LSP, BLKLN or PPTKIS whose pass rate lies outside that of its peers, or jumped after a change of ownership.

A TUK is compared with those of the same LSP, an LSP with the other LSP, a BLKLN and a PPTKIS with others at the same TUK and LSP, always in
the same scheme and month; each kind is a family of its own for the false discovery rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.deviations.ownership import jumps
from checks.deviations.peers import standardise
from checks.deviations.shares import outside
from posko.domain.finding import ONLY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-T03"
PEERS = {
    "tuk": (["lsp", "scheme", "month"], ["scheme", "month"]),
    "lsp": (["scheme", "month"], []),
    "blkln": (["tuk", "lsp", "scheme", "month"], ["tuk", "scheme"]),
    "pptkis": (["tuk", "lsp", "scheme", "month"], ["tuk", "scheme"]),
}
"""Kind of body -> what makes its peers: the cell, and the broader one for cells with few."""


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield the bodies outside the funnel of their peers, and those whose rate jumped after a change of ownership."""
    for kind, (cell, broad) in PEERS.items():
        tests = frames.tests[frames.tests[kind] != ""]
        table = standardise(tests, kind, cell, broad)
        last = tests.groupby(kind, observed=True)["at"].max()
        for code, told in outside(table, limits, RULE):
            yield Finding(RULE, kind, code[:120], ONLY, {**told, **frames.span}, last[code].to_pydatetime())
    for kind, code, tie, told, at in jumps(frames, limits, RULE, PEERS):
        yield Finding(RULE, kind, code[:120], f"pemilik-{tie}", told, at)
