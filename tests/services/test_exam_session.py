"""The exam day of a session: opened on its day, ended, released, called off (§9.4, §13.1-13.7; R-046, R-063, R-127, X4)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.services import exam_session
from tests.support.exam import exam_day

pytestmark = pytest.mark.server


def test_the_tuk_opens_the_day_on_its_own_day(world):
    day = exam_day(world, "100")

    day.open()

    assert day.state() == "OPEN"
    assert world.events() == [("session.open", "session", str(day.session_id))]


@pytest.mark.parametrize("other", [EXAM_ON - dt.timedelta(1), EXAM_ON + dt.timedelta(1)])
def test_no_other_day_opens_it(world, other):
    day = exam_day(world, "100")
    world.at(other, 8)

    with pytest.raises(Refused) as refused:
        day.open()

    assert (refused.value.code, refused.value.rule) == ("NOT_THE_DAY", "DV-S02")
    assert (day.state(), day.rules()) == ("PLANNED", ["DV-S02"])


def test_the_day_is_that_of_western_indonesia(world):
    day = exam_day(world, "100")
    world.at(EXAM_ON, 0, 1)  # the evening before in UTC

    day.open()

    assert day.state() == "OPEN"


@pytest.mark.parametrize(
    ("statement", "code", "rule"),
    [
        ("insert into posko.closed_day values ('2026-03-09', '*', 'Libur')", "TUK_CLOSED_TODAY", "DV-S02"),
        ("insert into posko.closed_day values ('2026-03-09', 'TUK-1', 'Banjir')", "TUK_CLOSED_TODAY", "DV-S02"),
        (
            "insert into posko.suspension values (1, 'TUK', 'TUK-1', '2026-03-09', null, 'x')",
            "TUK_NOT_IN_FORCE",
            "DV-A03",
        ),
        (
            "insert into posko.suspension values (1, 'LSP', 'LSP-1', '2026-03-01', null, 'x')",
            "TUK_NOT_IN_FORCE",
            "DV-A03",
        ),
        ("update posko.lsp set valid_until = '2026-03-08' where lsp_code = 'LSP-1'", "TUK_NOT_IN_FORCE", "DV-A03"),
        ("update posko.tuk_lsp set valid_until = '2026-03-08' where tuk_code = 'TUK-1'", "TUK_NOT_IN_FORCE", "DV-A03"),
    ],
)
def test_a_closed_day_or_a_lapsed_licence_opens_nothing(world, statement, code, rule):
    day = exam_day(world, "100")
    world.write(statement)

    with pytest.raises(Refused) as refused:
        day.open()

    assert (refused.value.code, refused.value.rule, day.state()) == (code, rule, "PLANNED")


def test_another_tuk_may_not_open_it(world):
    day = exam_day(world, "100")

    with pytest.raises(NotPermitted) as refused:
        world.desk("TU2").do(exam_session.open_day, session_id=day.session_id)

    assert (refused.value.rule, day.state()) == ("DV-X04", "PLANNED")


def test_the_super_administrator_opens_it_only_with_a_reason_and_on_behalf_of_the_tuk(world):
    day = exam_day(world, "100")
    with pytest.raises(NotPermitted):
        world.desk("SA1").do(exam_session.open_day, session_id=day.session_id)

    world.desk("SA1", on_behalf="Administrator TUK sakit").do(exam_session.open_day, session_id=day.session_id)

    assert world.value("select on_behalf_of from posko_audit.audit_event where outcome = 'ok'") == "TUK-1"


def test_of_sixteen_openings_at_once_one_counts(world):
    day = exam_day(world, "100")

    def opens(_):
        try:
            day.open()
        except IllegalMove:
            return 0
        return 1

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(opens, range(16))) == 1


def test_an_unknown_session_is_told_only_to_who_may(world):
    with pytest.raises(Refused) as refused:
        world.desk("TU1").do(exam_session.open_day, session_id=99)
    assert refused.value.code == "UNKNOWN_SESSION"

    with pytest.raises(NotPermitted):
        world.desk("KO1").do(exam_session.open_day, session_id=99)


def test_today_tells_the_sessions_of_the_own_tuk_with_counts(world):
    day = exam_day(world, "100", "101")
    exam_day(world, "102", met="MET.2", slot=2)
    exam_day(world, "103", tuk="TUK-2", met="MET.2")
    day.open()
    day.scan("100")

    found = world.desk("TU1").do(exam_session.today, tuk_code="TUK-1")

    told = [(row["session_id"], row["label"], row["candidates"], row["present"]) for row in found]
    assert told == [(day.session_id, "DIBUKA", 2, 1), (day.session_id + 1, "DIRENCANAKAN", 1, 0)]
    assert ("session.today", "tuk", "TUK-1") in world.events()


@pytest.mark.parametrize(
    ("who", "code", "wanted"),
    [
        ("TU1", "TUK-2", "NotPermitted"),
        ("TU1", "", "TEXT_EMPTY"),
        ("TU1", None, "TEXT_EMPTY"),
        ("TU1", "T" * 21, "TEXT_TOO_LONG"),
        ("TU1", "TUK\x00", "TEXT_CONTROL"),
        ("BN1", "TUK-1", "NotPermitted"),
        ("SA1", "3603054105830001", "LOOKS_LIKE_NIK"),
    ],
)
def test_today_of_another_tuk_or_of_none_is_refused(world, who, code, wanted):
    with pytest.raises(Refused) as refused:
        world.desk(who).do(exam_session.today, tuk_code=code)

    assert refused.value.code == wanted


def test_the_whole_day_ends_with_everybody_closed(world):
    day = exam_day(world, "100", "101", "102")
    day.open()
    day.scan("100")
    day.scan("101")
    day.verify()

    assert day.end() == {"tested": 2, "absent": 1}
    assert [world.status(tki) for tki in ("100", "101", "102")] == ["TESTED", "TESTED", "ABSENT"]
    assert world.ask("select id_as_typed, tries, proof_id from posko.attendance where outcome = 'ABSENT'") == [
        ("102", 0, None)
    ]
    assert day.state() == "ENDED"
    day.release()
    assert day.state() == "SCORING_OPEN"


def test_a_session_where_nobody_sat_is_closed_at_once(world):
    day = exam_day(world, "100")
    day.open()

    assert day.end() == {"tested": 0, "absent": 1}
    assert (day.state(), world.status("100")) == ("CLOSED", "ABSENT")


def test_with_somebody_present_it_does_not_end_without_a_verified_assessor(world):
    day = exam_day(world, "100")
    day.open()
    day.scan("100")

    with pytest.raises(Refused) as refused:
        day.end()

    assert (refused.value.code, refused.value.rule) == ("ASESOR_NOT_VERIFIED", "DV-S04")
    assert (day.state(), world.status("100")) == ("OPEN", "PRESENT")


def test_it_does_not_end_before_its_whole_list_was_acknowledged(world):
    day = exam_day(world, "100", status="DISTRIBUTED")
    day.open()

    with pytest.raises(Refused) as refused:
        day.end()

    assert refused.value.code == "LIST_NOT_ACKNOWLEDGED"


def test_a_planned_session_does_not_end_and_an_ended_one_does_not_end_again(world):
    day = exam_day(world, "100")
    with pytest.raises(IllegalMove):
        day.end()
    day.open()
    day.end()

    with pytest.raises(IllegalMove):
        day.end()

    assert day.rules() == ["DV-X01", "DV-X01"]


def test_a_scan_and_the_end_at_once_leave_everybody_with_one_outcome(world):
    day = exam_day(world, *(str(number) for number in range(100, 112)))
    day.open()
    day.scan("100")
    day.verify()

    def does(number):
        try:
            return day.end() if number == 106 else day.scan(str(number))
        except Refused:
            return None

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(does, range(101, 112)))

    assert world.value("select count(*) from posko.attendance") == 12
    assert (
        world.value(
            "select count(*) from posko.journey join posko.attendance using (journey_id)"
            " where (outcome = 'PRESENT') <> (status = 'TESTED')"
        )
        == 0
    )


def test_scoring_stays_closed_while_somebody_on_the_list_is_not_closed(world):
    day = exam_day(world, "100", "101")
    day.open()
    day.scan("100")
    day.verify()
    day.end()
    world.write("update posko.journey set status = 'ACKNOWLEDGED' where tki_id = '101'")

    with pytest.raises(Refused) as refused:
        day.release()

    assert (refused.value.code, refused.value.rule, day.state()) == ("LIST_NOT_CLOSED", "DV-N02", "ENDED")


def test_scoring_is_not_opened_before_the_end(world):
    day = exam_day(world, "100")
    day.open()

    with pytest.raises(Refused) as refused:
        day.release()
    assert (refused.value.code, refused.value.rule) == ("LIST_NOT_CLOSED", "DV-N02")
    day.end()

    with pytest.raises(IllegalMove):
        day.release()  # nobody sat, so it was closed


def test_a_double_submit_ends_the_session_once(world):
    day = exam_day(world, "100")
    day.open()
    desk = world.desk("TU1").once("form-1")

    first = desk.do(exam_session.end_session, session_id=day.session_id)

    assert desk.do(exam_session.end_session, session_id=day.session_id) == first


def test_who_had_another_part_for_a_candidate_does_not_act_for_the_tuk(world):
    day = exam_day(world, "100")
    day.open()
    world.write("insert into posko.part_held values (:id, 'TU1', 'LSP', '2026-03-02')", id=day.journeys["100"])

    with pytest.raises(Refused) as refused:
        day.scan("100")

    assert (refused.value.code, refused.value.rule, world.status("100")) == ("TWO_PARTS", "DV-N06", "ACKNOWLEDGED")
