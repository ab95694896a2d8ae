"""The dashboards of the evaluation: counts are those of the operational tables, and a list holds what its mark counts (§14.2; R-162)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.services import printing, screen_dashboard, screen_dashboard_rows
from posko.services.evaluation_marts import BODIES, DAYS, OUTCOMES, Mark
from tests.conftest import empty_posko
from tests.support.decided import number_of
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.marts import build_marts, make_results
from tests.support.preparation import refused
from tests.support.world import World

pytestmark = pytest.mark.pipeline
RESULTS = 66
NASTY = [
    "",
    "  ",
    "x" * 300,
    "a\x00b",
    "<script>alert(1)</script>",
    "' or 1=1 --",
    "2026-13",
    "decided",
    "decided.K.2026-03.*",
    7,
    None,
]
READS = (
    screen_dashboard.stages,
    screen_dashboard.rates,
    screen_dashboard.door,
    screen_dashboard.certificates,
    screen_dashboard.leads,
    screen_dashboard_rows.deviations,
)


@pytest.fixture(scope="module")
def world(settings, posko):
    """Results of two LSP, a day at a door, a copy and a reprint, and the marts of all that; nothing changes them here."""
    empty_posko(posko)
    made = World(posko, settings)
    made.fill()
    make_results(made, RESULTS)
    day = exam_day(made, "100", "101", "102", slot=2)
    day.test_with("100", "101")
    day.score({"100": GOOD, "101": POOR})
    made.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000005")
    number = number_of(made.journey_id("9000002"))
    for blank, reason in (("BL000001", None), ("BL000002", "Sobek di jalan")):
        made.desk("LS1").do(printing.print_certificate, certificate_no=number, blank_no=blank, reason=reason)
    build_marts(made)
    yield made
    made.close()


@pytest.fixture
def bnsp(world):
    return world.desk("BN1")


def counted(world, sql):
    return int(world.value(sql) or 0)


def behind(desk, mark, asked=None, **more):
    return desk.do(screen_dashboard_rows.rows, asked=asked or {}, mark=str(mark), **{"limit": 20, "offset": 0, **more})


# counts ---------------------------------------------------------------------------------------------------------------


def test_each_stage_counts_what_the_operational_tables_hold(world, bnsp):
    found: dict[str, int] = {}
    for row in bnsp.do(screen_dashboard.stages, asked={}):
        found[row["stage"]] = found.get(row["stage"], 0) + row["tki"]
    assert found == {
        "registered": counted(world, "select count(*) from posko.candidate"),
        "allocated": counted(world, "select count(*) from posko.allocation"),
        "examined": counted(world, "select count(*) from posko.attendance"),
        "assessed": counted(world, "select count(*) from posko.assessment where version = 1"),
        "decided": counted(world, "select count(*) from posko.decision"),
        "certified": counted(world, "select count(*) from posko.certificate"),
        "printed": counted(world, "select count(distinct certificate_id) from posko.print_event"),
    }


def test_the_pass_rate_of_a_month_has_its_number_and_its_interval(world, bnsp):
    (row,) = bnsp.do(screen_dashboard.rates, asked={})
    passed = counted(world, "select count(*) from posko.decision where result = 'K'")
    assert (row["month"], row["tested"], row["passed"]) == ("2026-03", RESULTS, passed)
    assert 0 < row["low"] < row["share"] == passed / RESULTS < row["high"] < 1


def test_the_door_counts_who_came_and_who_did_not(bnsp):
    (row,) = bnsp.do(screen_dashboard.door, asked={})
    assert row == {
        "month": "2026-03", "PRESENT": 2, "ABSENT": 1, "TURNED_AWAY_NO_MATCH": 0, "TURNED_AWAY_NOT_REGISTERED": 0,
    }  # fmt: skip


def test_certificates_are_told_apart_by_their_copies_and_blanks_add_up(world, bnsp):
    told = bnsp.do(screen_dashboard.certificates, asked={})
    certified = counted(world, "select count(*) from posko.certificate")
    assert told["rows"] == [
        {
            "month": "2026-03",
            "certified": certified,
            "UNPRINTED": certified - 1,
            "PRINTED": 0,
            "REPRINTED": 1,
            "copies": 2,
        }
    ]
    assert told["blanks"] == [{"lsp_code": "LSP-1", "FREE": 3, "USED": 2, "SPOILED": 0}]


def test_a_lead_time_is_the_median_and_the_ninth_of_ten(world, bnsp):
    found = {row["stage"]: row for row in bnsp.do(screen_dashboard.leads, asked={})}
    hours = sorted(
        int(value) for (value,) in world.ask(
            "select timestampdiff(hour, candidate.registered_at, allocation.allocated_at) from posko.allocation as allocation"
            " join posko.candidate as candidate on candidate.journey_id = allocation.journey_id"
        )
    )  # fmt: skip
    assert found["allocated"] == {
        "stage": "allocated", "tki": len(hours), "median": hours[(len(hours) - 1) // 2], "p90": hours[-(-9 * len(hours) // 10) - 1],
    }  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_are_compared_by_all_that_they_decided(world, bnsp, kind):
    rows = bnsp.do(screen_dashboard.compare, asked={}, kind=kind)
    assert sum(row["tested"] for row in rows) == RESULTS
    assert sum(row["passed"] for row in rows) == counted(
        world, "select count(*) from posko.decision where result = 'K'"
    )


def test_whoever_tested_too_few_has_no_rate_and_no_rank(world, bnsp):
    world.write(
        "insert into posko.parameter (parameter_name, valid_from, value, reason, set_by, seconded_by, set_at)"
        " values ('comparison_least_tki', '2026-01-01', '23', 'uji', 'BN1', 'BN2', '2026-01-01')"
    )
    try:
        rows = bnsp.do(screen_dashboard.compare, asked={}, kind="ASESOR")
    finally:
        world.write("delete from posko.parameter where parameter_name = 'comparison_least_tki'")
    assert [row["tested"] for row in rows] == [22, 22, 22]
    assert {(row["standing"], row["share"], row["low"], row["least"]) for row in rows} == {("too_few", None, None, 23)}
    assert [row["code"] for row in rows] == ["MET.1", "MET.2", "MET.3"]

    ranked = bnsp.do(screen_dashboard.compare, asked={}, kind="ASESOR")
    assert [row["share"] for row in ranked] == sorted((row["share"] for row in ranked), reverse=True)
    assert {row["standing"] for row in ranked} == {"usual"}


# lists behind marks ---------------------------------------------------------------------------------------------------


def test_the_list_behind_every_mark_of_the_stages_holds_as_many_as_the_mark_counts(bnsp):
    for row in bnsp.do(screen_dashboard.stages, asked={}):
        assert behind(bnsp, Mark(row["stage"], month=row["month"]))["total"] == row["tki"], row


def test_the_list_behind_a_body_an_outcome_and_a_copy_holds_what_they_count(world, bnsp):
    for row in bnsp.do(screen_dashboard.compare, asked={}, kind="TUK"):
        told = behind(bnsp, Mark("decided", "K", kind="TUK", body=row["code"]))
        assert told["total"] == row["passed"]
        assert {one["tuk_code"] for one in told["rows"]} == {row["code"]}
    assert [one["tki_id"] for one in behind(bnsp, Mark("examined", "ABSENT"))["rows"]] == ["102"]
    assert [one["tki_id"] for one in behind(bnsp, Mark("certified", "REPRINTED"))["rows"]] == ["9000002"]


def test_behind_a_lead_time_those_who_took_longest_come_first(bnsp):
    told = behind(bnsp, f"lama.{Mark('decided')}")
    hours = [row["lead_hours"] for row in told["rows"]]
    assert hours == sorted(hours, reverse=True)


def test_a_list_comes_in_parts_that_together_are_all(bnsp):
    parts = [behind(bnsp, Mark("decided"), limit=40, offset=offset)["rows"] for offset in (0, 40)]
    assert len({row["journey_id"] for part in parts for row in part}) == RESULTS


def test_deviations_are_counted_by_rule_and_their_list_holds_them(world, bnsp):
    held = counted(world, "select count(*) from posko.deviation")
    told = bnsp.do(screen_dashboard_rows.deviations, asked={})
    assert sum(row["happened"] + row["prevented"] for row in told) == held
    for row in told:
        listed = bnsp.do(
            screen_dashboard_rows.deviation_rows,
            asked={},
            mark=f"{row['rule_id']}.{row['severity']}",
            limit=20,
            offset=0,
        )
        assert listed["total"] == row["happened"] + row["prevented"]
    assert bnsp.do(screen_dashboard_rows.deviation_rows, asked={}, mark="*.*", limit=20, offset=0)["total"] == held


# filters and scope ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ({"lsp": "LSP-2"}, "decision.lsp_code = 'LSP-2'"),
        ({"tuk": "TUK-2"}, "session.tuk_code = 'TUK-2'"),
        ({"skema": "LAIN"}, "false"),
        ({"dari": "2026-04"}, "false"),
        ({"dari": "2026-03", "sampai": "2026-03", "negara": "-"}, "true"),
    ],
)
def test_a_filter_leaves_what_it_names(world, bnsp, asked, condition):
    wanted = counted(
        world,
        "select count(*) from posko.decision as decision join posko.exam_session as session"
        f" on session.session_id = decision.session_id where {condition}",
    )
    assert sum(row["tested"] for row in bnsp.do(screen_dashboard.rates, asked=asked)) == wanted
    assert behind(bnsp, Mark("decided"), asked)["total"] == wanted


@pytest.mark.parametrize("read", READS)
def test_an_lsp_sees_its_own_and_nothing_else(world, read):
    own = world.desk("LS1")
    own.do(read, asked={"lsp": "LSP-1"})
    for asked in ({"lsp": "LSP-2"}, {}):
        assert refused(own, read, asked=asked).rule == "DV-X04"
        assert (
            refused(own, screen_dashboard_rows.rows, asked=asked, mark=str(Mark("decided")), limit=20, offset=0).rule
            == "DV-X04"
        )
    assert refused(own, screen_dashboard.state, lsp_code=None).rule == "DV-X04"
    listed = behind(own, Mark("decided", kind="LSP", body="LSP-2"), {"lsp": "LSP-1"})
    assert listed == {"total": 0, "rows": []}


def test_what_may_be_chosen_is_what_occurs_and_for_an_lsp_only_its_own(world, bnsp):
    everything = bnsp.do(screen_dashboard.state, lsp_code=None)
    assert everything["months"] == ["2026-03"]
    assert set(everything["tuk"]) == {"TUK-1", "TUK-2", "TUK-3"}
    assert everything["lsp"]["LSP-1"] == "LSP 1"
    own = world.desk("LS1").do(screen_dashboard.state, lsp_code="LSP-1")
    assert set(own["tuk"]) == {"TUK-1", "TUK-2"}
    assert set(own["lsp"]) == {"LSP-1"}


def test_the_stamp_says_how_many_changed_since(world, bnsp):
    assert bnsp.do(screen_dashboard.state, lsp_code=None)["touched"] == 0
    world.write("update posko.journey set moved_at = moved_at + interval 1 second where tki_id = '9000005'")
    told = bnsp.do(screen_dashboard.state, lsp_code=None)
    assert told["touched"] == 1
    assert told["data_at"] < dt.datetime.now(dt.UTC).replace(tzinfo=None)


@pytest.mark.parametrize("value", NASTY)
def test_whatever_else_is_asked_for_is_a_sentence_and_no_fault(bnsp, value):
    assert refused(bnsp, screen_dashboard_rows.rows, asked={}, mark=value, limit=20, offset=0)
    if value:
        assert refused(bnsp, screen_dashboard.stages, asked={"dari": value})
        assert refused(bnsp, screen_dashboard.stages, asked={str(value): "LSP-1"})
    assert refused(bnsp, screen_dashboard.compare, asked={}, kind=value)


def test_every_stage_and_outcome_that_a_mark_may_name_is_a_column_of_the_mart(bnsp):
    for stage in DAYS:
        for outcome in ("*", *OUTCOMES):
            assert behind(bnsp, Mark(stage, outcome))["total"] >= 0
