"""The gates between the stages, with the tolerances of the settings."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from checks.gate import Limits

if TYPE_CHECKING:
    from checks.gate import GateResult
    from posko.db.engine import Server
    from posko.settings import Settings

GATES = {"received": "received", "allocation": "allocation", "results": "results", "return": "returned"}
"""Gate, in the order of the stages that they stand between -> its module in `checks`; no module may be called `return`."""


def run_gate(settings: Settings, server: Server, name: str) -> GateResult:
    """Run one gate; Great Expectations takes seconds to import, and only here is it needed."""
    limits = Limits(
        quarantine_share=settings.gate_quarantine_share,
        quarantine_from_rows=settings.gate_quarantine_from_rows,
        batch_age_hours=settings.gate_batch_age_hours,
        unplaced_share=settings.gate_unplaced_share,
    )
    result: GateResult = importlib.import_module(f"checks.{GATES[name]}").run_gate(
        server, limits, docs_dir=settings.var / "docs"
    )
    return result
