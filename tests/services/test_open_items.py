"""The list of what is open: who waits, what is late, what nobody confirmed (R-169, R-182)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import appeals, cases, open_items, returns
from posko.services.open_items import BANDS, band_label
from tests.support.decided import EVALUATED_ON, decided, deviation, publish, read_back, send_back

pytestmark = pytest.mark.server


def items(world, kind, who="BN1", **more):
    return [item for item in world.desk(who).do(open_items.open_items, **more) if item["kind"] == kind]


def test_waiting_tki_stand_by_state_and_age(world):
    for number, (status, moved) in enumerate(
        [("ABSENT", "2026-03-10"), ("ABSENT", "2026-01-01"), ("ON_HOLD", "2026-03-12"), ("CERTIFIED", "2026-01-01")], 1
    ):
        decided(world, str(number), status=status)
        world.write("update posko.journey set moved_at = :at where tki_id = :t", at=moved, t=str(number))
    world.at(EVALUATED_ON)

    found = items(world, "WAITING")

    assert [(item["key"], item["count"], item["tki"], item["age_days"]) for item in found] == [
        ("ABSENT/31-90 hari", 1, ["2"], 74),
        ("ABSENT/0-7 hari", 1, ["1"], 6),
        ("ON_HOLD/0-7 hari", 1, ["3"], 4),
    ]
    assert found[0]["what"] == "TIDAK_HADIR: menunggu jadwal baru (percobaan berikutnya)"


def test_the_ages_leave_no_gap():
    assert [band_label(band) for band in range(len(BANDS) + 1)] == [
        "0-7 hari",
        "8-30 hari",
        "31-90 hari",
        "lebih dari 90 hari",
    ]


def test_a_tki_not_acknowledged_after_its_days_is_listed_by_name(world):
    decided(world, "1")
    decided(world, "2")
    publish(world)
    return_id = send_back(world)
    world.desk(None).do(returns.acknowledge, return_batch_id=return_id, read_back=read_back(world, "2"))

    world.at(EVALUATED_ON + dt.timedelta(days=7))
    assert items(world, "RETURN") == []
    world.at(EVALUATED_ON + dt.timedelta(days=8))
    (late,) = items(world, "RETURN", who="AU1")

    assert (late["tki"], late["due_on"], late["age_days"], late["is_overdue"]) == (["1"], "2026-03-23", 8, True)
    assert items(world, "RETURN", day=EVALUATED_ON) == []


def test_the_parameter_says_after_how_many_days(world):
    world.write(
        "insert into posko.parameter values ('acknowledge_days', '2026-01-01', '1', 'uji', 'BN1', 'SA1', '2026-01-01')"
    )
    decided(world, "1")
    publish(world)
    send_back(world)
    world.at(EVALUATED_ON + dt.timedelta(days=2))

    assert len(items(world, "RETURN")) == 1


def test_unconfirmed_hand_overs_are_listed(world):
    decided(world, "1")
    publish(world)
    world.desk(None).do(returns.make_return)

    (open_,) = items(world, "HANDOFF")

    assert (open_["count"], open_["what"]) == (
        1,
        "Belum dikonfirmasi RELAY: BNSP -> server BNSP di BNP2TKI (14.3-14.4)",
    )


def test_cases_and_appeals_stand_there_with_their_clock(world):
    journey_id = decided(world, "1")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(cases.open_case, deviation_ids=[deviation(world, journey_id)], title="Putusan")
    world.desk("LS1").do(appeals.record, kind="APPEAL", grounds="Nilai keliru", journey_id=journey_id)
    world.desk("BN1").do(appeals.record, kind="COMPLAINT", grounds="TUK kotor", tuk_code="TUK-2")
    world.at(EVALUATED_ON + dt.timedelta(days=10))

    (case,), (appeal,), (complaint,) = (items(world, kind) for kind in ("CASE", "APPEAL", "COMPLAINT"))

    assert (case["due_on"], case["is_overdue"], case["what"]) == ("2026-03-23", True, "Kasus H DIBUKA: Putusan")
    assert (appeal["due_on"], appeal["is_overdue"], appeal["tki"]) == ("2026-04-15", False, ["1"])
    assert complaint["tki"] == []


def test_a_result_held_after_the_meeting_is_listed(world):
    journey_id = decided(world, "1", status="EVALUATED")
    deviation(world, journey_id)
    world.at(EVALUATED_ON)

    (held,) = items(world, "HELD")

    assert held["tki"] == ["1"]


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_others_do_not_see_it(world, who):
    with pytest.raises(Refused):
        items(world, "CASE", who=who)


def test_the_public_does_not_see_it_and_a_wrong_day_is_refused(world):
    with pytest.raises(Refused):
        world.office.desk(Principal(Role.PUBLIC)).do(open_items.open_items)
    with pytest.raises(Refused) as refused:
        items(world, "CASE", day="besok")

    assert refused.value.code == "NOT_A_DATE"
