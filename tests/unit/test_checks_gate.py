"""Outcomes of a gate, without server and without Great Expectations (§12.2, §12.8)."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from apps.pipeline.gates import GATES
from checks import allocation
from checks.gate import ExpectationResult, GateResult, Limits, Rule, judge, name_problems, outcome_of, sentence
from checks.pages import TITLES, WORDS, gate_page, localize, write_index
from checks.received import rules
from checks.sql import NIK_SHAPE

RULE = Rule("keys", "Setiap TKI punya ID.", "select 1")
NOTHING_RAISED = {"raised_exception": False, "exception_message": None, "exception_traceback": None}
RAISED = {
    "MetricConfigurationID(unexpected_rows_query.table)": {
        "raised_exception": True,
        "exception_message": "(pymysql.err.OperationalError) (1054, \"Unknown column 'x' in 'SELECT'\")\n"
        "[SQL: select x from t]\n(Background on this error at: somewhere)",
        "exception_traceback": "Traceback ...",
    }
}


def found(outcome, *, name="keys", only_warns=False, observed="terlihat"):
    return ExpectationResult(name, "Setiap TKI punya ID.", outcome, observed, only_warns)


def gate(*expectations):
    return GateResult(
        "received",
        outcome_of(expectations),
        expectations,
        Path("docs/index.html"),
        datetime.fromisoformat("2026-07-28T04:05:06"),
        0.5,
    )


def test_a_rule_that_finds_nothing_has_passed():
    assert judge(RULE, success=True, observed="sesuai", exception_info=NOTHING_RAISED).outcome == "passed"


def test_a_rule_that_finds_something_has_failed_and_says_what():
    result = judge(RULE, success=False, observed="TKI 7", exception_info=NOTHING_RAISED)
    assert (result.outcome, result.observed) == ("failed", "TKI 7")


def test_a_rule_that_raised_could_not_run_although_the_engine_calls_it_unsuccessful():
    result = judge(RULE, success=False, observed=None, exception_info=RAISED)
    assert result.outcome == "could_not_run"
    assert result.observed == "(pymysql.err.OperationalError) (1054, \"Unknown column 'x' in 'SELECT'\")"


def test_an_error_in_the_flat_form_is_understood_too():
    flat = {**NOTHING_RAISED, "raised_exception": True, "exception_message": "gone away"}
    assert judge(RULE, success=False, observed=None, exception_info=flat).observed == "gone away"


def test_an_error_beside_a_success_is_still_no_answer():
    assert judge(RULE, success=True, observed="sesuai", exception_info=RAISED).outcome == "could_not_run"


def test_no_answer_at_all_is_not_a_failure():
    assert judge(RULE, success=False, observed=None, exception_info=None).outcome == "could_not_run"


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        (["passed", "passed"], "passed"),
        (["passed", "failed"], "failed"),
        (["passed", "could_not_run"], "could_not_run"),
        (["failed", "could_not_run"], "could_not_run"),
        ([], "could_not_run"),
    ],
)
def test_a_gate_gives_no_verdict_while_a_rule_could_not_run(outcomes, whole):
    assert outcome_of([found(one) for one in outcomes]) == whole


def test_a_warning_does_not_stop_a_run_but_a_warning_that_could_not_run_does():
    assert outcome_of([found("failed", only_warns=True)]) == "passed"
    assert outcome_of([found("could_not_run", only_warns=True)]) == "could_not_run"


def test_more_problems_than_are_shown_are_said_to_be_more():
    text = name_problems([f"TKI {number}" for number in range(21)])
    assert text.startswith("TKI 0; TKI 1;")
    assert text.endswith("TKI 19; dan seterusnya")
    assert name_problems([]) == "sesuai"


def test_the_sentence_tells_bad_data_from_a_question_that_could_not_be_asked():
    assert "gagal: keys (TKI 7)" in sentence(gate(found("failed", observed="TKI 7")))
    broken = sentence(gate(found("could_not_run", observed="(1054) Unknown column"), found("failed", name="dates")))
    assert "tidak dapat dijalankan" in broken
    assert "belum ada putusan tentang datanya: keys ((1054) Unknown column)" in broken
    assert "dates" not in broken


def test_the_sentence_of_a_passed_gate_names_its_warnings():
    assert "peringatan load" in sentence(gate(found("passed"), found("failed", name="load", only_warns=True)))


def test_a_result_can_be_written_as_json():
    document = gate(found("passed")).as_dict()
    assert document["outcome"] == "passed"
    assert document["checked_at"] == "2026-07-28T04:05:06"
    assert document["expectations"][0]["name"] == "keys"


def test_pages_of_the_library_lose_every_link_to_other_servers_and_speak_indonesian():
    page = (
        "<html><head><link rel='stylesheet' href='https://cdn.example/x.css'/>"
        '<script src="https://cdn.example/x.js" integrity="y"></script></head>'
        '<body><img src="https://cdn.example/logo.png"><span> Failed </span><p>Failed to load</p></body></html>'
    )
    local = localize(page, "passed")
    assert "https://" not in local
    assert f"<span> {WORDS['Failed']} </span>" in local
    assert "Failed to load" in local


def test_pages_of_the_library_show_their_tables_without_a_script():
    page = (
        '<html><head></head><body><span class="h6">Status:</span> <i class="fas fa-times text-danger" aria-hidden="true"></i> Failed'
        '<label class="btn" onclick="showAllValidations()">x</label><table data-toggle="table"><tr><td>'
        '<i class="fas fa-exclamation-triangle text-warning" ></i></td><td><i class="fas fa-times text-danger" ></i></td></tr></table>'
        "</body></html>"
    )

    local = localize(page, "could_not_run")

    assert "[data-toggle]:not(table)" in local
    assert 'Hasil:</span> <b class="could_not_run">tidak dapat dijalankan</b><label' in local
    assert '<td><b class="could_not_run">tidak dapat dijalankan</b></td><td><b class="failed">gagal</b></td>' in local
    assert "onclick" not in local


def test_what_was_seen_is_text_in_the_page_and_never_markup():
    page = gate_page(gate(found("failed", observed="TKI <script>alert(1)</script>")), None)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_index_names_every_gate_of_the_pipeline_also_those_that_never_ran(tmp_path):
    assert set(TITLES) == set(GATES)
    assert write_index(tmp_path).read_text("utf-8").count("belum pernah") == len(GATES)


@pytest.mark.parametrize("torn", ["", "{}", '{"outcome": "pas'])
def test_an_outcome_torn_by_a_power_cut_is_named_and_fails_nothing(tmp_path, torn):
    (tmp_path / "checks" / "received").mkdir(parents=True)
    (tmp_path / "checks" / "received" / "outcome.json").write_text(torn, "utf-8")
    assert write_index(tmp_path).read_text("utf-8").count("tidak terbaca") == 1


@pytest.mark.parametrize("module_rules", [rules, allocation.rules])
def test_every_rule_has_a_name_of_its_own_and_a_description_for_a_reader(module_rules):
    made = module_rules(Limits())
    assert len({rule.name for rule in made}) == len(made)
    assert all(
        len(rule.description) > 30 and rule.description.endswith(".") and "$" not in rule.description for rule in made
    )
    assert all(" as problem" in rule.sql and "{{" not in rule.sql for rule in made)


def test_no_rule_holds_what_the_engine_would_take_for_a_parameter():

    for rule in [*rules(), *allocation.rules()]:
        assert not re.search(r"(?<![:\w\\]):\w", rule.sql), rule.name


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("NIK 3275016504900001.", True),
        ("3275012504900001", True),
        ("AP2201207280000000000000000020012071", False),
        ("3275019904900001", False),
        ("20120728", False),
    ],
)
def test_a_nik_is_known_by_its_shape_and_not_by_its_length_alone(text, is_one):

    assert bool(re.search(NIK_SHAPE, text)) is is_one
