"""A station fetches its requests, captures, signs; the server compares; what is not as it should be is refused and recorded (R-041)."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt

import pytest

from biometrics.station import messages, wire
from biometrics.station.link import TurnedAway
from posko.services import attendance, station_keys
from tests.support.exam import exam_day
from tests.support.refusals import refused, turned_away
from tests.support.station import any_nonce, enrol, key_finger, stations_of

pytestmark = pytest.mark.server


@pytest.fixture
def stations(world, tmp_path):
    with stations_of(world, tmp_path) as made:
        yield made


# the way that works -------------------------------------------------------------------------------------------------


def test_a_finger_at_the_station_ends_as_attendance(world, stations):
    day = exam_day(world, "100")
    day.open()
    enrol(world, "TKI", "100")
    line = stations.line()
    asked = stations.ask()

    got = line.ask(wire.REQUESTS)["request"]
    told = stations.answer(line, got, stations.sample("TKI:100", got["nonce"]))

    assert (got["request_id"], got["nonce"]) == (asked["request_id"], asked["nonce"])
    assert "person_id" not in got
    assert told["outcome"] == "MATCH"
    proof = stations.take(asked)
    found = world.desk("TU1").do(attendance.record_attendance, session_id=day.session_id, tki_id="100", proof=proof)
    assert found["outcome"] == "PRESENT"
    assert world.ask("select outcome, reader_serial, station_code from posko.finger_attempt") == [
        ("MATCH", "READER-1", "ST-1")
    ]


def test_another_persons_finger_is_no_match_and_the_page_learns_it(world, stations):
    enrol(world, "TKI", "100", "101")
    line, asked = stations.line(), stations.ask()

    told = stations.answer(line, asked, stations.sample("TKI:101", asked["nonce"]))

    assert told["outcome"] == "NO_MATCH"
    assert told["advice"]
    assert not stations.take(asked).is_match


def test_a_station_without_work_gets_nothing_and_only_its_own_work(world, stations):
    line = stations.line()
    stations.ask(station="ST-2")

    assert line.ask(wire.REQUESTS)["request"] is None


def test_a_reader_that_gives_nothing_is_an_outcome(world, stations):
    line, asked = stations.line(), stations.ask()

    message = messages.without_sample(asked["request_id"], asked["nonce"], "NO_FINGER", "zk", "READER-1")
    told = line.tell(wire.ANSWERS, message)
    again = stations.ask()
    line.tell(wire.ANSWERS, messages.without_sample(again["request_id"], again["nonce"], "READER_FAILED", "?", "?"))

    assert told["outcome"] == "READER_ERROR"
    assert stations.take(asked) is None
    assert world.ask("select outcome, reason from posko.finger_attempt order by attempt_id") == [
        ("READER_ERROR", "NO_FINGER"),
        ("READER_ERROR", "READER_FAILED"),
    ]
    assert refused(world) == ([], [])


def test_the_office_sees_when_a_station_was_last_there(world, stations):
    line = stations.line()
    line.skew = dt.timedelta(seconds=7)
    line.ask(wire.SERVER)

    rows = {row["station_code"]: row for row in world.desk("BN1").do(station_keys.listed)}

    assert (rows["ST-1"]["seen_at"], rows["ST-1"]["skew_ms"]) == (world.now.isoformat(), 7000)
    assert rows["ST-1"]["version"] == wire.VERSION
    assert rows["ST-2"]["seen_at"] is None


# who is turned away -------------------------------------------------------------------------------------------------


def test_an_unregistered_station_is_refused_and_recorded(world, stations):
    line, other = stations.line(), stations.line("ST-2")
    stranger = dataclasses.replace(line, keys=dataclasses.replace(other.keys, station_code="ST-1"))

    assert turned_away(lambda: stranger.ask(wire.REQUESTS)) == "STATION_UNKNOWN_KEY"
    assert refused(world) == (["STATION_UNKNOWN_KEY"], ["DV-I12"])


def test_who_shows_nothing_is_refused_and_recorded(world, stations):
    answer = stations.client.get(wire.REQUESTS)

    assert (answer.status_code, answer.json()["code"]) == (403, "STATION_UNKNOWN_KEY")
    assert answer.json()["reference"]
    assert refused(world) == (["STATION_UNKNOWN_KEY"], ["DV-I12"])


def test_a_stolen_key_stops_the_moment_it_is_revoked(world, stations):
    line = stations.line()
    line.ask(wire.SERVER)
    world.desk("BN1").do(station_keys.revoke, station_code="ST-1", reason="Komputer dicuri", proof=key_finger(world))

    assert turned_away(lambda: line.ask(wire.SERVER)) == "STATION_KEY_REVOKED"
    assert refused(world) == (["STATION_KEY_REVOKED"], ["DV-I12"])


def test_a_request_that_was_changed_on_its_way_is_refused(world, stations):
    line = stations.line()
    values = {
        "X-Posko-Time": (world.now + dt.timedelta(seconds=1)).isoformat(),
        "X-Posko-Counter": "999",
        "X-Posko-Version": "other/9",
        "X-Posko-Signature": base64.b64encode(b"x" * 64).decode(),
    }

    codes = [turned_away(lambda: line.send("GET", wire.SERVER, b"", **{name: value})) for name, value in values.items()]  # noqa: B023

    assert codes == ["STATION_BAD_SIGNATURE"] * 4
    assert refused(world) == (codes, ["DV-I12"] * 4)


def test_a_body_or_target_under_another_requests_signature_is_refused(world, stations):
    line = stations.line()
    line.ask(wire.SERVER)
    *_, headers = line.sent[-1]

    assert turned_away(lambda: line.again("GET", wire.DAY_LIST, b"", headers)) == "STATION_BAD_SIGNATURE"
    assert turned_away(lambda: line.again("POST", wire.ANSWERS, b"{}", headers)) == "STATION_BAD_SIGNATURE"


def test_a_clock_that_is_wrong_by_more_than_a_minute_is_refused_with_how_much(world, stations):
    line = stations.line()
    for seconds in (61, -61, 7200):
        line.skew = dt.timedelta(seconds=seconds)
        with pytest.raises(TurnedAway, match=f"{seconds} detik") as found:
            line.ask(wire.SERVER)
        assert found.value.code == "STATION_CLOCK"
    for seconds in (59, -59):
        line.skew = dt.timedelta(seconds=seconds)
        assert line.ask(wire.SERVER)["sealing_key"]

    assert refused(world) == (["STATION_CLOCK"] * 3, ["DV-S07"] * 3)


def test_a_request_that_is_sent_again_is_refused_and_recorded(world, stations):
    enrol(world, "TKI", "100")
    line, asked = stations.line(), stations.ask()
    stations.answer(line, asked, stations.sample("TKI:100", asked["nonce"]))

    assert turned_away(lambda: line.again(*line.sent[-1])) == "STATION_REPLAYED"
    assert refused(world) == (["STATION_REPLAYED"], ["DV-I10"])


def test_after_a_new_key_the_old_one_opens_nothing(world, stations, tmp_path):
    old = stations.line()
    world.desk("BN1").do(station_keys.revoke, station_code="ST-1", reason="Diganti", proof=key_finger(world))
    stations.folder = tmp_path / "new"
    stations.folder.mkdir()
    new = stations.line()

    assert new.ask(wire.SERVER)
    assert turned_away(lambda: old.ask(wire.SERVER)) == "STATION_KEY_REVOKED"


def test_a_station_that_is_out_of_the_register_is_refused(world, stations):
    line = stations.line()
    world.write("update posko.station set valid_until = '2026-01-01' where station_code = 'ST-1'")

    assert turned_away(lambda: line.ask(wire.SERVER)) == "STATION_NOT_IN_FORCE"


def test_a_body_that_is_too_large_is_refused_and_recorded(world, stations):
    line = stations.line()
    body = b" " * (wire.MOST_BODY + 1)

    with pytest.raises(TurnedAway) as found:
        line.send("POST", wire.ANSWERS, body)

    assert found.value.code == "STATION_TOO_LARGE"
    assert refused(world)[0] == ["STATION_TOO_LARGE"]


# answers that do not count ------------------------------------------------------------------------------------------


def test_the_answer_of_another_station_is_refused(world, stations):
    stations.line()
    other, asked = stations.line("ST-2"), stations.ask()

    sample = stations.sample("TKI:100", asked["nonce"], "READER-2")
    assert turned_away(lambda: stations.answer(other, asked, sample)) == "CAPTURE_ELSEWHERE"
    assert refused(world) == (["CAPTURE_ELSEWHERE"], ["DV-I12"])


def test_an_answer_after_its_time_is_refused(world, stations):
    line, asked = stations.line(), stations.ask()
    world.now += dt.timedelta(seconds=60)

    sample = stations.sample("TKI:100", asked["nonce"])
    assert turned_away(lambda: stations.answer(line, asked, sample)) == "CAPTURE_EXPIRED"
    assert refused(world)[0] == ["CAPTURE_EXPIRED"]


def test_a_finger_captured_long_before_the_request_is_refused(world, stations):
    line, asked = stations.line(), stations.ask()
    sample = stations.sample("TKI:100", asked["nonce"])
    old = dataclasses.replace(sample, captured_at=world.now - dt.timedelta(minutes=2))

    assert turned_away(lambda: stations.answer(line, asked, old)) == "STATION_OLD_SAMPLE"
    assert refused(world) == (["STATION_OLD_SAMPLE"], ["DV-I10"])
    assert stations.take(asked) is None


def test_another_reader_than_the_registered_one_is_refused_and_shown_to_the_office(world, stations):
    line, asked = stations.line(), stations.ask()

    sample = stations.sample("TKI:100", asked["nonce"], "READER-9")
    assert turned_away(lambda: stations.answer(line, asked, sample)) == "STATION_OTHER_READER"
    assert refused(world) == (["STATION_OTHER_READER"], ["DV-I12"])
    rows = {row["station_code"]: row for row in world.desk("BN1").do(station_keys.listed)}
    assert rows["ST-1"]["seen_reader"] == "READER-9"


def test_a_bit_identical_sample_is_refused_and_recorded(world, stations):
    enrol(world, "TKI", "100")
    line, first = stations.line(), stations.ask()
    sample = stations.sample("TKI:100", first["nonce"])
    stations.answer(line, first, sample)
    second = stations.ask()

    again = dataclasses.replace(sample, nonce=second["nonce"])
    assert turned_away(lambda: stations.answer(line, second, again)) == "SAMPLE_REPLAYED"
    assert "DV-I10" in refused(world)[1]
    assert stations.take(second) is None


def test_the_same_nonce_answers_nothing_twice(world, stations):
    enrol(world, "TKI", "100")
    line, asked = stations.line(), stations.ask()
    stations.answer(line, asked, stations.sample("TKI:100", asked["nonce"]))

    other = stations.sample("TKI:100", any_nonce())
    message = messages.written(asked["request_id"], dataclasses.replace(other, nonce=asked["nonce"]))
    assert turned_away(lambda: line.tell(wire.ANSWERS, message)) == "CAPTURE_USED"
    assert refused(world) == (["CAPTURE_USED"], ["DV-I10"])
