"""The catalogue, the views and the modules of the deviation rules say the same: a rule is one row and one file (docs/deviations.md)."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from posko.domain.parameters import DEFAULTS
from posko.domain.rules import BY_ACT, BY_SQL, NOT_JUDGED, RULES, read_catalogue

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dbt_project" / "models" / "marts" / "deviation"
SEED = (ROOT / "dbt_project" / "seeds" / "parameter.csv").read_text("utf-8")
ROW = 'DV-S10,13.6,W,W,D,fct_deviation_s10,all,BNSP,,"Sesi dimulai tetapi tidak diakhiri pada harinya"'
COUNTS = {"E": 11, "I": 12, "A": 13, "S": 9, "N": 8, "C": 9, "X": 6, "T": 7}
OWNERS = {"BNSP", "KONSORSIUM", "LSP", "TUK", "SUPER"}
VIEWS = sorted(path.stem for path in FOLDER.glob("*.sql"))


def test_the_catalogue_holds_the_75_rules_of_the_requirements() -> None:
    wanted = [f"DV-{family}{number:02}" for family, count in COUNTS.items() for number in range(1, count + 1)]
    assert len(wanted) == 75
    assert [rule_id for rule_id in RULES if rule_id in wanted] == wanted
    assert [rule_id for rule_id in RULES if not re.fullmatch(r"DV-[A-Z]\d\d", rule_id)] == []


def test_severities_and_modes_are_those_of_the_requirements() -> None:
    told = re.findall(
        r"^\| (DV-\w\d\d) \| [^|]*\|.*\| ([BHWI](?: then W|/[BW])?),?([PD])? ?\|[^|]*\|$",
        (ROOT / "docs" / "requirements.md").read_text("utf-8"),
        flags=re.MULTILINE,
    )
    assert len(told) == 75
    assert {rule for rule, severity, _ in told if RULES[rule].severity != severity[0]} == set()
    assert {rule for rule, _, mode in told if mode and RULES[rule].mode != mode} == set()


def test_every_row_of_the_catalogue_is_complete() -> None:
    for rule_id, rule in RULES.items():
        assert rule.severity in "BHWI", rule_id
        assert rule.found_as in "BHWI", rule_id
        assert rule.mode in "PD", rule_id
        assert rule.scope in {"journey", "session", "event", "all"}, rule_id
        assert rule.owner in OWNERS, rule_id
        assert 20 <= len(rule.description) <= 500, rule_id


def test_every_rule_is_judged_by_what_there_is() -> None:
    for rule_id, rule in RULES.items():
        if rule.is_sql:
            assert rule.judged_by == f"{BY_SQL}{rule_id[3:].lower()}"
            assert rule.judged_by in VIEWS
        elif rule.is_module:
            assert callable(importlib.import_module(rule.judged_by).find), rule_id
        else:
            assert rule.judged_by in {BY_ACT, NOT_JUDGED}, rule_id


def test_every_view_belongs_to_one_rule() -> None:
    assert [view for view in VIEWS if view not in {rule.judged_by for rule in RULES.values()}] == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_begins_with_what_it_finds_and_names_its_own_rule_only(view: str) -> None:
    code = (FOLDER / f"{view}.sql").read_text("utf-8")
    rule_id = f"DV-{view.removeprefix(BY_SQL).upper()}"
    # a whole query, or a macro of macros/deviation.sql that is one
    named = re.findall(r"'(DV-\w\d\d)' as rule_id|^\{\{ \w+\('(DV-\w\d\d)'", code, re.MULTILINE)
    assert {one or other for one, other in named} == {rule_id}
    assert code.lstrip().startswith(("--", "{#", "{{", "{%"))


def test_every_parameter_of_a_rule_is_dated_and_every_one_that_a_view_reads_is_told() -> None:
    known = {line.partition(",")[0] for line in SEED.splitlines()[1:]} | set(DEFAULTS)
    for rule_id, rule in RULES.items():
        assert set(rule.parameters) <= known, rule_id
        if rule.judged_by in VIEWS:
            code = (FOLDER / f"{rule.judged_by}.sql").read_text("utf-8")
            read = set(re.findall(r"(?:parameter_on|setting_on)\(\s*'(\w+)'", code))
            assert read <= set(rule.parameters), rule_id


def test_the_documents_count_the_rules_and_name_their_modules() -> None:
    told = (ROOT / "docs" / "deviations.md").read_text("utf-8")
    views = [rule for rule in RULES.values() if rule.is_sql]
    modules = [rule for rule in RULES.values() if rule.is_module]
    statistics = [rule for rule in modules if rule.judged_by.endswith(".statistics")]
    acts = [rule for rule in RULES.values() if rule.judged_by == BY_ACT]
    assert (
        f"{len(views)} rules are views, {len(modules)} are modules ({len(statistics)} of them statistics), {len(acts)} are"
        in told
    )
    assert set(re.findall(r"^\| `([a-z]+)` \| DV-", told, re.MULTILINE)) == {
        rule.judged_by.rpartition(".")[2] for rule in modules
    }


def test_the_row_that_the_documents_add_is_a_rule(tmp_path: Path) -> None:
    header, first, *_rest = (ROOT / "dbt_project" / "seeds" / "deviation_rule.csv").read_text("utf-8").splitlines()
    assert ROW in (ROOT / "docs" / "deviations.md").read_text("utf-8")
    copy = tmp_path / "rules.csv"
    copy.write_text(
        f"{header}\n{first}\n{ROW}\n",
        "utf-8",
    )

    added = read_catalogue(copy)["DV-S10"]

    assert (added.judged_by, added.scope, added.parameters) == ("fct_deviation_s10", "all", ())
    assert added.is_sql
    assert added.is_found
