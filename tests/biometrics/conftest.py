"""Fixtures of fingers: a small world on a real server whose people have hands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.biometrics.fake_zkfp.build import compile_library
from tests.biometrics.stub_client.site import Site
from tests.support.exam import exam_day
from tests.support.fingers import Hands
from tests.support.offline import Tuk
from tests.support.station import enrol, stations_of
from tests.support.world import World


@pytest.fixture
def world(clean_posko, settings) -> Iterator[World]:
    """Registers, staff and stations; no TKI yet, nobody has fingers."""
    made = World(clean_posko, settings)
    made.fill()
    yield made
    made.close()


@pytest.fixture
def hands(world) -> Hands:
    """Readers, matcher and vault of the world."""
    return Hands(world)


@pytest.fixture
def site(world, hands) -> Iterator[Site]:
    """The page of a reader, served."""
    with Site(world, hands).served() as made:
        yield made


@pytest.fixture
def tuk(world, tmp_path) -> Iterator[Tuk]:
    """A TUK with an open exam day of three, the fingers of all and of its administrator, and a station."""
    day = exam_day(world, "100", "101", "102")
    day.open()
    enrol(world, "TKI", "100", "101", "102")
    enrol(world, "STAFF", "TU1")
    with stations_of(world, tmp_path) as stations:
        made = Tuk(world, stations)
        made.day = day
        yield made


@pytest.fixture(scope="module")
def zkfp(tmp_path_factory) -> Path:
    """A folder with the compiled stand-in for ZKTeco's library."""
    folder = tmp_path_factory.mktemp("zkfp")
    compile_library(folder)
    return folder
