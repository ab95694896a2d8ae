"""`posko deviations` from the terminal: rules, register, explanation, run; tables, JSON, exit codes, an event for every read (§5.2)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import BadInput
from posko.domain.rules import RULES
from tests.services.test_deviation_run import PARAMETER, TABLE, VIEW, put
from tests.services.test_findings import finding, sync
from tests.support import commands
from tests.support.commands import reached
from tests.support.decided import EVALUATED_ON, deviation
from tests.support.world import World

pytestmark = pytest.mark.server


@pytest.fixture
def world(clean_posko, settings, monkeypatch):
    """A world with one finding that changed, and a refused attempt."""
    made = World(clean_posko, settings)
    made.fill()
    made.at(EVALUATED_ON)
    made.write(PARAMETER)
    made.write(
        "insert into posko_model.parameter values ('session_minutes_each', '*', 15.000, '2012-01-01', null, 'uji', 0)"
    )
    sync(made, finding())
    sync(made, finding(evidence={"menit": 5}))
    deviation(made, rule="DV-X01", severity="B", mode="P", evidence='{"by":"TU1"}')
    monkeypatch.setattr("apps.cli.deviations_run.log_to", lambda _folder: None)
    with reached(made, monkeypatch):
        yield made


def run(*words, **more):
    return commands.run("deviations", *words, **more)


def test_the_rules_are_told_with_their_thresholds_of_today(world):
    told = json.loads(run("rules", "--json"))
    found = {rule["rule_id"]: rule for rule in told["rules"]}

    assert list(found) == list(RULES)
    assert found["DV-S06"]["open"] == 1
    assert [(each["name"], each["value"]) for each in found["DV-S06"]["in_force"]] == [("session_minutes_each", "15")]
    assert found["DV-S06"]["judged"] == 0
    shown = run("rules")
    assert "75 aturan" in shown
    assert "session_minutes_each" in shown
    assert ("deviations.rules", "rule", "*") in world.events()


def test_the_register_is_listed_by_filters(world):
    assert [row["rule_id"] for row in json.loads(run("list", "--json"))["deviations"]] == ["DV-X01", "DV-S06"]
    assert (
        json.loads(run("list", "--rule", "DV-S06", "--about", "MET.1", "--since", "2026-03-01", "--json"))["total"] == 1
    )
    assert json.loads(run("list", "--severity", "H", "--json"))["total"] == 0
    assert "MET.1" in run("list", "--mode", "D")
    assert "MET.1" not in run("list", "--mode", "P", "--until", "2030-01-01")
    assert run("list", "--rule", "DV-Z99", code=2) == ""
    assert ("deviations.list", "deviation", "register") in world.events()


def test_a_deviation_is_explained_with_its_history_and_what_to_do(world):
    told = json.loads(run("explain", 1, "--json"))
    assert [each["change"] for each in told["history"]] == ["FOUND", "CHANGED"]
    assert told["evidence"] == {"menit": 4, "peserta": 12}
    assert told["case"]["label"] == "DIBUKA"
    shown = run("explain", 1)
    for expected in (
        RULES["DV-S06"].description,
        "asesor MET.1",
        "buktinya berubah",
        "Kasus 1",
        "Yang perlu dilakukan",
    ):
        assert expected in shown
    assert "ditolak, jadi tidak terjadi" not in shown
    world.write("update posko.deviation set is_attempt = 1 where deviation_id = 2")
    assert "ditolak, jadi tidak terjadi" in run("explain", 2)
    world.write("update posko.deviation set evidence = '{}x' where deviation_id = 1")
    assert "BUKTI DIUBAH" in run("explain", 1)


def test_a_rule_is_explained_with_its_runs_and_findings(world):
    shown = run("explain", "dv-s06")

    for expected in ("DV-S06", "session_minutes_each", "Pemeriksaan terakhir", "MET.1"):
        assert expected in shown


@pytest.mark.parametrize("what", ["999", "DV-Z99", "x", ""])
def test_what_is_neither_a_deviation_nor_a_rule_is_refused(world, what):
    with pytest.raises(BadInput):
        run("explain", what)


def test_a_run_from_the_terminal_judges_the_rules_that_it_names(world):
    world.write(TABLE)
    world.write(VIEW.format(name="s06", rule_id="DV-S06"))
    put(world, "MET.1")
    put(world, "MET.2")

    told = json.loads(run("run", "--full", "--rule", "DV-S06", "--json"))

    assert (told["found"], told["new"], told["gone"], told["failed"]) == (2, 2, 1, {})
    assert "2" in run("run", "--rule", "DV-S06")
    *_log, document = run("run", "--rule", "DV-N07", "--json", code=1).splitlines()
    assert "fct_deviation_n07" in json.loads(document)["failed"]["DV-N07"]


@pytest.mark.parametrize("rule_id", ["DV-X01", "DV-E11", "s06"])
def test_a_rule_that_no_run_judges_is_refused(world, rule_id):
    with pytest.raises(BadInput):
        run("run", "--rule", rule_id)
