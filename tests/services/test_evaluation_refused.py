"""What nobody may do with a meeting, and wrong input: refused in words, nothing changed (§14.2; R-067, R-161)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.services import evaluation
from tests.support.decided import EVALUATED_ON, decided
from tests.support.meeting import open_

pytestmark = pytest.mark.server
LONG = "x" * 10_000_001


@pytest.mark.parametrize("who", ["KO1", "TU1", "AS1", "AU1", "LS1"])
def test_only_bnsp_holds_the_meeting(world, who):
    decided(world, "1")

    with pytest.raises(Refused) as refused:
        open_(world, who=who)

    assert refused.value.code == "NotPermitted"
    assert world.value("select count(*) from posko.evaluation_meeting") == 0


@pytest.mark.parametrize(
    ("what", "wrong", "code"),
    [
        ("open_meeting", {"held_on": "kemarin"}, "NOT_A_DATE"),
        ("open_meeting", {"held_on": None}, "NOT_A_DATE"),
        ("open_meeting", {"held_on": dt.datetime(2026, 3, 16)}, "NOT_A_DATE"),  # noqa: DTZ001 - wrong on purpose
        ("open_meeting", {"place": ""}, "TEXT_EMPTY"),
        ("open_meeting", {"place": LONG}, "TEXT_TOO_LONG"),
        ("open_meeting", {"place": "a\x00b"}, "TEXT_CONTROL"),
        ("open_meeting", {"place": "a\ud800"}, "TEXT_CONTROL"),
        ("open_meeting", {"journey_ids": []}, "LIST_EMPTY"),
        ("open_meeting", {"journey_ids": "1"}, "NOT_A_LIST"),
        ("open_meeting", {"journey_ids": [1, 1]}, "LIST_DOUBLE"),
        ("open_meeting", {"journey_ids": [-1]}, "NOT_A_NUMBER"),
        ("open_meeting", {"journey_ids": [True]}, "NOT_A_NUMBER"),
        ("open_meeting", {"journey_ids": list(range(1, 10_002))}, "LIST_TOO_LONG"),
        ("open_meeting", {"journey_ids": [999]}, "NOT_WAITING_FOR_MEETING"),
        ("note_participants", {"person_ids": ["XX9"]}, "NOT_A_PARTICIPANT"),
        ("note_participants", {"person_ids": ["TU1"]}, "NOT_A_PARTICIPANT"),
        ("note_participants", {"person_ids": ["BN1", "BN1"]}, "LIST_DOUBLE"),
        ("note_participants", {"person_ids": ["3603054105830001"]}, "LOOKS_LIKE_NIK"),
        ("note_participants", {"meeting_id": 99}, "UNKNOWN_MEETING"),
        ("hold", {"reason": "  "}, "TEXT_EMPTY"),
        ("hold", {"journey_id": None}, "NOT_A_NUMBER"),
        ("hold", {"journey_id": 999}, "UNKNOWN_JOURNEY"),
        ("hold", {"meeting_id": "1"}, "NOT_A_NUMBER"),
        ("hold", {"journey_id": 2}, "NOT_AN_ITEM"),
        ("release_hold", {}, "NOT_HELD"),
        ("comment", {"comment": LONG}, "TEXT_TOO_LONG"),
        ("comment", {"meeting_id": 99}, "UNKNOWN_MEETING"),
        ("evidence", {"meeting_id": 99}, "UNKNOWN_MEETING"),
        ("evidence", {"meeting_id": 2**70}, "NOT_A_NUMBER"),
        ("close_minutes", {"minutes": None}, "TEXT_EMPTY"),
        ("close_minutes", {"minutes": "\n \n"}, "TEXT_EMPTY"),
    ],
)
def test_wrong_input_is_refused_in_words_and_changes_nothing(world, what, wrong, code):
    journey_id = decided(world, "1")
    meeting_id = open_(world, journey_id)
    decided(world, "2", status="EVALUATED")
    right = {
        "open_meeting": {"held_on": EVALUATED_ON, "place": "Jakarta"},
        "note_participants": {"meeting_id": meeting_id, "person_ids": ["BN1"]},
        "hold": {"meeting_id": meeting_id, "journey_id": journey_id, "reason": "Alasan"},
        "release_hold": {"meeting_id": meeting_id, "journey_id": journey_id, "reason": "Alasan"},
        "comment": {"meeting_id": meeting_id, "comment": "Catatan"},
        "evidence": {"meeting_id": meeting_id},
        "close_minutes": {"meeting_id": meeting_id, "minutes": "Dibahas."},
    }[what]

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(getattr(evaluation, what), **{**right, **wrong})

    assert refused.value.code == code
    assert world.value("select count(*) from posko.evaluation_meeting") == 1
    assert world.ask("select finding from posko.meeting_item") == [("PUBLISH",)]
    assert len(world.events("refused")) == 1
