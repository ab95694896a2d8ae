"""What the pages of the balance and of the evaluation meeting read (§12.7-12.9, §14.2; R-101..R-104, R-162, R-163)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.calendar import local_day
from posko.domain.errors import NotPermitted, Refused
from posko.services import distribution, evaluation, screen_balance, screen_evaluation
from tests.support.decided import EVALUATED_ON, decided, publish
from tests.support.preparation import returned

pytestmark = pytest.mark.server


def _ask(world, what, who="BN1", **more):
    return world.desk(who).do(what, **more)


def _meeting(world, *tki_ids):
    for tki_id in tki_ids:
        decided(world, tki_id)
    decided(world, "900", lsp="LSP-2", tuk="TUK-3", met="MET.3")
    world.at(EVALUATED_ON)
    return _ask(world, evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")


def test_a_batch_goes_from_sent_to_forwarded_with_its_packages(world):
    returned(world, "100", "101")
    (sent,) = _ask(world, screen_balance.waiting)["rows"]
    check = _ask(world, distribution.check_balance, batch_id=sent["batch_id"])["balance_check_id"]
    (complete,) = _ask(world, screen_balance.waiting)["rows"]
    _ask(world, distribution.release, balance_check_id=check)
    (released,) = _ask(world, screen_balance.waiting)["rows"]

    assert [row["state"] for row in (sent, complete, released)] == ["SENT", "COMPLETE", "RELEASED"]
    totals = {state: _ask(world, screen_balance.waiting, state=state)["total"] for state in screen_balance.STATES}
    assert totals == {**dict.fromkeys(screen_balance.STATES, 0), "RELEASED": 1}
    day = local_day(world.now)
    for asked, total in (({"since": day}, 1), ({"until": day}, 1), ({"since": day + dt.timedelta(days=1)}, 0)):
        assert _ask(world, screen_balance.waiting, **asked)["total"] == total
    assert (sent["row_count"], sent["findings"], released["packages"], released["acknowledged"]) == (2, [], 2, 0)
    packages = _ask(world, screen_balance.packages, balance_check_id=check)
    assert [(one["receiver_kind"], one["receiver_code"], one["row_count"]) for one in packages] == [
        ("LSP", "LSP-1", 2), ("TUK", "TUK-1", 2),
    ]  # fmt: skip


def test_what_is_not_complete_names_its_findings(world):
    returned(world, "100", "101")
    world.write("update posko.journey set status = 'REGISTERED' where tki_id = '100'")
    (sent,) = _ask(world, screen_balance.waiting)["rows"]
    told = _ask(world, distribution.check_balance, batch_id=sent["batch_id"])

    (row,) = _ask(world, screen_balance.waiting)["rows"]

    assert row["state"] == "INCOMPLETE"
    assert row["findings"] == told["findings"] != []


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_nobody_but_bnsp_and_its_watchers_reads_the_balance(world, who):
    for what, more in ((screen_balance.waiting, {}), (screen_balance.packages, {"balance_check_id": 1})):
        with pytest.raises(NotPermitted):
            _ask(world, what, who, **more)
        assert _ask(world, what, "AU1", **more) in ([], {"rows": [], "total": 0})


def test_meetings_say_how_many_results_they_have_and_how_many_wait(world):
    number = _meeting(world, "100", "101")
    decided(world, "102")

    shown = _ask(world, screen_evaluation.meetings)

    assert (shown["total"], shown["waiting"]) == (1, 1)
    assert {name: shown["rows"][0][name] for name in ("meeting_id", "state", "items", "held", "published")} == {
        "meeting_id": number, "state": "OPEN", "items": 3, "held": 0, "published": 0,
    }  # fmt: skip


def test_a_published_meeting_counts_what_went_out(world):
    decided(world, "100")
    publish(world)

    (row,) = _ask(world, screen_evaluation.meetings)["rows"]

    assert (row["state"], row["published"]) == ("CLOSED", 1)


def test_results_are_found_by_finding_and_by_tki_and_held_ones_come_first(world):
    number = _meeting(world, "100", "101")
    held = world.journey_id("101")
    _ask(world, evaluation.hold, meeting_id=number, journey_id=held, reason="Foto belum jelas")

    def found(**more):
        return [row["tki_id"] for row in _ask(world, screen_evaluation.items, meeting_id=number, **more)["rows"]]

    assert found()[0] == "101"
    assert sorted(found()) == ["100", "101", "900"]
    assert found(finding="HOLD") == ["101"]
    assert sorted(found(finding="PUBLISH")) == ["100", "900"]
    assert found(search="900") == found(search="lsp-2") == ["900"]
    assert found(search="nobody") == []


def test_twenty_results_stand_on_a_page(world):
    number = _meeting(world, *(str(number) for number in range(100, 121)))

    pages = [_ask(world, screen_evaluation.items, meeting_id=number, offset=offset) for offset in (0, 20)]

    assert [len(page["rows"]) for page in pages] == [20, 2]
    assert pages[0]["total"] == 22


def test_an_lsp_sees_its_own_and_another_one_nothing(world):
    number = _meeting(world, "100")
    other = decided(world, "101", lsp="LSP-1")

    assert [row["tki_id"] for row in _ask(world, screen_evaluation.items, "LS1", meeting_id=number)["rows"]] == ["100"]
    assert [row["tki_id"] for row in _ask(world, screen_evaluation.items, "LS2", meeting_id=number)["rows"]] == ["900"]
    assert _ask(world, screen_evaluation.meetings, "LS1")["waiting"] == 1
    assert _ask(world, screen_evaluation.meetings, "LS2")["waiting"] == 0

    own = _ask(world, evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta", journey_ids=[other])
    for what in (screen_evaluation.items, screen_evaluation.people):
        with pytest.raises(NotPermitted) as refused:
            _ask(world, what, "LS2", meeting_id=own)
        assert refused.value.rule == "DV-X04"
    assert [row["meeting_id"] for row in _ask(world, screen_evaluation.meetings, "LS2")["rows"]] == [number]


def test_who_may_attend_are_bnsp_and_the_lsp_on_the_table(world):
    decided(world, "100")
    world.at(EVALUATED_ON)
    number = _ask(world, evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    _ask(world, evaluation.note_participants, meeting_id=number, person_ids=["BN1"])

    people = {row["person_id"]: row["is_there"] for row in _ask(world, screen_evaluation.people, meeting_id=number)}

    assert people == {"BN1": True, "BN2": False, "SA1": False, "SA2": False, "LS1": False}


@pytest.mark.parametrize("who", ["KO1", "TU1", "AS1"])
def test_others_see_no_meeting(world, who):
    number = _meeting(world, "100")
    acts = [
        (screen_evaluation.meetings, {}),
        (screen_evaluation.items, {"meeting_id": number}),
        (screen_evaluation.people, {"meeting_id": number}),
    ]

    for what, more in acts:
        with pytest.raises(NotPermitted):
            _ask(world, what, who, **more)


@pytest.mark.parametrize(
    ("what", "more", "code"),
    [
        (screen_evaluation.items, {"meeting_id": 99}, "UNKNOWN_MEETING"),
        (screen_evaluation.people, {"meeting_id": 99}, "UNKNOWN_MEETING"),
        (screen_evaluation.items, {"meeting_id": "1 or 1=1"}, "NOT_A_NUMBER"),
        (screen_evaluation.items, {"meeting_id": 1, "finding": "<script>"}, "NOT_IN_LIST"),
        (screen_evaluation.items, {"meeting_id": 1, "search": "a\x00"}, "TEXT_CONTROL"),
        (screen_evaluation.items, {"meeting_id": 1, "search": "9" * 65}, "TEXT_TOO_LONG"),
        (screen_evaluation.meetings, {"limit": 0}, "NOT_A_NUMBER"),
        (screen_evaluation.meetings, {"state": "LOST"}, "NOT_IN_LIST"),
        (screen_balance.waiting, {"limit": "x"}, "NOT_A_NUMBER"),
        (screen_balance.waiting, {"state": "LOST"}, "NOT_IN_LIST"),
        (screen_balance.waiting, {"since": "kemarin"}, "NOT_A_DATE"),
        (screen_balance.packages, {"balance_check_id": None}, "NOT_A_NUMBER"),
    ],
)
def test_wrong_values_are_refused_in_words(world, what, more, code):
    world.write(
        "insert into posko.evaluation_meeting (meeting_id, held_on, place, state, opened_at, opened_by)"
        " values (1, '2026-03-16', 'Jakarta', 'OPEN', '2026-03-16', 'BN1')"
    )

    with pytest.raises(Refused) as refused:
        _ask(world, what, **more)

    assert refused.value.code == code
