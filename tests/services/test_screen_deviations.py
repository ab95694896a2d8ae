"""The register of deviations as its page lists it (§5.2; R-020)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import cases, screen_deviations
from tests.support.decided import EVALUATED_ON, decided, deviation

pytestmark = pytest.mark.server


@pytest.fixture
def register(world):
    """Deviation 1 in a case, 2 prevented on another day, 3 on a station."""
    world.at(EVALUATED_ON)
    first = deviation(world, decided(world, "1"), tki_id="9811262")
    deviation(world, rule="DV-X04", severity="W", mode="P", occurred_at="2026-03-14 23:30:00")
    deviation(world, rule="DV-I12", severity="W", subject_kind="station", subject_code="ST-1")
    world.desk("BN1").do(cases.open_case, deviation_ids=[first], title="Putusan")


def numbers(world, who="BN1", **asked):
    answer = world.desk(who).do(screen_deviations.listed, **asked)
    assert answer["total"] == len(answer["rows"])
    return [row["deviation_id"] for row in answer["rows"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [3, 2, 1]), ({"rule_id": "DV-X04"}, [2]), ({"severity": "W"}, [3, 2]), ({"mode": "P"}, [2]), ({"case": "IN_CASE"}, [1]),
        ({"case": "LOOSE"}, [3, 2]), ({"search": "st-1"}, [3]), ({"search": "9811"}, [1]), ({"since": "2026-03-15"}, [2]),
        ({"until": "2026-03-15"}, [3, 2, 1]), ({"until": "2026-03-14"}, [3, 1]), ({"severity": "W", "search": "404"}, []),
    ],
)  # fmt: skip
def test_each_filter_narrows_the_register(world, register, asked, found):
    assert numbers(world, **asked) == found


def test_a_row_holds_no_evidence_and_names_its_case(world, register):
    row = world.desk("AU1").do(screen_deviations.listed, limit=1, offset=2)["rows"][0]

    assert (row["deviation_id"], row["case_id"], row["tki_id"]) == (1, 1, "9811262")
    assert "evidence" not in row


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_who_sees_only_her_own_or_nothing_reads_no_register(world, register, who):
    with pytest.raises(NotPermitted):
        world.desk(who).do(screen_deviations.listed)


@pytest.mark.parametrize(
    "asked",
    [
        {"rule_id": "DV-Z9"},
        {"severity": "' or 1"},
        {"mode": "X"},
        {"case": "?"},
        {"since": "besok"},
        {"search": "x" * 65},
    ],
)
def test_wrong_filters_are_refused(world, register, asked):
    with pytest.raises(Refused):
        numbers(world, **asked)
