"""Attendance of a TUK whose line was cut: sent later, in order, marked late, none lost, none doubled (R-185, DV-S07)."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose, seal_of
from posko.services import attendance_late
from tests.support.exam import exam_day

pytestmark = pytest.mark.server
ALL = ("100", "101", "102")


def _cut(world, *tki_ids):
    """Open the day, take fingers at 9:00, 9:01 ... while the line is cut, and come back at noon."""
    day = exam_day(world, *ALL)
    day.open()
    taken = []
    for minute, tki_id in enumerate(tki_ids or ALL):
        world.at(EXAM_ON, 9, minute)
        taken.append((tki_id, day.proof(tki_id)))
    world.at(EXAM_ON, 12)
    return day, taken


def _send(world, day, tki_id, proof, who="TU1"):
    return world.desk(who).do(attendance_late.record_late, session_id=day.session_id, tki_id=tki_id, proof=proof)


def test_what_was_taken_offline_arrives_in_order_and_marked_late(world):
    day, taken = _cut(world)

    seen = [_send(world, day, *one) for one in taken]

    assert [(found["outcome"], found["late_seconds"]) for found in seen] == [
        ("PRESENT", 10800),
        ("PRESENT", 10740),
        ("PRESENT", 10680),
    ]
    assert world.ask("select id_as_typed, late_seconds, tries from posko.attendance order by attendance_id") == [
        ("100", 10800, 1),
        ("101", 10740, 1),
        ("102", 10680, 1),
    ]
    late = "select count(*) from posko_audit.audit_event where action = 'attendance.record_late' and payload like :told"
    assert world.value(late, told="%late_seconds%") == 6
    day.verify()
    assert day.end() == {"tested": 3, "absent": 0}


def test_a_second_upload_doubles_nothing(world):
    day, taken = _cut(world)
    for one in taken:
        _send(world, day, *one)

    for one in taken[2:]:
        with pytest.raises(Refused) as refused:
            _send(world, day, *one)
        assert refused.value.code == "ATTENDANCE_RECORDED"

    assert world.value("select count(*) from posko.attendance") == 3


def test_what_comes_out_of_order_is_refused_and_can_be_sent_no_more(world):
    day, taken = _cut(world)
    _send(world, day, *taken[1])

    with pytest.raises(Refused) as refused:
        _send(world, day, *taken[0])

    assert refused.value.code == "LATE_OUT_OF_ORDER"


def test_misses_that_were_taken_offline_count_too(world):
    world.matcher.misses["100"] = 3
    day, taken = _cut(world, "100", "100", "100")

    assert [_send(world, day, *one)["outcome"] for one in taken] == ["TRY_AGAIN", "TRY_AGAIN", "TURNED_AWAY_NO_MATCH"]
    assert day.rules() == ["DV-I07"]


def test_an_upload_after_more_than_a_day_counts_and_is_a_deviation(world):
    day, taken = _cut(world)
    world.at(EXAM_ON + dt.timedelta(1), 9, 1)

    _send(world, day, *taken[0])
    _send(world, day, *taken[1])

    assert world.ask("select rule_id, severity, session_id from posko.deviation") == [("DV-S07", "W", day.session_id)]
    assert world.status("100") == "PRESENT"


def _before_the_opening(world):
    day = exam_day(world, *ALL)
    proof = day.proof("100")
    world.at(EXAM_ON, 8, 30)
    day.open()
    return day, proof


def _from_the_day_after(world):
    day, _ = _cut(world)
    world.at(EXAM_ON + dt.timedelta(1), 8)
    return day, day.proof("100")


def _from_the_future(world):
    day, _ = _cut(world)
    world.at(EXAM_ON, 13)
    proof = day.proof("100")
    world.at(EXAM_ON, 12)
    return day, proof


def _backdated(world):
    day, _ = _cut(world)
    return day, dataclasses.replace(day.proof("100"), captured_at=world.now - dt.timedelta(hours=1))


def _for_something_else(world):
    day, _ = _cut(world)
    return day, world.proof("TKI", "100", Purpose.SUBJECT_VIEW)


def _replayed(world):
    day, taken = _cut(world)
    _send(world, day, *taken[0])
    proof = dataclasses.replace(taken[0][1], proof_id="0" * 32, person_id="101")
    return day, dataclasses.replace(proof, seal=seal_of(proof, world.office.keys["finger-proof"]))


@pytest.mark.parametrize(
    ("made", "tki_id", "code", "rule"),
    [
        (_before_the_opening, "100", "LATE_OUTSIDE", "DV-S02"),
        (_from_the_day_after, "100", "LATE_OUTSIDE", "DV-S02"),
        (_from_the_future, "100", "PROOF_EARLY", "DV-S07"),
        (_backdated, "100", "PROOF_FORGED", "DV-N01"),
        (_for_something_else, "100", "PROOF_WRONG_PURPOSE", "DV-N01"),
        (_replayed, "101", "SAMPLE_REPLAYED", "DV-I10"),
        (lambda world: (_cut(world)[0], "100"), "100", "PROOF_MISSING", "DV-N01"),
        (lambda world: _from_station(world, "ST-2"), "100", "PROOF_WRONG_PLACE", "DV-N01"),
        (lambda world: _from_station(world, "ST-1"), "999", "NOT_ON_LIST", "DV-S01"),
    ],
)
def test_late_is_no_way_around_the_rules(world, made, tki_id, code, rule):
    day, proof = made(world)

    with pytest.raises(Refused) as refused:
        _send(world, day, tki_id, proof)

    assert (refused.value.code, refused.value.rule) == (code, rule)


def _from_station(world, station):
    day, _ = _cut(world)
    return day, day.proof("100", station)


def test_after_the_end_and_at_another_tuk_nothing_arrives(world):
    day, taken = _cut(world)
    with pytest.raises(NotPermitted):
        _send(world, day, *taken[0], who="TU2")
    day.end()

    with pytest.raises(Refused) as refused:
        _send(world, day, *taken[0])

    assert (refused.value.code, refused.value.rule) == ("SESSION_NOT_OPEN", "DV-S02")
