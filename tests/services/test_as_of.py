"""As-of: the state of any time is told by the log alone, and replay to now gives the tables (F35, DV-X06)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.db import packed
from posko.domain.case_status import CaseStatus
from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.domain.session_status import SessionStatus
from posko.domain.status import SideStatus, Status
from posko.services import as_of, journeys
from posko.services.office import ACTS, act
from posko.services.replay_since import compare_since
from tests.support.way import whole_way

pytestmark = pytest.mark.server

START = dt.datetime.fromisoformat("2026-03-02T01:00")
WAY = (Status.REGISTERED, Status.SCHEDULED, Status.ALLOCATED, Status.RETURNED_TO_BNSP)


@act("asof.open", None)
def opens(tx, *, ids, number=1):
    return [row["journey_id"] for row in journeys.open_journeys(tx, [(tki_id, "TLRT") for tki_id in ids])]


@act("asof.move", None)
def moves(tx, *, ids, to):
    journeys.advance_many(tx, journeys.read_many(tx, ids), to)


@act("asof.side", None)
def sides(tx, *, journey_id, side, stands=True):
    journeys.set_side_of(tx, journeys.read(tx, journey_id), side, stands=stands)


@act("asof.list", None)
def lists(tx):
    tx.record("journey", "*", {"rows": 3})


@act("asof.case", None)
def case(tx, *, case_id, before, to):
    tx.record("case", case_id, {"from": before and before.value, "to": to.value})


@act("asof.look", None)
def looks(tx, *, journey_id):
    tx.record("journey", journeys.name_of(journeys.read(tx, journey_id)), {"shown": True})


@pytest.fixture(autouse=True, scope="module")
def _own_acts():
    yield
    for name in [name for name in ACTS if name.startswith("asof.")]:
        del ACTS[name]


@pytest.fixture
def db(world):
    """A connection of the account that only reads."""
    engine = world.server.engine("posko_export", "posko")
    with engine.connect() as made:
        yield made
    engine.dispose()


def walk(world, *ids, way=WAY):
    """Let the TKI go their way, one step an hour."""
    made = world.desk(None).do(opens, ids=ids)
    for status in way:
        world.now += dt.timedelta(hours=1)
        world.desk(None).do(moves, ids=made, to=status)
    return made


def states(db, tki_id, at):
    return [one.state.status.name for one in as_of.journey_at(db, tki_id, at)]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (-0.01, []),
        (0, ["SENT_TO_KONSORSIUM"]),
        (0.99, ["SENT_TO_KONSORSIUM"]),
        (1, ["REGISTERED"]),
        (3.5, ["ALLOCATED"]),
        (400, ["RETURNED_TO_BNSP"]),
    ],
)
def test_the_state_of_any_time_is_told(world, db, hours, expected):
    walk(world, "100")

    assert states(db, "100", START + dt.timedelta(hours=hours)) == expected


def test_the_tables_are_not_asked(world, db):
    walk(world, "100")
    world.write("delete from posko.journey")

    assert states(db, "100", None) == ["RETURNED_TO_BNSP"]


def test_history_names_time_act_and_actor_and_refused_attempts(world, db):
    (journey_id,) = walk(world, "100", way=WAY[:1])
    with pytest.raises(IllegalMove):
        world.desk(None).do(moves, ids=[journey_id], to=Status.CLOSED)

    (found,) = as_of.journey_at(db, "100")

    assert [(step.action, step.outcome, step.actor, step.at.hour) for step in found.history] == [
        ("asof.open", "ok", "posko", 1),
        ("asof.move", "ok", "posko", 2),
        ("asof.move", "refused", "posko", 2),
    ]
    assert found.since == START + dt.timedelta(hours=1)
    assert found.state.status is Status.REGISTERED


def test_attempts_sides_and_later_journeys_are_told_apart(world, db):
    (first,) = walk(world, "100")
    world.write("update posko.journey set status = 'CERTIFIED'")
    world.write("update posko_audit.audit_event set payload = replace(payload, 'RETURNED_TO_BNSP', 'CERTIFIED')")
    world.desk(None).do(sides, journey_id=first, side=SideStatus.SUSPENDED)
    suspended = world.now
    world.now += dt.timedelta(hours=1)
    world.desk(None).do(sides, journey_id=first, side=SideStatus.SUSPENDED, stands=False)
    world.write("update posko.journey set status = 'CLOSED'")
    walk(world, "100", way=WAY[:2])

    then = as_of.journey_at(db, "100", suspended)
    now = as_of.journey_at(db, "100")

    assert [one.state.sides for one in then] == [frozenset({SideStatus.SUSPENDED})]
    assert [(one.journey_no, one.state.status.name, sorted(one.state.sides)) for one in now] == [
        (1, "CERTIFIED", []),
        (2, "SCHEDULED", []),
    ]


def test_ids_that_begin_alike_are_not_mixed_up(world, db):
    walk(world, "1", "10", "1/2", "1%", way=WAY[:1])

    assert [one.tki_id for one in as_of.journey_at(db, "1")] == ["1"]
    assert [one.tki_id for one in as_of.journey_at(db, "1/2")] == ["1/2"]
    assert [one.tki_id for one in as_of.journey_at(db, "1%")] == ["1%"]
    assert as_of.journey_at(db, "_") == []


def test_events_that_do_not_follow_from_each_other_are_said(world, db):
    walk(world, "100")
    world.write('delete from posko_audit.audit_event where payload like \'%"to":"SCHEDULED"%\'')

    (found,) = as_of.journey_at(db, "100")

    assert "SCHEDULED" in found.problem
    assert found.state.status is Status.REGISTERED


def test_sessions_and_cases_are_told_too(world, db):
    whole_way(world, {"100": "K"})
    number = world.value("select session_id from posko.exam_session")
    world.desk(None).do(case, case_id=7, before=None, to=CaseStatus.OPEN)
    world.now += dt.timedelta(hours=1)
    world.desk(None).do(case, case_id=7, before=CaseStatus.OPEN, to=CaseStatus.TRIAGE)

    planned, closed = as_of.session_at(db, number, START), as_of.session_at(db, number)

    assert as_of.session_at(db, number, START - dt.timedelta(hours=1)).status is None
    assert (planned.status, planned.label) == (SessionStatus.PLANNED, "DIRENCANAKAN")
    assert (closed.status, closed.label) == (SessionStatus.CLOSED, "DITUTUP")
    assert [step.told["to"] for step in closed.history if "to" in step.told][:3] == ["PLANNED", "OPEN", "RUNNING"]
    assert as_of.case_at(db, 7, world.now - dt.timedelta(minutes=1)).status is CaseStatus.OPEN
    assert as_of.case_at(db, 7).label == "DIPILAH"
    assert [(one.kind, one.key) for one in as_of.compare_with_tables(db)] == [("NO_ROW", "7")]


def test_replay_to_now_equals_the_tables(world, db, monkeypatch):
    monkeypatch.setattr(packed, "ROWS", 7)
    made = walk(world, *(str(number) for number in range(100, 120)))
    world.desk(None).do(looks, journey_id=made[3])
    world.desk(None).do(lists)
    world.desk(None).do(opens, ids=["900"])
    for _ in range(12):  # more events of one journey than a page holds
        world.desk(None).do(looks, journey_id=made[3])

    assert as_of.compare_with_tables(db) == []


@pytest.mark.parametrize(
    ("tampered", "kind", "words"),
    [
        ("update posko.journey set status = 'CERTIFIED' where tki_id = '101'", "STATE", "tabel menyebut BERSERTIFIKAT"),
        ("update posko.journey set attempt_no = 2 where tki_id = '101'", "STATE", "percobaan 2"),
        ("update posko.journey set is_revoked = 1 where tki_id = '101'", "STATE", "DICABUT"),
        ("update posko.journey set status = 'X' where tki_id = '101'", "STATE", "tidak dikenal"),
        ("delete from posko.journey where tki_id = '101'", "NO_ROW", "tabel tidak mengenalnya"),
        (
            "delete from posko_audit.audit_event where entity_key = '101/TLRT/1'",
            "NO_EVENT",
            "tidak punya satu peristiwa",
        ),
        (
            "delete from posko_audit.audit_event where entity_key = '101/TLRT/1' and payload like '%\"to\":\"ALLOCATED\"%'",
            "BROKEN",
            "tidak bersambung",
        ),
        (
            "update posko_audit.audit_event set payload = '{\"rows\": 1}' where entity_key = '101/TLRT/1'",
            "NO_EVENT",
            "tidak punya satu peristiwa",
        ),
        *(
            (
                f"update posko_audit.audit_event set payload = '{payload}' where entity_key = '101/TLRT/1'",
                "BROKEN",
                "tidak bersambung",
            )
            for payload in ('{"to":"ALLO', '"to"', '{"attempt": 1, "from": null, "to": "X"}')
        ),
    ],
)
def test_a_change_without_event_or_an_event_without_change_is_named(world, db, monkeypatch, tampered, kind, words):
    monkeypatch.setattr(packed, "ROWS", 7)
    walk(world, "100", "101", "102")
    world.write(tampered)

    (found,) = as_of.compare_with_tables(db)

    assert (found.kind, found.tki_id) == (kind, "101")
    assert words in found.sentence
    assert compare_since(db, START - dt.timedelta(days=1)) == [found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-06-06T12:00", "2012-06-06T12:00"),
        ("2012-06-06T12:00+07:00", "2012-06-06T05:00"),
        ("2012-06-06T12:00Z", "2012-06-06T12:00"),
        ("2012-06-06", "2012-06-06T00:00"),
    ],
)
def test_a_time_is_utc_unless_it_names_a_zone(text, expected):
    assert as_of.read_time(text) == dt.datetime.fromisoformat(expected)


def test_looking_is_allowed_by_the_matrix_and_leaves_an_event(world):
    walk(world, "100")

    seen = world.desk("AU1").do(as_of.look, tki_id="100", at="2026-03-02T02:00")

    assert seen["known"] is True
    assert [(one["status"], one["label"]) for one in seen["journeys"]] == [("REGISTERED", "TERDAFTAR")]
    assert world.events()[-1] == ("as_of.look", "tki", "100")


def test_whoever_has_no_journey_is_known_or_not(world):
    world.add_tki("200")

    assert world.desk("BN1").do(as_of.look, tki_id="200") == {"known": True, "journeys": []}
    assert world.desk("BN1").do(as_of.look, tki_id="201") == {"known": False, "journeys": []}


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_who_may_not_read_the_log_may_not_look(world, who):
    with pytest.raises(NotPermitted):
        world.desk(who).do(as_of.look, tki_id="100")

    assert world.events("refused") == [("as_of.look", "tki", "-")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"tki_id": ""}, "TEXT_EMPTY"),
        ({"tki_id": None}, "TEXT_EMPTY"),
        ({"tki_id": 9}, "TEXT_EMPTY"),
        ({"tki_id": "9" * 65}, "TEXT_TOO_LONG"),
        ({"tki_id": "9" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"tki_id": "9\x00"}, "TEXT_CONTROL"),
        ({"tki_id": "3603054105830001"}, "LOOKS_LIKE_NIK"),
        ({"tki_id": "9", "at": "kemarin"}, "NOT_A_DATE"),
        ({"tki_id": "9", "at": None}, "NOT_A_DATE"),
        ({"tki_id": "9", "at": ""}, "NOT_A_DATE"),
        ({"tki_id": "9", "at": "0001-01-01T00:00+14:00"}, "NOT_A_DATE"),
    ],
)
def test_a_wrong_question_is_refused_in_words(world, asked, code):
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(as_of.look, **asked)

    assert refused.value.code == code
