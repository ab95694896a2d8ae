"""The views of the deviation rules have one shape and can be read since a time, on the server that judges them (docs/deviations.md)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from apps.deviation_run import run_rules
from apps.pipeline import dbt
from posko.db.engine import Server
from posko.domain import rules
from posko.domain.rules import RULES
from posko.services.office import Office
from posko.settings import PROJECT_ROOT, Settings
from tests.pipeline.conftest import Built

pytestmark = pytest.mark.pipeline

COLUMNS = [
    "rule_id", "subject_kind", "subject_code", "finding_key", "tki_id", "journey_id", "session_id", "evidence", "observed_at", "touched_at",
]  # fmt: skip
VIEWS = {rule.judged_by: rule_id for rule_id, rule in RULES.items() if rule.is_sql}
SESSION = (
    "insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by, running_at)"
    " select min(site.tuk_code), min(person.lsp_code), 'TLRT', '2026-03-09', 1, min(person.met_no), 'RUNNING', '2026-03-03', 'KO1',"
    " '2026-03-09' from posko.tuk as site join posko.asesor as person"
)


@pytest.fixture(scope="module")
def columns(built: Built) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in built.ask(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'posko_model'"
        " and table_name like 'fct\\_deviation\\_%%' order by table_name, ordinal_position"
    ):
        found.setdefault(str(table), []).append((str(name), str(kind)))
    return found


def test_every_view_stands(columns: dict[str, list[tuple[str, str]]]) -> None:
    assert set(columns) == set(VIEWS)


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_a_view_has_the_columns_of_all_and_times_that_are_times(
    built: Built, columns: dict[str, list[tuple[str, str]]], view: str
) -> None:
    assert [name for name, _ in columns[view]] == COLUMNS
    assert {kind for name, kind in columns[view] if name.endswith("_at")} == {"datetime"}


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_a_view_names_its_rule_tells_each_finding_once_and_can_be_read_since_a_time(built: Built, view: str) -> None:
    rows = built.ask(
        f"select rule_id, subject_kind, subject_code, finding_key, json_valid(evidence) from posko_model.{view}"
    )

    assert {row[0] for row in rows} <= {VIEWS[view]}
    assert len({row[1:4] for row in rows}) == len(rows)
    assert all(row[4] for row in rows)
    assert built.ask(f"select 1 from posko_model.{view} where touched_at >= '2100-01-01'") == []


def test_a_changed_macro_has_the_views_made_anew_by_the_next_run(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []
    outcomes: list[list[str]] = []
    really = dbt._run

    def only_the_first(settings: Settings, server: Server, *arguments: str) -> dbt.DbtOutcome:
        started.append(arguments)
        if len(started) > 1:
            return dbt.DbtOutcome(0.0, {}, [])
        outcome = really(settings, server, *arguments)
        outcomes.append(outcome.failures)
        return outcome

    monkeypatch.setattr(dbt, "_run", only_the_first)
    monkeypatch.setattr(dbt, "_macros", lambda: "lain")

    dbt.run_dbt(built.settings, built.posko, "build", evaluation=True)

    assert started == [("build", *dbt.NIGHTLY_EVALUATION), ("build",)]
    assert any(dbt.NEEDS_EVERYTHING in failure for failure in outcomes[0])


def test_every_macro_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(dbt.PROJECT / "macros", tmp_path / "macros")
    monkeypatch.setattr(dbt, "PROJECT", tmp_path)
    before = dbt._macros()
    with (tmp_path / "macros" / "deviation.sql").open("a", encoding="utf-8") as file:
        file.write("{# lain #}")

    assert dbt._macros() != before


def test_the_rule_that_the_documents_add_is_one_file_and_one_row_and_the_next_run_makes_it(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (PROJECT_ROOT / "docs" / "deviations.md").read_text("utf-8")
    (row,), (code,) = (re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) for kind in ("csv", "sql"))
    project = shutil.copytree(dbt.PROJECT, tmp_path / "dbt_project")
    (project / "models" / "marts" / "deviation" / "fct_deviation_s10.sql").write_text(code, "utf-8")
    with (project / "seeds" / "deviation_rule.csv").open("a", encoding="utf-8") as seed:
        seed.write(row)
    monkeypatch.setattr(dbt, "PROJECT", project)
    monkeypatch.setitem(RULES, "DV-S10", rules.read_catalogue(project / "seeds" / "deviation_rule.csv")["DV-S10"])
    dbt.run_dbt(built.settings, built.posko, "build", evaluation=True)
    engine, admin = built.posko.engine("posko_app", "posko"), built.posko.engine(built.posko.admin, "posko")
    with admin.begin() as db:
        db.execute(sa.text(SESSION))

    summary = run_rules(Office.of(built.settings, engine), built.posko, rules=["DV-S10"])

    with admin.begin() as db:
        db.execute(sa.text("drop view posko_model.fct_deviation_s10"))
        assert db.execute(sa.text("select rule_id, subject_kind, case_id from posko.deviation")).all() == [
            ("DV-S10", "tuk", 1)
        ]
    for each in (engine, admin):
        each.dispose()
    assert summary.rules["DV-S10"]["new"] == 1
