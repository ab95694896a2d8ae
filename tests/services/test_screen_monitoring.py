"""What BNSP watches: sessions and silence, stations, what waits in each stage, gates (§5.1, §13; R-003, R-105)."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.domain.status import Status
from posko.services import check_run, screen_monitoring
from tests.support.decided import decided, publish
from tests.support.exam import GOOD, exam_day

pytestmark = pytest.mark.server


def _ask(world, what, who="BN1", **more):
    return world.desk(who).do(what, **more)


def test_every_open_state_is_waited_for_in_exactly_one_stage():
    named = [status for states in screen_monitoring.STAGE_OF.values() for status in states]

    assert len(named) == len(set(named))
    # Those before the Konsorsium have no journey yet, and who is closed waits for nothing.
    assert set(Status) - set(named) == {Status.RECEIVED, Status.HELD_BACK, Status.ELIGIBLE, Status.CLOSED}


def test_a_session_shows_when_something_was_last_written_and_is_silent_after_half_an_hour(world):
    day = exam_day(world, "100", "101")
    exam_day(world, "200", tuk="TUK-3", lsp="LSP-2", met="MET.3", slot=2)
    day.open()
    world.at(EXAM_ON, 8, 10)
    day.scan("100")

    world.at(EXAM_ON, 8, 40)
    first, planned = _ask(world, screen_monitoring.sessions)["rows"]
    world.at(EXAM_ON, 8, 41)
    later, _ = _ask(world, screen_monitoring.sessions)["rows"]

    assert (first["tuk_code"], first["listed"], first["present"]) == ("TUK-1", 2, 1)
    assert first["last_at"] == "2026-03-09T01:10:00"
    assert (first["is_silent"], later["is_silent"]) == (False, True)
    assert (planned["tuk_code"], planned["last_at"], planned["is_silent"]) == ("TUK-3", None, False)


def test_the_day_may_be_chosen_and_counts_what_is_under_way(world):
    exam_day(world, "100").open()
    exam_day(world, "200", slot=2)

    shown = _ask(world, screen_monitoring.sessions)
    world.at(EXAM_ON + dt.timedelta(days=1))

    assert (shown["day"], shown["total"], shown["under_way"]) == (EXAM_ON.isoformat(), 2, 1)
    assert _ask(world, screen_monitoring.sessions)["total"] == 0
    assert _ask(world, screen_monitoring.sessions, day=EXAM_ON)["total"] == 2


def test_twenty_sessions_stand_on_a_page(world):
    for slot in range(1, 23):
        exam_day(world, slot=slot)

    parts = [_ask(world, screen_monitoring.sessions, offset=offset) for offset in (0, 20, 40)]

    assert [(len(part["rows"]), part["total"]) for part in parts] == [(20, 22), (2, 22), (0, 22)]


def test_sessions_are_found_by_place_and_state(world):
    exam_day(world, "100").open()
    exam_day(world, "200", tuk="TUK-3", lsp="LSP-2", met="MET.3", slot=2)

    def found(**asked):
        return [row["tuk_code"] for row in _ask(world, screen_monitoring.sessions, **asked)["rows"]]

    assert found(search="tuk-3") == found(search="lsp-2") == found(status="PLANNED") == ["TUK-3"]
    assert found(status="OPEN", search="TUK 1") == ["TUK-1"]
    assert _ask(world, screen_monitoring.sessions, search="%") == {
        **_ask(world, screen_monitoring.sessions, search="_"), "rows": [], "total": 0, "under_way": 1,
    }  # fmt: skip


def test_a_station_that_stopped_asking_is_silent_and_one_that_should_answer_today_is_missed(world):
    day = exam_day(world, "100")
    day.open()
    for station, minutes in (("ST-2", 4), ("ST-3", 6)):
        world.write(
            "insert into posko.station_seen (station_code, key_id, seen_at, skew_ms, last_counter, version)"
            " values (:station, repeat('0', 32), :at, 0, 1, '1')",
            station=station,
            at=world.now - dt.timedelta(minutes=minutes),
        )

    shown = {row["station_code"]: row["is_silent"] for row in _ask(world, screen_monitoring.stations)["rows"]}
    only = _ask(world, screen_monitoring.stations, search="st-2")

    assert [row["station_code"] for row in only["rows"]] == ["ST-2"]
    assert shown == {"ST-1": True, "ST-3": True, "ST-2": False}


def test_each_stage_says_who_waits_for_it_and_since_when(world):
    day = exam_day(world, "100", "101", "102")
    day.test_with("100", "101")

    stages = {row["stage"]: row for row in _ask(world, screen_monitoring.stages)}

    assert {name: row["waiting"] for name, row in stages.items() if row["waiting"]} == {"assess": 2, "again": 1}
    assert stages["assess"]["oldest_days"] == 0
    assert stages["publish"] == {
        "stage": "publish", "waiting": 0, "oldest_days": None, "done": 0, "lead_hours": None,
    }  # fmt: skip


def test_lead_times_are_the_means_of_what_was_finished_lately(world):
    day = exam_day(world, "100")
    day.test_with("100")
    world.at(EXAM_ON, 11)
    day.score({"100": GOOD})
    decided(world, "900", met="MET.2")
    publish(world)

    stages = {row["stage"]: row for row in _ask(world, screen_monitoring.stages)}

    assert (stages["assess"]["done"], stages["assess"]["lead_hours"]) == (1, 3.0)
    # Decided on 11 March at 0:00 UTC, published at the meeting of 16 March, 09:00 WIB.
    assert (stages["publish"]["done"], stages["publish"]["lead_hours"]) == (1, 122.0)


def test_lead_times_older_than_thirty_days_are_gone(world):
    decided(world, "900")
    publish(world)
    world.at(EXAM_ON + dt.timedelta(days=60))

    stages = {row["stage"]: row for row in _ask(world, screen_monitoring.stages)}

    assert stages["publish"]["done"] == 0


def test_gates_show_their_newest_outcome_and_what_did_not_pass(world):
    wrong = SimpleNamespace(name="tki_id unik", outcome="failed", observed="3 ganda", only_warns=False)
    run = SimpleNamespace(gate="received", outcome="failed", checked_at=world.now, expectations=[wrong])
    with world.office.engine.begin() as db:
        check_run.record(db, run)

    received, allocation, *later = _ask(world, screen_monitoring.gates)

    assert (received["outcome"], received["not_passed"]) == ("failed", {"tki_id unik": "3 ganda"})
    assert (allocation["gate"], allocation["outcome"]) == ("allocation", None)
    assert [row["gate"] for row in later] == ["results", "return"]


ACTS = [screen_monitoring.sessions, screen_monitoring.stations, screen_monitoring.stages, screen_monitoring.gates]


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_only_bnsp_the_super_administrator_and_the_auditor_watch(world, what, who):
    with pytest.raises(NotPermitted):
        _ask(world, what, who)
    for allowed in ("SA1", "AU1"):
        _ask(world, what, allowed)


@pytest.mark.parametrize(
    ("what", "more", "code"),
    [
        (screen_monitoring.sessions, {"day": "kemarin"}, "NOT_A_DATE"),
        (screen_monitoring.sessions, {"day": dt.date(1, 1, 1)}, "DATE_FAR"),
        (screen_monitoring.sessions, {"offset": -1}, "NOT_A_NUMBER"),
        (screen_monitoring.sessions, {"limit": 100_001}, "NOT_A_NUMBER"),
        (screen_monitoring.sessions, {"status": "' or 1=1"}, "NOT_IN_LIST"),
        (screen_monitoring.sessions, {"search": "9" * 65}, "TEXT_TOO_LONG"),
        (screen_monitoring.stations, {"limit": None}, "NOT_A_NUMBER"),
        (screen_monitoring.stations, {"search": "a\x00"}, "TEXT_CONTROL"),
    ],
)
def test_a_wrong_day_or_page_is_refused_in_words(world, what, more, code):
    with pytest.raises(Refused) as refused:
        _ask(world, what, **more)

    assert refused.value.code == code
