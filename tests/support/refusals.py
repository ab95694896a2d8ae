"""Requests of a station that the server refuses: the code, and what was written of it."""

from __future__ import annotations

import pytest

from biometrics.station.link import TurnedAway


def refused(world):
    """Return what the register holds of refusals: code of the event and rule of the deviation."""
    rules = [rule for (rule,) in world.ask("select rule_id from posko.deviation order by deviation_id")]
    codes = world.ask(
        "select json_value(payload, '$.code') from posko_audit.audit_event where outcome = 'refused' order by event_id"
    )
    return [code for (code,) in codes], rules


def turned_away(ask) -> str:
    with pytest.raises(TurnedAway) as found:
        ask()
    return found.value.code
