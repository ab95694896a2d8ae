"""kill -9 of POSKO's server during a receive: a sentence now, and after its restart the next run ends as if undisturbed."""

from __future__ import annotations

import pytest

from posko.db.server import private_server
from posko.domain.errors import ConnectionFailed
from tests.support.doomed import at

pytestmark = [
    pytest.mark.server,
    # PyMySQL 1.2 leaves the unix socket to the garbage collector when nobody answers on it.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

POINTS = [
    ("initial", "ingest.receive.BatchLog.begin", "after", 1),
    ("initial", "ingest.landing.Loader._fill", "after", 2),
    ("initial", "ingest.landing.Loader.load", "after", 4),
    ("initial", "ingest.carry.quarantine_landed", "after", 1),
    ("initial", "ingest.carry.swap_first_load", "before", 1),
    ("initial", "ingest.carry.swap_first_load", "after", 1),
    ("initial", "ingest.fingerprints._write", "after", 1),
    ("verify", "ingest.carry.fetch_source_keys", "after", 1),
    ("verify", "ingest.landing.Loader.load", "after", 1),
    ("verify", "ingest.merge._upsert", "after", 1),
    ("verify", "ingest.merge._settle_quarantine", "after", 1),
    ("verify", "ingest.carry.merge", "after", 1),
]


@pytest.mark.parametrize(("name", "function", "when", "nth"), POINTS, ids=str)
def test_a_run_whose_server_was_killed_is_finished_by_the_next(
    learned, settings, monkeypatch, name, function, when, nth
):
    scenario, server = learned[name], private_server(settings, "posko")
    scenario.prepare()

    with monkeypatch.context() as patched:
        at(function, when, nth, server.kill, patched.setattr)
        with pytest.raises(ConnectionFailed) as stopped:
            scenario.run()
    server.ensure_running()

    assert stopped.value.exit_code == 3
    scenario.run_again_and_compare()
