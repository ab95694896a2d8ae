"""The marts of the evaluation count what the operational tables hold, whatever was touched since the last load (§14.2; R-162)."""

from __future__ import annotations

import pytest

from apps.cli.main import main
from apps.pipeline.dbt import refresh_evaluation, run_dbt
from posko.domain.errors import DataRefused
from posko.services import printing
from tests.conftest import empty_posko
from tests.support.decided import number_of
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.marts import build_marts, make_results
from tests.support.world import World

pytestmark = pytest.mark.pipeline

MARTS = {
    "fct_evaluation_attempt": "journey_id, attempt_no",
    "fct_evaluation_month": "1, 2, 3, 4, 5, 6, 7",
    "fct_evaluation_lead": "1, 2, 3, 4, 5, 6, 7",
    "fct_evaluation_deviation": "deviation_id",
    "fct_evaluation_blank": "lsp_code, state",
}
OPERATIONAL = {
    "decided": "select count(*), sum(result = 'K') from posko.decision",
    "registered": "select count(*), 0 from posko.candidate",
    "examined": "select count(*), 0 from posko.attendance",
    "certified": "select count(*), 0 from posko.certificate",
    "allocated": "select count(*), 0 from posko.allocation where attempt_no is not null",
}


@pytest.fixture(scope="module")
def world(settings, posko):
    """A world with results of two LSP, in which dbt built everything once; the tests go on from each other."""
    empty_posko(posko)
    made = World(posko, settings)
    made.fill()
    make_results(made, 24)
    build_marts(made)
    yield made
    made.close()


def marts(world):
    return {name: world.ask(f"select * from posko_model.{name} order by {order}") for name, order in MARTS.items()}


def counted(world, stage):
    return world.ask(
        "select sum(tki), sum(case when outcome = 'K' then tki else 0 end) from posko_model.fct_evaluation_month where stage = :s",
        s=stage,
    )[0]


def refresh(world):
    refresh_evaluation(world.settings, world.server)
    return world.ask("select load_no, is_running from posko_model.evaluation_state")[0]


@pytest.mark.parametrize("stage", ["decided", "registered", "certified", "allocated"])
def test_the_months_count_what_the_operational_tables_hold(world, stage):
    whole, passed = world.ask(OPERATIONAL[stage])[0]
    assert tuple(map(int, counted(world, stage))) == (whole, int(passed))
    assert whole


def test_a_load_has_a_number_and_says_up_to_when_acts_are_in_it(world):
    before = world.value("select utc_timestamp(6)")
    number, _ = world.ask("select load_no, data_at from posko_model.evaluation_state")[0]
    assert refresh(world) == (number + 1, 0)
    assert world.value("select data_at from posko_model.evaluation_state") >= before


def test_a_copy_another_assessor_and_a_revocation_are_in_the_next_load(world):
    first = world.journey_id("9000002")
    number = number_of(first)
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000003")
    world.desk("LS1").do(printing.print_certificate, certificate_no=number, blank_no="BL000001")
    world.write("update posko.exam_session set met_no = 'MET.1', slot = 7 where met_no = 'MET.2'")
    world.write("update posko.journey set is_revoked = 1 where journey_id = :j", j=first)
    refresh(world)
    assert world.ask(
        "select copies, is_revoked, met_no from posko_model.fct_evaluation_attempt where journey_id = :j", j=first
    ) == [(1, 1, "MET.1")]
    assert world.ask("select state, blanks from posko_model.fct_evaluation_blank order by state") == [
        ("FREE", 2),
        ("USED", 1),
    ]
    assert_as_built_anew(world)


def test_a_day_at_the_door_and_its_results_are_in_the_next_load(world):
    day = exam_day(world, "100", "101", "102", slot=2)
    day.test_with("100", "101")
    day.score({"100": GOOD, "101": POOR})
    stranger(world, day.session_id)
    refresh(world)
    assert int(counted(world, "examined")[0]) == world.value("select count(*) from posko.attendance") == 4
    assert world.ask(
        "select outcome, sum(tki) from posko_model.fct_evaluation_month where stage = 'examined' group by outcome order by 1"
    ) == [("ABSENT", 1), ("PRESENT", 2), ("TURNED_AWAY_NOT_REGISTERED", 1)]
    assert_as_built_anew(world)


def test_what_moves_to_another_month_leaves_the_one_it_was_in(world):
    journey = world.journey_id("9000003")
    month = (
        "select date_format(month_on, '%Y-%m'), sum(tki) from posko_model.fct_evaluation_month where stage = 'decided'"
        " group by 1 order by 1"
    )
    before = dict(world.ask(month))
    world.write("update posko.decision set decided_at = '2026-06-20' where journey_id = :j", j=journey)
    world.write("update posko.journey set moved_at = '2026-06-20' where journey_id = :j", j=journey)
    refresh(world)
    after = dict(world.ask(month))
    assert after["2026-06"] == 1
    assert after["2026-03"] == before["2026-03"] - 1
    assert_as_built_anew(world)


def test_a_load_that_was_cut_short_is_made_good_by_the_next(world):
    world.write("update posko_model.evaluation_state set is_running = 1")
    world.write("delete from posko_model.fct_evaluation_month")
    refresh(world)
    assert int(counted(world, "decided")[0]) == world.value("select count(*) from posko.decision")
    assert world.value("select is_running from posko_model.evaluation_state") == 0


def test_months_that_do_not_add_up_stop_the_load_and_the_next_counts_everything(world):
    number = world.value("select load_no from posko_model.evaluation_state")
    world.write("update posko.journey set moved_at = moved_at + interval 1 second where tki_id = '9000003'")
    world.write("delete from posko_model.fct_evaluation_month where month_on = '2026-06-01'")
    world.write(
        "create trigger posko_model.spoil before insert on posko_model.fct_evaluation_month"
        " for each row set new.tki = new.tki + 1"
    )

    with pytest.raises(DataRefused, match="assert_evaluation_months_count_every_attempt"):
        refresh(world)

    assert world.ask("select load_no, is_running from posko_model.evaluation_state") == [(number, 1)]
    world.write("drop trigger posko_model.spoil")
    assert refresh(world) == (number + 1, 0)
    assert int(counted(world, "decided")[0]) == world.value("select count(*) from posko.decision")


def test_a_night_that_follows_a_delivery_leaves_the_evaluation_alone_unless_it_is_asked_for(world):
    number = world.value("select load_no from posko_model.evaluation_state")
    run_dbt(world.settings, world.server, "build")
    assert world.value("select load_no from posko_model.evaluation_state") == number
    nodes = run_dbt(world.settings, world.server, "build", evaluation=True).nodes
    assert world.value("select load_no from posko_model.evaluation_state") == number + 1
    assert {"model.posko.fct_evaluation_month", "model.posko.fct_tuk_proposal"} <= set(nodes)


def test_everything_anew_and_the_evaluation_alone_are_not_asked_for_at_once(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["transform", "--full", "--evaluation"])
    assert ended.value.code == 2
    assert "Pilih salah satu" in capsys.readouterr().err


def stranger(world, session_id):
    """Let a door turn somebody away whom no register knows."""
    world.write(
        "insert into posko.attendance (session_id, id_as_typed, outcome, tries, statement_no, reason, recorded_at, recorded_by)"
        " values (:s, '555', 'TURNED_AWAY_NOT_REGISTERED', 0, 'BA/1', 'Tidak dikenal', '2026-03-09 03:00', 'TU1')",
        s=session_id,
    )


def assert_as_built_anew(world):
    """Compare with a load of everything: whatever was read again, all of it is as if nothing had been there before."""
    by_delta = marts(world)
    run_dbt(world.settings, world.server, "build", "--full-refresh")
    anew = marts(world)
    for name, rows in anew.items():
        assert by_delta[name] == rows, f"{name} differs from a load of everything"
