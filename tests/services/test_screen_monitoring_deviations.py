"""What BNSP watches of deviations: since yesterday, cases by their clocks, silent TUK (§5.2, §5.6; R-003, R-020)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted
from posko.services import cases
from posko.services import screen_monitoring_deviations as watched
from tests.support.decided import decided, deviation

pytestmark = pytest.mark.server
TODAY = dt.date(2026, 3, 12)


def silent(world, key, **other):
    """Put an open finding of DV-S08 into the register, with its deviation."""
    row = {"kind": "tuk", "code": "TUK-1", "session": None, "gone": None, **other}
    found = deviation(world, None, rule="DV-S08", severity="W", subject_kind=row["kind"], subject_code=row["code"])
    world.write(
        "insert into posko.finding (rule_id, subject_kind, subject_code, finding_key, session_id, evidence_sha256, observed_at,"
        " first_seen_at, last_seen_at, gone_at, deviation_id) values ('DV-S08', :kind, :code, :key, :session, :hash,"
        " '2026-03-10', '2026-03-11', '2026-03-11', :gone, :found)",
        key=key, hash=bytes(32), found=found, **row,
    )  # fmt: skip
    return found


def test_what_was_noted_since_yesterday_is_counted_by_rule_and_day_of_western_indonesia(world):
    world.at(TODAY)
    journey_id = decided(world, "1")
    # Yesterday begins at 17:00 UTC of the day before it.
    for at in ("2026-03-10 16:59:59", "2026-03-10 17:00", "2026-03-12 01:00"):
        deviation(world, journey_id, occurred_at=at)
    deviation(world, None, rule="DV-X04", severity="W", is_attempt=1, mode="P", occurred_at="2026-03-11 05:00")

    found = world.desk("BN1").do(watched.deviations)

    assert (found["since"], found["happened"], found["prevented"]) == ("2026-03-11", 2, 1)
    assert found["rules"] == [
        {"rule_id": "DV-N05", "severity": "H", "happened": 2, "prevented": 0},
        {"rule_id": "DV-X04", "severity": "W", "happened": 0, "prevented": 1},
    ]


def test_cases_are_counted_by_their_clock(world):
    world.at(TODAY)
    journey_id = decided(world, "1")
    for severity in ("H", "H", "W"):
        found = deviation(world, journey_id, severity=severity)
        world.desk("BN1").do(cases.open_case, deviation_ids=[found], title=severity)
    clocks = {}
    for days in (0, 5, 8):
        world.at(TODAY + dt.timedelta(days=days))
        seen = world.desk("AU1").do(watched.deviations)
        clocks[days] = [seen[name] for name in ("cases_open", "due_soon", "overdue")]

    assert clocks == {0: [3, 0, 0], 5: [3, 2, 0], 8: [3, 0, 2]}


def test_a_tuk_is_silent_as_long_as_a_finding_of_it_is_open(world):
    world.at(TODAY)
    session_id = world.value("select session_id from posko.decision where journey_id = :j", j=decided(world, "1"))
    silent(world, "sesi:1")
    silent(world, "sesi:2", kind="session", code=str(session_id), session=session_id)
    silent(world, "sesi:3", code="TUK-2")
    silent(world, "sesi:4", code="TUK-3", gone="2026-03-11")

    shown = world.desk("BN1").do(watched.silent)

    assert [(row["tuk_code"], row["tuk_name"], row["findings"]) for row in shown["rows"]] == [
        ("TUK-1", "TUK 1", 2),
        ("TUK-2", "TUK 2", 1),
    ]
    assert (shown["total"], world.desk("BN1").do(watched.deviations)["silent"]) == (2, 2)
    assert [row["tuk_code"] for row in world.desk("BN1").do(watched.silent, search="tuk 2")["rows"]] == ["TUK-2"]


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_nobody_but_bnsp_and_its_watchers_sees_it(world, who):
    for what in (watched.deviations, watched.silent):
        with pytest.raises(NotPermitted):
            world.desk(who).do(what)
