"""Which sessions may be printed by whom, and what is written down when a document leaves (§9.3; R-021, R-106, R-134)."""

from __future__ import annotations

import json

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted
from posko.domain.roles import Principal, Role
from posko.services import print_taken, screen_prints
from tests.support.exam import exam_day
from tests.support.preparation import WRONG, place, refused, registered

TOLD = {"kind": "attendance", "key": "7", "suffix": "pdf", "size": 3, "sha256": "a" * 64}


def numbers(world, who, **asked):
    found = world.desk(who).do(screen_prints.sessions, **asked)
    assert found["total"] == len(found["rows"])
    return [row["session_id"] for row in found["rows"]]


@pytest.fixture
def days(world):
    """Three sessions: one of TUK-1, one of TUK-2, and one that nobody was told of yet."""
    (journey_id,) = registered(world, "300")
    place(world, journey_id, slot=3)
    planned = world.value("select max(session_id) from posko.exam_session")
    first = exam_day(world, "100", "101").session_id
    other = exam_day(world, "200", tuk="TUK-2", met="MET.2", slot=2).session_id
    return first, other, planned


def test_a_tuk_and_an_lsp_find_their_own_sessions_once_somebody_was_handed_to_them(world, days):
    first, other, planned = days

    assert numbers(world, "TU1") == [first]
    assert numbers(world, "TU2") == [other]
    assert numbers(world, "LS1") == [other, first]
    assert numbers(world, "LS2") == []
    assert [numbers(world, who) for who in ("KO1", "BN1", "SA1", "AU1")] == [[other, first, planned]] * 4


def test_a_row_says_where_when_by_whom_and_how_many(world, days):
    (row,) = world.desk("TU1").do(screen_prints.sessions)["rows"]

    told = ("exam_on", "tuk_name", "lsp_code", "asesor_name", "listed", "label")
    assert [row[name] for name in told] == [EXAM_ON, "TUK 1", "LSP-1", "Asesor 1", 2, "DIRENCANAKAN"]
    assert ("print.sessions", "session", "all") in world.events()


def test_sessions_are_found_by_day_state_and_a_part_of_what_they_are_called(world, days):
    first, other, planned = days

    assert numbers(world, "BN1", search="tuk-2") == [other]
    assert numbers(world, "BN1", search="asesor 2") == [other]
    assert numbers(world, "BN1", search="%") == []
    assert numbers(world, "BN1", since=EXAM_ON.isoformat(), until=EXAM_ON.isoformat()) == [other, first, planned]
    assert numbers(world, "BN1", since="2026-04-01") == []
    assert numbers(world, "BN1", status="CLOSED") == []
    assert world.desk("BN1").do(screen_prints.sessions, limit=1, offset=1)["rows"][0]["session_id"] == first


@pytest.mark.parametrize("who", ["AS1", None])
def test_an_assessor_and_the_public_print_no_lists(world, who):
    desk = world.desk(who) if who else world.office.desk(Principal(Role.PUBLIC))

    with pytest.raises(NotPermitted):
        desk.do(screen_prints.sessions)


def test_what_cannot_be_asked_is_refused_in_words(world):
    for name in ("search", "status", "since", "until"):
        for value in WRONG:
            if value not in (None, "", "  ", [], {}):
                refused(world.desk("BN1"), screen_prints.sessions, **{name: value})
    refused(world.desk("BN1"), screen_prints.sessions, limit=0)


def test_who_took_which_document_is_written_down_with_its_digest(world):
    world.desk("TU1").do(print_taken.note, **TOLD)

    ((actor, entity, key, payload),) = world.ask(
        "select actor_id, entity, entity_key, payload from posko_audit.audit_event where action = 'print.taken'"
    )
    assert (actor, entity, key) == ("TU1", "session", "7")
    told = json.loads(payload)
    assert {name: told[name] for name in ("kind", "suffix", "size", "sha256")} == {
        "kind": "attendance",
        "suffix": "pdf",
        "size": "3",
        "sha256": "a" * 64,
    }


def test_a_document_that_is_none_is_refused_and_nothing_is_written_as_done(world):
    for value in WRONG:
        for name in TOLD:
            refused(world.desk("TU1"), print_taken.note, **{**TOLD, name: value})
    refused(world.desk("TU1"), print_taken.note, **{**TOLD, "sha256": "g" * 64})

    assert world.value("select count(*) from posko_audit.audit_event where outcome = 'ok'") == 0
