"""The register of deviations can be read by filters, and shows who altered it (§5.2, §5.7; R-020, DV-X05)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import cases, deviations
from tests.support.decided import EVALUATED_ON, decided, deviation

pytestmark = pytest.mark.server


def numbers(world, who="AU1", **filters):
    return [row["deviation_id"] for row in world.desk(who).do(deviations.list, **filters)]


@pytest.fixture
def three(world):
    journey_id = decided(world, "1")
    world.at(EVALUATED_ON)
    return [
        deviation(world, journey_id, tki_id="1"),
        deviation(world, rule="DV-C07", severity="W", occurred_at="2026-03-14"),
        deviation(
            world, rule="DV-X01", severity="B", mode="P", evidence='{"by":"TU1"}', occurred_at="2026-03-15 23:59:59"
        ),
    ]


def test_the_register_is_read_by_filters_newest_first(world, three):
    first, second, third = three
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[second], title="Beda")

    assert numbers(world) == [third, second, first]
    assert numbers(world, rule_id="DV-C07") == [second]
    assert numbers(world, severity="H") == [first]
    assert numbers(world, mode="P") == [third]
    assert numbers(world, tki_id="1") == [first]
    assert numbers(world, journey_id=1) == [first]
    assert numbers(world, case_id=case_id) == numbers(world, has_case=True) == [second]
    assert numbers(world, has_case=False) == [third, first]
    assert numbers(world, since=dt.date(2026, 3, 14), until=dt.date(2026, 3, 15)) == [third, second]
    assert numbers(world, until=dt.date(2026, 3, 14)) == [second, first]
    assert numbers(world, before=third, limit=1) == [second]
    assert numbers(world, rule_id="DV-C07", severity="B") == []


def test_an_administrator_below_bnsp_sees_own_attempts_only(world, three):
    assert numbers(world, who="TU1") == [three[2]]
    assert numbers(world, who="LS1") == []
    assert numbers(world, who="BN1") == numbers(world, who="SA1") == three[::-1]


@pytest.mark.parametrize("who", ["KO1", "PUBLIC"])
def test_others_read_nothing(world, three, who):
    desk = world.office.desk(Principal(Role.PUBLIC)) if who == "PUBLIC" else world.desk(who)

    with pytest.raises(Refused):
        desk.do(deviations.list)


def test_an_altered_deviation_and_its_case_are_named_and_stand_in_the_register_once(world, three):
    first, second, _third = three
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[first], title="Putusan")
    verify = lambda: world.desk("AU1").do(deviations.verify)  # noqa: E731 - said thrice
    assert verify() == {"checked": 3, "altered": [], "altered_cases": []}
    world.write("update posko.deviation set evidence = '{}x' where deviation_id = :id", id=second)
    world.write("update posko.deviation set case_id = null where deviation_id = :id", id=first)

    found = [verify() for _ in range(2)]

    assert found[0] == {"checked": 3, "altered": [second], "altered_cases": [case_id]}
    assert world.ask("select subject_kind, subject_code from posko.deviation where rule_id = 'DV-X05' order by 1") == [
        ("case", str(case_id)),
        ("deviation", str(second)),
    ]


def test_the_share_of_dismissed_ones_is_told_for_each_rule(world, three):
    bnsp = world.desk("BN1")
    for found, judge in zip(three, (cases.confirm, cases.dismiss, cases.dismiss), strict=True):
        case_id = bnsp.do(cases.open_case, deviation_ids=[found], title="Periksa")
        for step in (cases.triage, cases.review, judge):
            bnsp.do(step, case_id=case_id, note="Diperiksa")

    told = world.desk("AU1").do(deviations.dismissed_share)

    assert [(row["rule_id"], row["judged"], row["dismissed_permille"]) for row in told] == [
        ("DV-C07", 1, 1000),
        ("DV-N05", 1, 0),
        ("DV-X01", 1, 1000),
    ]


def test_a_refused_attempt_stands_there_with_its_evidence_and_event(world, three):
    with pytest.raises(Refused):
        world.desk("BN1").do(
            cases.review, case_id=world.desk("BN1").do(cases.open_case, deviation_ids=three, title="x"), note="x"
        )

    (row, *_rest) = world.desk("AU1").do(deviations.list)
    assert (row["rule_id"], row["mode"], row["subject_kind"]) == ("DV-X01", "P", "case")
    assert '"by":"BN1"' in row["evidence"]
    assert row["audit_event"]


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"rule_id": "DV-Z99"}, "NOT_IN_LIST"),
        ({"rule_id": "x" * 10_000_000}, "NOT_IN_LIST"),
        ({"severity": ""}, "NOT_IN_LIST"),
        ({"mode": 1}, "NOT_IN_LIST"),
        ({"tki_id": "1' or '1'='1"}, "NO_SUCH_CODE"),
        ({"journey_id": "1"}, "NOT_A_NUMBER"),
        ({"case_id": 0}, "NOT_A_NUMBER"),
        ({"since": "kemarin"}, "NOT_A_DATE"),
        ({"until": 7}, "NOT_A_DATE"),
        ({"limit": -1}, "NOT_A_NUMBER"),
        ({"before": True}, "NOT_A_NUMBER"),
    ],
)
def test_wrong_filters_are_refused(world, filters, code):
    with pytest.raises(Refused) as refused:
        numbers(world, **filters)

    assert refused.value.code == code
