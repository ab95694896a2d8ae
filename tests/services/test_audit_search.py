"""The audit log is searched by whom, act, object, TKI, place, outcome and day, page behind page (R-021, R-025, R-180)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted
from posko.services import audit_search, registration, screen_home, verification
from tests.support.preparation import refused
from tests.support.way import whole_way

pytestmark = pytest.mark.server
WRONG = ["0" * 16, "a\x00b", "\u202eAU1", "x" * 500, 7, ["BN1"]]


def search(world, by="AU1", *, after=None, limit=20, offset=0, **asked):
    """Search as one of the staff."""
    return world.desk(by).do(audit_search.search, asked=asked, after=after, limit=limit, offset=offset)


def fill(world, *people, tki="9264729"):
    """Let people search for a TKI, one event each, in their order."""
    for who in people:
        world.desk(who).do(registration.search, tki_id=tki)


def test_the_newest_event_comes_first_and_the_search_itself_is_recorded(world):
    world.add_tki("9264729")
    fill(world, "KO1", "BN1", "SA1")

    told = search(world)

    assert [row["actor"] for row in told["rows"]] == ["SA1", "BN1", "KO1"]
    assert told["total"] == 3
    assert told["next"] is None
    assert told["looked_to"] is None
    (newest, *_) = search(world)["rows"]
    assert (newest["action"], newest["actor"], newest["entity"]) == ("audit.search", "AU1", "audit")


def test_each_filter_finds_its_events_and_together_they_narrow(world):
    world.add_tki("9264729")
    fill(world, "KO1", "KO1", "BN1")
    fill(world, "KO1", tki="9264730")
    with pytest.raises(NotPermitted):
        world.desk("AS1").do(registration.search, tki_id="9264729")

    assert [row["actor"] for row in search(world, who="KO1")["rows"]] == ["KO1"] * 3
    assert [row["actor"] for row in search(world, action="registration.search")["rows"]] == [
        "AS1",
        "KO1",
        "BN1",
        "KO1",
        "KO1",
    ]
    assert len(search(world, entity="tki", key="9264729")["rows"]) == 4
    assert [row["outcome"] for row in search(world, outcome="refused")["rows"]] == ["refused"]
    assert [row["outcome"] for row in search(world, action="registration.search", outcome="failed")["rows"]] == [
        "failed"
    ]
    assert len(search(world, place="simulasi", action="registration.search")["rows"]) == 5
    assert search(world, place="TUK-9")["rows"] == []


def test_all_that_is_about_a_tki_is_found_her_journey_and_certificate_too_and_nobody_elses(world):
    whole_way(world, {"9000001": "K", "9000010": "K"})
    number = world.value("select certificate_no from posko.certificate where tki_id = '9000001'")
    world.desk("BN1").do(verification.verify, certificate_no=number, secure_code="000000")

    found = search(world, tki="9000001", limit=100)["rows"]

    assert {row["entity"] for row in found} >= {"journey", "certificate"}
    keys = {row["key"] for row in found}
    assert all(key.startswith("9000001/") or key in {"9000001", number} for key in keys)
    assert search(world, tki="900000")["rows"] == []


def test_days_are_those_of_western_indonesia(world):
    world.add_tki("9264729")
    fill(world, "KO1", "BN1")
    world.write("update posko_audit.audit_event set occurred_at = '2026-03-01 16:59:59' where actor_id = 'KO1'")
    world.write("update posko_audit.audit_event set occurred_at = '2026-03-01 17:00:00' where actor_id = 'BN1'")

    assert [row["actor"] for row in search(world, since="2026-03-01", until="2026-03-01")["rows"]] == ["KO1"]
    assert [row["actor"] for row in search(world, since="2026-03-02", until="2026-03-02")["rows"]] == ["BN1"]


def test_pages_go_on_behind_the_last_row_though_events_are_written_meanwhile(world):
    world.add_tki("9264729")
    fill(world, *(["KO1"] * 7))
    first = search(world, limit=3, who="KO1")
    fill(world, "KO1", "KO1")

    second = search(world, limit=3, who="KO1", after=first["next"])
    third = search(world, limit=3, who="KO1", after=second["next"])

    seen = [row["event_id"] for part in (first, second, third) for row in part["rows"]]
    assert len(seen) == 7
    assert seen == sorted(set(seen), reverse=True)
    assert third["next"] is None
    assert [row["event_id"] for row in search(world, limit=2, offset=4, who="KO1", after=first["next"])["rows"]] == []
    assert [
        row["event_id"] for row in search(world, limit=2, offset=3, who="KO1", after=first["next"])["rows"]
    ] == seen[6:]


def test_events_of_one_moment_are_neither_left_out_nor_shown_twice(world):
    world.add_tki("9264729")
    fill(world, *(["KO1"] * 9))
    world.write("update posko_audit.audit_event set occurred_at = '2026-03-01 10:00:00'")
    seen, after = [], None
    for _ in range(5):
        told = search(world, limit=2, who="KO1", after=after)
        seen += [row["event_id"] for row in told["rows"]]
        after = told["next"]

    assert len(seen) == len(set(seen)) == 9


def test_where_no_index_helps_the_look_is_bounded_and_says_so(world, monkeypatch):
    world.add_tki("9264729")
    fill(world, *(["KO1"] * 12))
    monkeypatch.setattr(audit_search, "LOOKED_AT", 5)

    told = search(world, place="simulasi")

    assert 5 <= len(told["rows"]) <= 6
    assert told["looked_to"] == told["rows"][-1]["at"]
    older = (dt.datetime.fromisoformat(told["looked_to"]) - dt.timedelta(days=2)).date().isoformat()
    assert search(world, place="simulasi", until=older)["rows"] == []
    assert search(world, who="KO1", place="simulasi", limit=50)["total"] == 12  # an index leads to them: all are seen


def test_a_role_that_sees_only_her_own_events_gets_them_and_no_others(world):
    world.add_tki("9264729")
    world.desk("LS1").do(screen_home.who)
    fill(world, "KO1")

    assert [row["actor"] for row in search(world, "LS1", who="LS1")["rows"]] == ["LS1"]
    for asked in ({}, {"who": "KO1"}, {"tki": "9264729"}):
        assert refused(world.desk("LS1"), audit_search.search, asked=asked).rule == "DV-X04"
    with pytest.raises(NotPermitted):
        search(world, "KO1")


def test_nonsense_is_refused_in_words_and_is_no_sql(world):
    desk = world.desk("AU1")
    for name in audit_search.NAMES:
        for value in WRONG:
            refused(desk, audit_search.search, asked={name: value})
    for asked in ({"no_such": "1"}, [1], "who"):
        refused(desk, audit_search.search, asked=asked)
    for part in ({"limit": 0}, {"limit": 10**7}, {"offset": -1}, {"after": 10**15}, {"after": "1"}):
        refused(desk, audit_search.search, **part)
    assert search(world, who="BN1", action="' or 1=1 --")["rows"] == []


def test_the_names_of_acts_are_offered(world):
    world.add_tki("9264729")
    fill(world, "KO1")

    assert "registration.search" in world.desk("AU1").do(audit_search.actions)
