"""What of a queue the server does not take: gaps, another order, other chains, keys, fingers and times (R-185, DV-I10, DV-S07)."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from biometrics.station import uploads, wire
from biometrics.station.queue import Queue, hash_of
from biometrics.station.sealing import seal
from posko.services import station_keys
from tests.support.offline import Tuk, refused_code, rows, rules
from tests.support.station import enrol, key_finger

pytestmark = pytest.mark.server


def _gap(entries):
    return entries[:1] + entries[2:]


def _reversed(entries):
    return entries[:1] + entries[2:] + entries[1:2]


def _not_from_the_beginning(entries):
    return entries[1:]


@pytest.mark.parametrize("changed", [_gap, _reversed, _not_from_the_beginning])
def test_a_gap_or_another_order_is_refused_and_recorded(world, tuk, changed):
    tuk.sign_in()
    for tki_id in ("100", "101"):
        tuk.attend(tki_id)

    assert refused_code(lambda: tuk.line.tell(wire.UPLOADS, {"entries": changed(tuk.queue.entries)})) == "STATION_GAP"
    assert (rows(world), rules(world)) == ([], ["DV-I10"])
    tuk.upload()
    assert rows(world) == [("100", "PRESENT", 1), ("101", "PRESENT", 1)]


def test_another_entry_under_a_number_that_is_here_is_refused(world, tuk):
    tuk.sign_in()
    before = list(tuk.queue.entries)
    tuk.attend("100")
    tuk.upload()
    other = Queue(tuk.folder, tuk.keys, 1, hash_of(before[-1]), [])
    tuk.door = tuk.door_at(other)
    tuk.attend("101")

    assert refused_code(lambda: tuk.upload(other)) == "STATION_ENTRY_AGAIN"
    assert (rows(world), rules(world)) == ([("100", "PRESENT", 1)], ["DV-I10"])


def test_a_chain_that_does_not_follow_is_refused(world, tuk):
    other = Queue(tuk.folder, tuk.keys, 0, "0" * 64, [])
    tuk.door = tuk.door_at(other)
    tuk.sign_in()

    assert refused_code(lambda: tuk.upload(other)) == "STATION_CHAIN"


def test_an_entry_that_another_key_signed_is_refused(world, tuk):
    tuk.sign_in()
    stranger = tuk.stations.line("ST-2")

    assert refused_code(lambda: stranger.tell(wire.UPLOADS, {"entries": tuk.queue.entries})) == "STATION_ENTRY_UNSIGNED"
    assert rules(world) == ["DV-I12"]


def test_a_station_of_another_tuk_cannot_send_attendance_for_this_one(world, tuk):
    enrol(world, "STAFF", "TU2")
    other = Tuk(world, tuk.stations, "ST-2")
    object.__setattr__(other.listed, "candidates", tuk.listed.candidates)
    other.sign_in("STAFF:TU2", "TU2")
    other.attend("100")

    answers = other.upload()

    assert [answer.get("code") for answer in answers] == [None, "NotPermitted"]
    assert (rows(world), rules(world)) == ([], ["DV-X04"])


def test_a_finger_that_came_online_before_counts_no_more_offline(world, tuk):
    asked = tuk.stations.ask("100")
    sample = tuk.stations.sample("TKI:100", asked["nonce"])
    tuk.stations.answer(tuk.line, asked, sample)
    tuk.sign_in()

    class Replaying:
        def capture(self, _nonce):
            return sample

    tuk.door.reader = Replaying
    tuk.attend("100")
    answers = tuk.upload()

    assert answers[-1]["code"] == "SAMPLE_REPLAYED"
    assert (rows(world), rules(world)) == ([], ["DV-I10"])


def test_the_same_finger_twice_in_the_queue_counts_once(world, tuk):
    tuk.sign_in()
    sample = tuk.stations.sample("TKI:100", "0" * 32)

    class Replaying:
        def capture(self, _nonce):
            return sample

    tuk.door.reader = Replaying
    tuk.attend("100")
    tuk.attend("101")
    answers = tuk.upload()

    assert [answer.get("code") for answer in answers] == [None, None, "SAMPLE_REPLAYED"]
    assert rows(world) == [("100", "PRESENT", 1)]


def test_a_probe_that_is_none_is_refused_and_the_chain_goes_on(world, tuk):
    tuk.sign_in()
    tuk.attend("100")
    entry = {
        name: value
        for name, value in tuk.queue.entries[-1]["entry"].items()
        if name not in {"seq", "previous", "key_id"}
    }
    context = uploads.context_of("ST-1", "101")
    for number, data in enumerate((b"", b"x", b"\xff" * 600, b"\0" * 600)):
        sealed = base64.b64encode(seal(data, tuk.server.sealing_key, context)).decode()
        digest = base64.b64encode(bytes([number]) * 32).decode()
        tuk.queue.add(entry | {"person_id": "101", "probe": sealed, "sample_sha256": digest})
    stranger = {"person_id": "101", "probe": base64.b64encode(b"y" * 99).decode()}
    tuk.queue.add(entry | stranger | {"sample_sha256": base64.b64encode(b"z" * 32).decode()})
    tuk.attend("102")

    answers = tuk.upload()

    assert [answer["outcome"] for answer in answers] == ["ACCEPTED", "PRESENT", *["REFUSED"] * 5, "PRESENT"]
    assert [row[0] for row in rows(world)] == ["100", "102"]


def test_a_finger_dated_before_the_opening_or_in_the_future_is_refused(world, tuk):
    tuk.sign_in()
    world.now -= dt.timedelta(hours=2)
    tuk.attend("100")
    world.now += dt.timedelta(hours=5)
    tuk.attend("101")
    world.now -= dt.timedelta(hours=2)

    answers = tuk.upload()

    assert [answer.get("code") for answer in answers] == [None, "LATE_OUTSIDE", "PROOF_EARLY"]
    assert (rows(world), rules(world)) == ([], ["DV-S02", "DV-S07"])


def test_a_revoked_station_sends_nothing_any_more_and_loses_nothing(world, tuk):
    tuk.sign_in()
    tuk.attend("100")
    world.desk("BN1").do(station_keys.revoke, station_code="ST-1", reason="Hilang", proof=key_finger(world))

    assert refused_code(tuk.upload) == "STATION_KEY_REVOKED"
    assert len(Queue.open(tuk.folder, tuk.keys).entries) == 2
