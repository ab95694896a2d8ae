"""A run that slept so long that another took its lease over writes nothing more, wherever it wakes up.

Within a transaction, and around a rename or a truncate, it cannot be replaced: it holds the lease row.
"""

from __future__ import annotations

import pytest

from posko.domain.errors import LeaseHeld
from tests.support.doomed import at
from tests.support.scenario import EMPTIED
from tests.support.staging import ask, change

pytestmark = pytest.mark.server

POINTS = [
    ("initial", "ingest.receive.BatchLog.discard_landing"),
    ("initial", "ingest.receive.BatchLog.begin"),
    ("initial", "ingest.landing.Loader.load"),
    ("initial", "ingest.carry.Carrier._judge"),
    ("initial", "ingest.carry.Carrier._take_over_first"),
    ("initial", "ingest.receive._Run._report"),
    ("initial", "ingest.receive.receive_registers"),
    ("initial", "ingest.receive.receive_fingerprints"),
    ("verify", "ingest.carry.Carrier._differing"),
    ("verify", "ingest.carry.merge"),
    ("verify", "ingest.fingerprints._date_missing"),
]
TAKE_OVER = (
    "set innodb_lock_wait_timeout = 1",
    "update lease set fence = fence + 1, holder = 'successor', expires_at = utc_timestamp(6) + interval 1 minute",
)


@pytest.mark.parametrize(("name", "function"), POINTS, ids=str)
def test_a_sleeper_writes_nothing_more(learned, monkeypatch, name, function):
    scenario = learned[name]
    scenario.prepare()
    found = []

    def everything():
        return {table: sorted(map(repr, ask(scenario.target, f"select * from {table}"))) for table in EMPTIED}

    def sleep():
        change(scenario.target, *TAKE_OVER)
        found.append(everything())

    with monkeypatch.context() as patched:
        at(function, "before", 1, sleep, patched.setattr)
        with pytest.raises(LeaseHeld, match="mengambil alih"):
            scenario.run()

    assert everything() == found[0]
    scenario.run_again_and_compare()
