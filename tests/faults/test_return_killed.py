"""kill -9 of the process that returns results, and cuts of its line: each stands at BNP2TKI exactly once (§14.3-14.4; F32, R-184)."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from apps.returning import TableSite, deliver, give_back
from exports import return_table
from posko.domain.errors import ConnectionFailed
from posko.settings import PROJECT_ROOT
from tests.faults.test_killed_client import environment
from tests.support.decided import decided, publish
from tests.support.proxy import Proxy
from tests.support.returning import at_source, make_site
from tests.support.world import World

pytestmark = pytest.mark.server

TKI = [f"{number:03d}" for number in range(60)]
CHUNK = 10
POINTS = [
    ("posko.services.returns._lines", "after", 1),
    ("posko.services.returns._write", "after", 1),
    ("posko.services.return_outbox.put", "before", 1),
    ("posko.services.return_outbox.put", "after", 1),
    ("posko.services.returns.journeys.advance_many", "after", 1),
    ("posko.services.return_outbox.waiting", "after", 1),
    ("posko.services.return_delivery.rows_of", "after", 1),
    ("apps.returning.write_results", "before", 1),
    *(("exports.return_table._missing", "after", number) for number in (1, 2, 3, 8)),
    *(("exports.return_table._add", "before", number) for number in (1, 4)),
    *(("exports.return_table._add", "after", number) for number in (1, 3, 6)),
    ("apps.returning.write_results", "after", 1),
    ("posko.services.return_delivery.rows_of", "before", 1),
    ("posko.services.returns.pass_on", "before", 1),
    ("posko.services.returns.pass_on", "after", 1),
]
CUTS = 10
ALL = "select id_tki, versi, hasil, kode_lsp, no_sertifikasi_kompetensi, tanggal_sertifikasi_kompetensi from hasil_uji order by 1, 2"


@pytest.fixture(scope="module")
def published(settings, posko):
    """A world that is filled anew before each test."""
    made = World(posko, settings)
    yield made
    made.close()


@pytest.fixture
def ready(published, clean_posko, source, settings):
    """Sixty published results that nobody returned, and BNP2TKI's empty table."""
    assert clean_posko is published.server
    published.fill()
    for place, tki_id in enumerate(TKI):
        decided(published, tki_id, result="BK" if place % 5 == 0 else "K")
    publish(published)
    return published, make_site(source, settings)


def expected(world):
    return [
        (tki_id, 1, "KOMPETEN" if number else "BELUM", "LSP-1", number, "3/11/2026" if number else None)
        for tki_id, number in world.ask(
            "select journey.tki_id, paper.certificate_no from posko.journey as journey"
            " left join posko.certificate as paper on paper.journey_id = journey.journey_id order by 1"
        )
    ]


def assert_each_once(world, source):
    assert at_source(source, ALL) == expected(world)
    assert world.ask("select count(*), count(distinct tki_id, source_version) from posko.return_outbox") == [(60, 60)]
    assert world.ask(
        "select count(*), sum(dispatched_at is not null), sum(source_batch_id is not null) from posko.return_batch"
    ) == [(1, 1, 1)]
    assert world.value("select count(*) from posko.handoff_batch where hop = 'RELAY_TO_BNP2TKI'") == 1
    assert world.ask("select distinct status from posko.journey") == [("SENT_TO_BNP2TKI",)]


@pytest.mark.parametrize(("function", "when", "nth"), POINTS, ids=str)
def test_a_killed_return_is_finished_by_the_next(ready, source, function, when, nth):
    world, site = ready

    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.doomed_return", function, when, str(nth), str(CHUNK)],
        cwd=PROJECT_ROOT,
        env=environment(world.settings),
        capture_output=True,
        text=True,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    give_back(world.office, site)
    assert_each_once(world, source)


@pytest.mark.parametrize("number", range(CUTS))
def test_a_return_whose_line_broke_is_finished_by_the_next(ready, source, monkeypatch, number):
    world, site = ready
    monkeypatch.setattr(return_table, "CHUNK_ROWS", CHUNK)
    give_back(world.office, None)
    with Proxy(site.server) as proxy:
        through = TableSite(proxy.server.__class__(**{**vars(proxy.server), "database": site.server.database}), "MDY")
        proxy.start_over(cut_after=int(TRAFFIC * (number + 0.5) / CUTS))
        with pytest.raises(ConnectionFailed):
            deliver(world.office, through)
        assert proxy.is_cut()

    deliver(world.office, site)
    assert_each_once(world, source)


TRAFFIC = 24_000
"""Bytes of an undisturbed return, a little less, so that every cut falls into it; the last test sees to that."""


def test_the_cuts_fall_into_the_traffic(ready, source, monkeypatch):
    world, site = ready
    monkeypatch.setattr(return_table, "CHUNK_ROWS", CHUNK)
    give_back(world.office, None)
    with Proxy(site.server) as proxy:
        through = TableSite(proxy.server.__class__(**{**vars(proxy.server), "database": site.server.database}), "MDY")
        proxy.start_over(cut_after=None)
        deliver(world.office, through)
        assert TRAFFIC < proxy.passed < 1.3 * TRAFFIC
    assert_each_once(world, source)
