"""A Super Administrator acts in another's place: why, in whose, no further than that body itself, and listed for review (R-069)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.matrix import Command, Role
from posko.domain.roles import Act, Party, Principal, permit
from posko.services import behalf, distribution, exam_session, registry_entries
from posko.services.office import ACTS, act
from tests.support.exam import exam_day
from tests.support.preparation import refused, released


@act("test.register_for", Command.REGISTER)
def registers(tx):
    tx.permit()
    tx.record("tki", "100")


@pytest.fixture(autouse=True, scope="module")
def _own_acts():
    yield
    del ACTS["test.register_for"]


def part_of(parts, receiver):
    return next(part["batch_id"] for part in parts if part["receiver_code"] == receiver)


def listed(world, who="AU1", **more):
    return world.desk(who).do(behalf.on_behalf_acts, **more)


@pytest.mark.server
def test_what_is_done_on_behalf_is_marked_and_listed_for_review(world):
    desk = behalf.on_behalf(world.desk("SA1"), "Konsorsium tidak dapat dihubungi", "KONSORSIUM")
    desk.do(registers)
    world.desk("SA2").do(registry_entries.history, register="lsp", key="LSP-1")

    found = listed(world)

    assert found["total"] == 1
    (row,) = found["rows"]
    assert (row["actor_id"], row["on_behalf_of"], row["action"], row["outcome"]) == (
        "SA1", "KONSORSIUM", "test.register_for", "ok",
    )  # fmt: skip
    assert row["reason"] == "Konsorsium tidak dapat dihubungi"
    assert listed(world, "BN1", since="2199-01-01") == {"rows": [], "total": 0}


@pytest.mark.server
def test_a_refused_attempt_on_behalf_is_listed_too(world):
    parts = released(world, "100")
    desk = behalf.on_behalf(world.desk("SA1"), "TUK tutup", "TUK:TUK-1")
    desk.do(distribution.acknowledge, batch_id=part_of(parts, "TUK-1"))

    refused(desk, distribution.acknowledge, batch_id=part_of(parts, "LSP-1"))
    refused(desk, distribution.acknowledge, batch_id=part_of(parts, "TUK-1"))

    shown = [(row["on_behalf_of"], row["outcome"], row["code"]) for row in listed(world, outcome="refused")["rows"]]
    assert shown == [("TUK-1", "refused", "BATCH_TAKEN_OVER")]
    assert [row["action"] for row in listed(world, outcome="ok")["rows"]][:1] == ["distribution.acknowledge"]


@pytest.mark.server
def test_the_list_is_filtered_by_person_body_and_day_and_paged(world):
    for person, party in (("SA1", "KONSORSIUM"), ("SA2", "KONSORSIUM"), ("SA1", "KONSORSIUM")):
        behalf.on_behalf(world.desk(person), "libur", party).do(registers)
    today = dt.datetime.now(dt.UTC).date()

    assert [row["actor_id"] for row in listed(world)["rows"]] == ["SA1", "SA2", "SA1"]
    assert listed(world, person_id="SA2")["total"] == 1
    assert listed(world, party="LSP-1")["total"] == 0
    assert listed(world, party="KONSORSIUM", limit=1, offset=1)["rows"][0]["actor_id"] == "SA2"
    assert listed(world, since=today - dt.timedelta(days=1), until=today + dt.timedelta(days=1))["total"] == 3
    assert listed(world, until="2020-01-01")["total"] == 0


@pytest.mark.server
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"since": "2026"}, "NOT_A_DATE"),
        ({"since": 7}, "NOT_A_DATE"),
        ({"until": "2026-02-30"}, "NOT_A_DATE"),
        ({"since": dt.datetime.fromisoformat("2026-01-01T00:00")}, "NOT_A_DATE"),
        ({"person_id": "<script>"}, "NO_SUCH_CODE"),
        ({"party": "' or 1=1 --"}, "NO_SUCH_CODE"),
        ({"outcome": "x"}, "NOT_IN_LIST"),
        ({"limit": 0}, "NOT_A_NUMBER"),
        ({"offset": -1}, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_question_of_the_review_is_refused_in_words(world, more, code):
    with pytest.raises(Refused) as found:
        listed(world, "SA1", **more)
    assert found.value.code == code


@pytest.mark.server
@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_the_review_list_is_not_for_those_whom_it_is_about(world, who):
    with pytest.raises(Refused):
        listed(world, who)


@pytest.mark.server
@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "BN1", "AU1"])
@pytest.mark.parametrize("what", [behalf.begin, behalf.end, behalf.parties])
def test_nobody_but_a_super_administrator_acts_on_behalf(world, who, what):
    given = {"reason": "alasan"} if what is behalf.begin else {}

    with pytest.raises(Refused) as found:
        world.desk(who).do(what, **given)

    assert (found.value.code, found.value.rule) == ("BEHALF_NOT_SUPER", "DV-X04")
    assert world.events("refused") == [(what.meta.name, "session", who)]


@pytest.mark.server
@pytest.mark.parametrize(
    ("reason", "party", "code"),
    [
        ("", "KONSORSIUM", "TEXT_EMPTY"),
        (None, None, "TEXT_EMPTY"),
        ("x" * 501, None, "TEXT_TOO_LONG"),
        ("3603054105830001", None, "LOOKS_LIKE_NIK"),
        ("libur", "BNSP", "NOT_IN_LIST"),
        ("libur", "LSP", "TEXT_EMPTY"),
        ("libur", "LSP:LSP-9", "NO_SUCH_CODE"),
        ("libur", "TUK:<script>", "NO_SUCH_CODE"),
        ("libur", 7, "NOT_IN_LIST"),
    ],
)
def test_acting_on_behalf_needs_a_reason_and_a_body_that_is_there(world, reason, party, code):
    with pytest.raises(Refused) as found:
        behalf.on_behalf(world.desk("SA1"), reason, party)
    assert found.value.code == code


@pytest.mark.server
def test_the_bodies_are_the_konsorsium_and_every_lsp_and_tuk_of_the_registers(world):
    found = world.desk("SA1").do(behalf.parties)

    assert [row["party"] for row in found] == [
        "KONSORSIUM", "LSP:LSP-1", "LSP:LSP-2", "TUK:TUK-1", "TUK:TUK-2", "TUK:TUK-3",
    ]  # fmt: skip
    assert found[1]["name"] == "LSP 1"


@pytest.mark.server
def test_beginning_and_ending_stand_in_the_log(world):
    behalf.on_behalf(world.desk("SA1"), "libur", "LSP:LSP-1")
    world.desk("SA1").do(behalf.end)

    assert [action for action, *_ in world.events()] == ["session.begin_on_behalf", "session.end_on_behalf"]


def _super(party):
    return Principal(Role.SUPER, "SA1", on_behalf="libur", party=party)


@pytest.mark.parametrize(
    ("party", "command", "scope", "is_right"),
    [
        (Party(Role.KONSORSIUM), Command.REGISTER, {}, True),
        (Party(Role.KONSORSIUM), Command.ATTEND, {"tuk_code": "TUK-1"}, False),
        (Party(Role.TUK, "TUK-1"), Command.ATTEND, {"tuk_code": "TUK-1"}, True),
        (Party(Role.TUK, "TUK-1"), Command.ATTEND, {"tuk_code": "TUK-2"}, False),
        (Party(Role.TUK, "TUK-1"), Command.REGISTER, {}, False),
        (Party(Role.LSP, "LSP-1"), Command.DECIDE, {"lsp_code": "LSP-1"}, True),
        (Party(Role.LSP, "LSP-1"), Command.DECIDE, {"lsp_code": None}, False),
        (Party(Role.LSP, "LSP-1"), Command.SCORE, {"session_id": 1}, False),
        (None, Command.ATTEND, {"tuk_code": "TUK-2"}, True),
    ],
)
def test_acting_in_a_place_reaches_no_further_than_the_body_itself(party, command, scope, is_right):
    if is_right:
        assert permit(_super(party), command, **scope).is_on_behalf
        return
    with pytest.raises(NotPermitted):
        permit(_super(party), command, **scope)


@pytest.mark.parametrize("command", [Command.BALANCE, Command.SEARCH, Command.READ_LOG])
def test_the_own_rights_of_a_super_administrator_stay_hers_meanwhile(command):
    assert not permit(_super(Party(Role.TUK, "TUK-1")), command, act=Act.READ).is_on_behalf


@pytest.mark.server
def test_an_exam_day_in_the_place_of_another_tuk_is_refused(world):
    day = exam_day(world, "100", tuk="TUK-2", met="MET.2")
    desk = behalf.on_behalf(world.desk("SA1"), "TUK tutup", "TUK:TUK-1")

    assert refused(desk, exam_session.open_day, session_id=day.session_id).code == "NotPermitted"
    assert day.state() == "PLANNED"
