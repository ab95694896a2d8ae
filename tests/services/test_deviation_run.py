"""The run of the rules: over everything or since the last time, one at a time, and a rule that fails stops no other (§5.2)."""

from __future__ import annotations

import dataclasses
import sys
import types

import pytest

from apps.deviation_run import RulesFailed, judge_before_publication, run_rules
from posko.db.lease import held_lease
from posko.domain.errors import ConfigurationError, LeaseHeld
from posko.domain.finding import Finding
from posko.domain.rules import RULES
from posko.services.office import server_time

pytestmark = pytest.mark.server

SQL, HOLDING, STATISTICS = "DV-S06", "DV-N07", "DV-T01"
TABLE = (
    "create table posko_model.played (rule_id varchar(10), subject_kind varchar(12), subject_code varchar(120), finding_key varchar(120),"
    " tki_id varchar(64), journey_id bigint, session_id bigint, evidence longtext, observed_at datetime(6), touched_at datetime(6))"
)
PARAMETER = (
    "create table posko_model.parameter (param_code varchar(40), sub_key varchar(40), value decimal(12,3), valid_from date,"
    " valid_until date, legal_source varchar(255), is_verified tinyint)"
)
VIEW = "create or replace view posko_model.fct_deviation_{name} as select * from posko_model.played where rule_id = '{rule_id}'"
RENAMED = VIEW.replace("select *", "select *, seen_at as observed_at")


@pytest.fixture
def rules(world):
    """Two views over one table, and an office whose clock is the server's."""
    world.write(PARAMETER)
    world.write(TABLE)
    for rule_id in (SQL, HOLDING):
        world.write(VIEW.format(name=rule_id[3:].lower(), rule_id=rule_id))
    world.office = dataclasses.replace(world.office, clock=server_time)
    return world


def put(world, code, rule_id=SQL, touched="utc_timestamp(6)"):
    world.write(
        f"insert into posko_model.played values (:rule, 'asesor', :code, '-', null, null, null, json_object('menit', 1.5, 'sesi', 3),"
        f" '2026-03-09', {touched})",
        rule=rule_id, code=code,
    )  # fmt: skip


def run(world, *rule_ids, **more):
    return run_rules(world.office, world.server, rules=rule_ids or (SQL, HOLDING), **more)


def test_a_view_is_read_into_the_register(rules):
    put(rules, "MET.1")

    summary = run(rules)

    assert summary.rules[SQL] == {"found": 1, "new": 1, "changed": 0, "gone": 0, "again": 0}
    assert summary.rules[HOLDING]["found"] == 0
    assert rules.value("select evidence from posko.deviation") == '{"menit":1.5,"sesi":3}'
    assert rules.ask("select rule_id, since_at, found_count, new_count from posko.deviation_run order by rule_id") == [
        (HOLDING, None, 0, 0),
        (SQL, None, 1, 1),
    ]


def test_the_next_run_reads_what_was_touched_since_the_last_one_began(rules):
    run(rules)
    put(rules, "MET.1", touched="utc_timestamp(6) - interval 1 hour")
    put(rules, "MET.2")

    assert run(rules).rules[SQL]["new"] == 1
    assert rules.ask("select subject_code from posko.deviation") == [("MET.2",)]
    assert run(rules, full=True).rules[SQL]["new"] == 1


def test_a_rule_whose_view_or_threshold_changed_is_judged_on_everything(rules, monkeypatch):
    monkeypatch.setitem(RULES, SQL, dataclasses.replace(RULES[SQL], parameters=("session_minutes_each",)))
    run(rules)
    put(rules, "MET.1", touched="utc_timestamp(6) - interval 1 hour")
    put(rules, "MET.2", touched="utc_timestamp(6) - interval 1 hour")
    rules.write(VIEW.format(name="s06", rule_id=SQL) + " and subject_code = 'MET.1'")
    assert run(rules).rules[SQL]["new"] == 1
    put(rules, "MET.1", rule_id="-")
    rules.write(VIEW.format(name="s06", rule_id=SQL))
    assert run(rules).rules[SQL]["new"] == 1
    put(rules, "MET.3", touched="utc_timestamp(6) - interval 1 hour")
    rules.write(
        "insert into posko_model.parameter values ('session_minutes_each', '*', 15, '2026-01-01', null, 'uji', 0)"
    )

    assert run(rules).rules[SQL]["new"] == 1


def test_where_a_time_is_played_everything_is_judged(rules):
    run(rules)
    put(rules, "MET.1", touched="utc_timestamp(6) - interval 1 hour")
    played = dataclasses.replace(rules.office, clock=lambda _db: rules.now)

    assert run_rules(played, rules.server, rules=(SQL,)).rules[SQL]["new"] == 1


def test_a_rule_that_cannot_be_judged_stops_no_other_and_the_next_run_makes_up_for_it(rules):
    put(rules, "MET.1")
    put(rules, "MET.1", rule_id=HOLDING)
    rules.write("alter table posko_model.played rename column observed_at to seen_at")
    rules.write(RENAMED.format(name="s06", rule_id=SQL))

    with pytest.raises(RulesFailed, match=HOLDING) as failed:
        run(rules)

    assert list(failed.value.summary.rules) == [SQL]
    assert failed.value.is_holding
    rules.write(RENAMED.format(name="n07", rule_id=HOLDING))
    assert run(rules).rules[HOLDING]["new"] == 1


def test_nothing_is_published_while_a_rule_that_holds_results_cannot_be_judged(rules, monkeypatch):
    only = {rule_id: dataclasses.replace(rule, judged_by="act") for rule_id, rule in RULES.items()}
    monkeypatch.setattr("apps.deviation_run.RULES", only)
    only[SQL] = RULES[SQL]
    rules.write("drop view posko_model.fct_deviation_s06")
    assert judge_before_publication(rules.office, rules.server, lease_seconds=5)["rules_unjudged"] == 1
    only[HOLDING] = RULES[HOLDING]
    rules.write("drop view posko_model.fct_deviation_n07")

    with pytest.raises(RulesFailed):
        judge_before_publication(rules.office, rules.server, lease_seconds=5)


def test_a_module_is_asked_once_for_all_its_rules_under_an_account_that_cannot_write(rules, monkeypatch):
    asked = []

    def find(db, on):
        asked.append(on)
        assert db.exec_driver_sql("select substring_index(current_user(), '@', 1)").scalar() == "posko_export"
        seen = server_time(db)
        return [Finding(rule, "asesor", "MET.1", "-", {"n": 250, "p": 0.0001}, seen) for rule in ("DV-T01", "DV-T03")]

    module = types.ModuleType("checks.deviations.played")
    module.find = find
    monkeypatch.setitem(sys.modules, "checks.deviations.played", module)
    for rule_id in ("DV-T01", "DV-T03"):
        monkeypatch.setitem(RULES, rule_id, dataclasses.replace(RULES[rule_id], judged_by="checks.deviations.played"))

    summary = run(rules, "DV-T01", "DV-T03")

    assert len(asked) == 1
    assert [counts["new"] for counts in summary.rules.values()] == [1, 1]


def test_a_module_that_need_not_judge_everything_is_told_since_when(rules, monkeypatch):
    asked = []
    module = types.ModuleType("checks.deviations.played")
    module.find = lambda _db, _on, since: asked.append(since) or []
    monkeypatch.setitem(sys.modules, "checks.deviations.played", module)
    played = dataclasses.replace(RULES["DV-X03"], judged_by="checks.deviations.played", scope="event")
    monkeypatch.setitem(RULES, "DV-X03", played)

    run(rules, "DV-X03")
    run(rules, "DV-X03")
    run(rules, "DV-X03", full=True)

    assert asked[0] is asked[2] is None
    assert asked[1] < rules.value("select max(started_at) from posko.deviation_run")


def test_the_hourly_run_asks_the_statistics_once_a_day(rules, monkeypatch):
    asked = []
    module = types.ModuleType("checks.deviations.statistics")
    module.find = lambda _db, on: asked.append(on) or []
    monkeypatch.setitem(sys.modules, "checks.deviations.statistics", module)
    only = {STATISTICS: RULES[STATISTICS], SQL: RULES[SQL]}
    monkeypatch.setattr("apps.deviation_run.RULES", only)

    def hourly():
        judge_before_publication(rules.office, rules.server, lease_seconds=5)
        return len(asked)

    assert [hourly(), hourly()] == [1, 1]
    rules.write("update posko.deviation_run set started_at = started_at - interval 1 day")
    assert hourly() == 2
    assert rules.value("select count(*) from posko.deviation_run where rule_id = :rule", rule=SQL) == 3


def test_two_runs_at_once_are_refused(rules):
    with held_lease(rules.server, "posko_app", "posko", "deviations", seconds=5), pytest.raises(LeaseHeld):
        run(rules)


def test_before_the_first_run_of_dbt_the_run_says_what_is_missing(world):
    with pytest.raises(ConfigurationError, match="posko transform"):
        run(world)
