"""Attendance of a TUK whose line is cut: taken at the door, queued, sent in order, compared again, counted once (R-185, DV-I10, DV-S07)."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
import shutil

import pytest

from apps.fraud.small_world import EXAM_ON
from biometrics.errors import SampleRefused
from biometrics.station import day_list, wire
from biometrics.station.day_list import NoDayList
from biometrics.station.link import LineCut
from biometrics.station.offline import DayOver, NotListed
from biometrics.station.queue import NAME, Queue, QueueBroken
from biometrics.station.sealing import SealBroken
from posko.domain.errors import ConnectionFailed
from posko.services import station_uploads
from tests.support.exam import exam_day
from tests.support.offline import refused_code, rows, rules
from tests.support.station import enrol

pytestmark = pytest.mark.server


# the list of the day ------------------------------------------------------------------------------------------------


def test_the_list_holds_this_tuk_and_this_day_and_no_whole_name(world, tuk):
    exam_day(world, "200", tuk="TUK-2", lsp="LSP-1", met="MET.2")
    exam_day(world, "300", on=EXAM_ON + dt.timedelta(1))
    world.at(EXAM_ON, 9)

    listed = day_list.keep(tuk.folder, tuk.line.ask(wire.DAY_LIST), tuk.keys, tuk.server)

    assert set(listed.candidates) == {"100", "101", "102"}
    assert set(listed.operators) == {"TU1"}
    assert listed.candidates["100"].name == "N*** ***"
    assert len(listed.candidates["100"].templates) == 3


def test_a_station_without_a_tuk_has_no_list(world, tuk):
    office = tuk.stations.line("ST-0")

    assert refused_code(lambda: office.ask(wire.DAY_LIST)) == "STATION_NO_TUK"


def test_the_list_on_the_disk_shows_no_template_and_no_id(world, tuk):
    data = (tuk.folder / day_list.NAME).read_bytes()

    assert b'"100"' not in data
    assert b"templates" not in data
    for person in tuk.listed.candidates.values():
        for template in person.templates:
            assert template.data not in data
            assert base64.b64encode(template.data) not in data
            assert template.data not in base64.b64decode(json.loads(data)["sealed"])


def test_another_stations_list_does_not_open(world, tuk):
    other = tuk.stations.line("ST-2")
    shutil.copy(tuk.folder / day_list.NAME, tuk.stations.folder / "ST-2" / day_list.NAME)

    with pytest.raises(SealBroken):
        day_list.load(tuk.stations.folder / "ST-2", other.keys, tuk.server, world.now)


@pytest.mark.parametrize("part", ["sealed", "signature", "day"])
def test_a_list_that_was_changed_does_not_open(world, tuk, part):
    shown = json.loads((tuk.folder / day_list.NAME).read_text())
    if part == "day":
        # Yesterday's list under today's date.
        world.at(EXAM_ON + dt.timedelta(1), 9)
        shown["day"] = (EXAM_ON + dt.timedelta(1)).isoformat()
    else:
        data = bytearray(base64.b64decode(shown[part]))
        data[-1] ^= 1
        shown[part] = base64.b64encode(bytes(data)).decode()
    (tuk.folder / day_list.NAME).write_text(json.dumps(shown))

    with pytest.raises(SealBroken):
        day_list.load(tuk.folder, tuk.keys, tuk.server, world.now)


def test_the_list_is_deleted_when_the_day_is_over(world, tuk):
    assert day_list.load(tuk.folder, tuk.keys, tuk.server, world.now).day == EXAM_ON
    world.at(EXAM_ON + dt.timedelta(1), 0, 1)

    with pytest.raises(NoDayList):
        day_list.load(tuk.folder, tuk.keys, tuk.server, world.now)

    assert not (tuk.folder / day_list.NAME).exists()
    with pytest.raises(DayOver):
        tuk.attend("100")


# at the door and back on the line -----------------------------------------------------------------------------------


def test_what_was_taken_at_the_door_arrives_in_order_once_and_marked_late(world, tuk):
    assert tuk.sign_in().is_match
    taken = [tuk.attend(tki_id) for tki_id in ("101", "100", "102")]
    world.now += dt.timedelta(hours=2)

    answers = tuk.upload()

    assert [one.is_match for one in taken] == [True] * 3
    assert [answer["outcome"] for answer in answers] == ["ACCEPTED", "PRESENT", "PRESENT", "PRESENT"]
    assert rows(world) == [("101", "PRESENT", 1), ("100", "PRESENT", 1), ("102", "PRESENT", 1)]
    assert world.ask("select distinct recorded_by from posko.attendance") == [("TU1",)]
    assert world.value("select count(*) from posko.finger_attempt where is_late = 1 and outcome = 'MATCH'") == 4
    assert tuk.queue.entries == []
    assert rules(world) == []


def test_a_wrong_finger_is_queued_too_and_counts(world, tuk):
    tuk.sign_in()
    assert not tuk.attend("100", "TKI:101").is_match

    answers = tuk.upload()

    assert answers[-1]["outcome"] == "TRY_AGAIN"
    assert rows(world) == []


def test_the_server_does_not_believe_the_stations_score(world, tuk):
    tuk.sign_in()
    wrong = tuk.attend("100", "TKI:102")
    entry = tuk.queue.entries[-1]["entry"]
    forged = Queue(tuk.folder, tuk.keys, tuk.queue.head_seq, tuk.queue.head_hash, tuk.queue.entries[:-1])
    forged.add(
        {name: entry[name] for name in entry if name not in {"seq", "previous", "key_id"}} | {"local_score": 400}
    )

    answers = tuk.upload(forged)

    assert (wrong.is_match, answers[-1]["outcome"]) == (False, "TRY_AGAIN")
    assert world.value("select local_score from posko.station_upload where seq = 2") == 400


def test_without_an_administrators_finger_nothing_counts(world, tuk):
    assert not tuk.sign_in("TKI:100").is_match
    assert tuk.queue.entries == []
    tuk.attend("100")

    answers = tuk.upload()

    assert [answer["code"] for answer in answers] == ["STATION_NO_OPERATOR"]
    assert (rows(world), rules(world)) == ([], ["DV-N01"])


def test_yesterdays_sign_in_does_not_answer_for_today(world, tuk):
    tuk.sign_in()
    tuk.upload()
    enrol(world, "TKI", "300")
    tomorrow = exam_day(world, "300", on=EXAM_ON + dt.timedelta(1))
    tomorrow.open()
    tuk.listed = day_list.keep(tuk.folder, tuk.line.ask(wire.DAY_LIST), tuk.keys, tuk.server)
    tuk.door = tuk.door_at(tuk.queue)
    tuk.attend("300")
    tuk.sign_in()
    tuk.attend("300")

    answers = tuk.upload()

    assert [answer.get("code") for answer in answers] == ["STATION_NO_OPERATOR", None, None]
    assert rows(world) == [("300", "PRESENT", 1)]


def test_an_administrator_of_another_tuk_cannot_answer_for_it(world, tuk):
    enrol(world, "STAFF", "TU2")
    with pytest.raises(NotListed):
        tuk.sign_in("STAFF:TU2", "TU2")
    operators = {**tuk.listed.operators, "TU2": tuk.listed.operators["TU1"]}
    object.__setattr__(tuk.listed, "operators", operators)
    object.__setattr__(operators["TU2"], "person_id", "TU2")
    tuk.sign_in("STAFF:TU1", "TU2")
    tuk.attend("100")

    answers = tuk.upload()

    assert [answer.get("code") for answer in answers] == ["STATION_NOT_OPERATOR", "STATION_NO_OPERATOR"]
    assert rows(world) == []


def test_who_is_not_listed_is_not_taken(tuk):
    tuk.sign_in()

    with pytest.raises(NotListed):
        tuk.attend("999")
    assert len(tuk.queue.entries) == 1


def test_an_upload_whose_answer_was_lost_is_sent_again_and_doubles_nothing(world, tuk):
    tuk.sign_in()
    for tki_id in ("100", "101"):
        tuk.attend(tki_id)
    first = tuk.line.tell(wire.UPLOADS, {"entries": tuk.queue.entries})["answers"]

    again = tuk.upload(Queue.open(tuk.folder, tuk.keys))

    assert [(one["seq"], one["outcome"]) for one in again] == [(one["seq"], one["outcome"]) for one in first]
    assert all(one["again"] for one in again)
    assert rows(world) == [("100", "PRESENT", 1), ("101", "PRESENT", 1)]
    assert rules(world) == []


def test_a_server_that_was_cut_between_comparison_and_record_goes_on_as_if_it_was_not(world, tuk, monkeypatch):
    tuk.sign_in()
    tuk.attend("100")
    real = station_uploads.take

    def cut(_tx, **_told):
        raise ConnectionFailed("uji")

    cut.meta = real.meta
    monkeypatch.setattr(station_uploads, "take", cut)
    for _ in range(2):
        with pytest.raises(LineCut):
            tuk.upload()
    assert world.value("select count(*) from posko.finger_attempt") == 1
    monkeypatch.setattr(station_uploads, "take", real)

    answers = tuk.upload()

    assert [answer["outcome"] for answer in answers] == ["ACCEPTED", "PRESENT"]
    assert rows(world) == [("100", "PRESENT", 1)]
    assert rules(world) == []


# chains that were tampered with --------------------------------------------------------------------------------------


def test_a_finger_that_is_none_is_not_queued(tuk):
    tuk.sign_in()
    bad = dataclasses.replace(tuk.stations.sample("TKI:100", "0" * 32), data=b"FMR\0 20\0")
    tuk.door.reader = type("Bad", (), {"capture": lambda _self, _nonce: bad})

    with pytest.raises(SampleRefused):
        tuk.attend("100")
    assert len(tuk.queue.entries) == 1


# the file of the queue ----------------------------------------------------------------------------------------------


def test_a_line_that_a_power_cut_left_half_is_taken_away_and_the_chain_goes_on(world, tuk):
    tuk.sign_in()
    tuk.attend("100")
    whole = (tuk.folder / NAME).read_bytes()
    tuk.attend("101")
    data = (tuk.folder / NAME).read_bytes()
    for cut in (len(whole), len(whole) + 1, len(data) - 1):
        (tuk.folder / NAME).write_bytes(data[:cut])

        opened = Queue.open(tuk.folder, tuk.keys)

        assert len(opened.entries) == 2
        assert (tuk.folder / NAME).read_bytes() == whole


def test_a_changed_queue_is_not_sent_and_not_overwritten(tuk):
    tuk.sign_in()
    tuk.attend("100")
    whole = (tuk.folder / NAME).read_bytes().splitlines(keepends=True)
    for where, old, new in ((0, b'"seq":0', b'"seq":1'), (1, b"TU1", b"TU2"), (2, b'"100"', b'"101"')):
        lines = list(whole)
        lines[where] = lines[where].replace(old, new, 1)
        assert lines != whole
        (tuk.folder / NAME).write_bytes(b"".join(lines))

        with pytest.raises(QueueBroken):
            Queue.open(tuk.folder, tuk.keys)
        assert (tuk.folder / NAME).read_bytes() == b"".join(lines)


def test_no_image_and_no_open_template_is_on_the_disk(tuk):
    tuk.sign_in()
    tuk.attend("100")
    for file in tuk.folder.iterdir():
        data = file.read_bytes()
        for person in tuk.listed.candidates.values():
            for template in person.templates:
                assert template.data not in data
        # The whole magic of ISO/IEC 19794-2, bare and as base64 writes it: three letters of it alone do occur in a sealed text by chance.
        assert b"FMR\0" not in data
        assert b"Rk1SA" not in data
    entry = tuk.queue.entries[-1]["entry"]
    probe = base64.b64decode(entry["probe"])
    assert not any(person.templates[0].data in probe for person in tuk.listed.candidates.values())
