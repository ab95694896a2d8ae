"""The line to the source or to POSKO's server breaks at any byte: a sentence now, and the next run ends as if undisturbed."""

from __future__ import annotations

import pytest

from posko.domain.errors import ConnectionFailed
from tests.support.proxy import Proxy

pytestmark = pytest.mark.server

POINTS = {("source", "initial"): 13, ("source", "verify"): 12, ("target", "initial"): 13, ("target", "verify"): 12}
CASES = [(side, name, number) for (side, name), points in POINTS.items() for number in range(points)]


@pytest.fixture(scope="module")
def proxies(learned):
    """A proxy before each server, and the bytes that an undisturbed run sends through it."""
    scenario = learned["initial"]
    with Proxy(scenario.source.server) as source, Proxy(scenario.target) as target:
        yield {"source": source, "target": target}


@pytest.fixture(scope="module")
def traffic(learned, proxies):
    """Bytes of an undisturbed run through the proxy, for each case."""
    measured = {}
    for side, name in POINTS:
        proxy = proxies[side]
        learned[name].prepare()
        proxy.start_over(cut_after=None)
        run_through(learned[name], side, proxy)
        measured[side, name] = proxy.passed
    return measured


def run_through(scenario, side, proxy):
    """Receive with one side behind the proxy."""
    server = proxy.server
    if side == "target":
        return scenario.run(target=server)
    return scenario.run(source=server.__class__(**{**vars(server), "database": scenario.source.server.database}))


@pytest.mark.parametrize(("side", "name", "number"), CASES)
def test_a_run_whose_connection_broke_is_finished_by_the_next(learned, proxies, traffic, side, name, number):
    scenario, proxy = learned[name], proxies[side]
    point = int(traffic[side, name] * (number + 0.5) / POINTS[side, name])
    scenario.prepare()
    proxy.start_over(cut_after=point)

    with pytest.raises(ConnectionFailed) as stopped:
        run_through(scenario, side, proxy)

    assert proxy.is_cut()
    assert stopped.value.exit_code == 3
    scenario.run_again_and_compare()
