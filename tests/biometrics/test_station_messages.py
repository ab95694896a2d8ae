"""Messages of a station that are none: refused or an outcome, and the server lives."""

from __future__ import annotations

import dataclasses

import pytest

from biometrics.station import wire
from posko.services import captures
from tests.support.refusals import refused, turned_away
from tests.support.station import enrol, stations_of

pytestmark = pytest.mark.server


@pytest.fixture
def stations(world, tmp_path):
    with stations_of(world, tmp_path) as made:
        yield made


NO_MESSAGES = (
    {"sample": "***"}, {"sample": None}, {"width": -1}, {"width": True}, {"height": 10**9}, {"captured_at": "kemarin"},
    {"captured_at": "2026-03-02T01:00:00+07:00"}, {"encoding": "JPEG"}, {"reader_serial": ""}, {"request_id": 7},
    {"nonce": "a\u202eb"}, {"why": "BORED"},
)  # fmt: skip


def test_a_message_that_is_none_is_refused_and_the_server_lives(world, stations):
    line, asked = stations.line(), stations.ask()
    sample = stations.sample("TKI:100", asked["nonce"])

    for changed in NO_MESSAGES:
        assert turned_away(lambda: stations.answer(line, asked, sample, changed)) == "STATION_MESSAGE", changed  # noqa: B023
    assert line.ask(wire.SERVER)
    assert refused(world)[0] == ["STATION_MESSAGE"] * len(NO_MESSAGES)


def test_a_body_that_is_no_table_is_refused(stations):
    line = stations.line()

    for body in (b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000):
        for target in (wire.ANSWERS, wire.UPLOADS):
            assert turned_away(lambda: line.send("POST", target, body)) == "STATION_MESSAGE"  # noqa: B023


def test_bytes_that_are_no_finger_are_an_outcome_and_the_server_lives(world, stations):
    enrol(world, "TKI", "100")
    line = stations.line()
    for data in (b"", b"FMR\0 20\0", b"\x00" * 100, b"x" * 100_000):
        asked = stations.ask()
        broken = dataclasses.replace(stations.sample("TKI:100", asked["nonce"]), data=data)

        assert stations.answer(line, asked, broken)["outcome"] in {"READER_ERROR", "POOR_QUALITY"}

        with world.office.engine.connect() as db:
            assert captures.read(db, asked["request_id"])["state"] == "DONE"
