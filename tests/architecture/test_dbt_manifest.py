"""What the dbt project promises about itself, read from the manifest that `dbt parse` writes: no database needed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"
DBT = ROOT / ".venv-dbt" / "bin" / "dbt"
KEY_TESTS = {"has_primary_key", "rests_on_key"}
FORBIDDEN_IN_MARTS = {"nik", "address", "phone", "religion", "email", "no_ktp", "alamat", "agama", "no_telepon"}
LAYERS = {"staging": "stg_", "intermediate": "int_", "marts": ("fct_", "dim_")}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dbt")


def run_dbt(target: Path, *arguments: str) -> str:
    if not DBT.exists():
        pytest.fail("the environment of dbt is not set up: ./run setup makes it")
    environment = os.environ | {
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
    }
    done = subprocess.run(
        [DBT, "--no-version-check", *arguments, "--project-dir", PROJECT, "--profiles-dir", PROJECT],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def manifest(target: Path) -> dict[str, Any]:
    run_dbt(target, "parse")
    return json.loads((target / "manifest.json").read_text())


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node: dict[str, Any]) -> str:
    return node["fqn"][1]


def is_rule(node: dict[str, Any]) -> bool:
    """Whether a model is the view of a deviation rule: all are of one shape, which tests/pipeline/test_deviation_views.py holds."""
    return node["fqn"][1:3] == ["marts", "deviation"]


def parents(node: dict[str, Any]) -> list[str]:
    return node["depends_on"]["nodes"]


def test_there_are_models_of_every_layer(models: list[dict[str, Any]]) -> None:
    assert {layer(model) for model in models} == set(LAYERS)


def test_a_model_is_named_after_its_layer(models: list[dict[str, Any]]) -> None:
    assert [model["name"] for model in models if not model["name"].startswith(LAYERS[layer(model)])] == []


def test_a_staging_model_is_named_after_its_source_and_reads_nothing_else(models: list[dict[str, Any]]) -> None:
    wrong = [
        model["name"]
        for model in models
        if layer(model) == "staging"
        for parent in parents(model)
        if not parent.startswith(f"source.posko.{model['name'].removeprefix('stg_').partition('__')[0]}.")
    ]
    assert wrong == []


def test_only_staging_models_read_sources(models: list[dict[str, Any]]) -> None:
    wrong = [
        model["name"]
        for model in models
        if layer(model) != "staging" and any(parent.startswith("source.") for parent in parents(model))
    ]
    assert wrong == []


def test_no_model_reads_a_layer_above_its_own(manifest: dict[str, Any], models: list[dict[str, Any]]) -> None:
    # The allocation reads the mart of the filter, and what is counted again is known when the list of attempts is made; nothing else
    # goes upwards.
    readers = ("int_allocation__moved", "int_allocation__queue", "int_tki__queue")
    allowed = {(reader, "fct_tki_eligible") for reader in readers}
    allowed.add(("int_evaluation__touched_month", "fct_evaluation_attempt"))
    wrong = [
        (model["name"], manifest["nodes"][parent]["name"])
        for model in models
        if layer(model) == "intermediate"
        for parent in parents(model)
        if parent.startswith("model.") and layer(manifest["nodes"][parent]) == "marts"
    ]
    assert set(wrong) <= allowed


def test_every_model_seed_and_source_has_a_description(manifest: dict[str, Any]) -> None:
    nodes = [
        *(
            node
            for node in manifest["nodes"].values()
            if node["resource_type"] in {"model", "seed"} and not is_rule(node)
        ),
        *manifest["sources"].values(),
    ]
    assert [node["name"] for node in nodes if not node["description"].strip()] == []


def test_every_model_says_its_grain(models: list[dict[str, Any]]) -> None:
    assert [
        model["name"] for model in models if not is_rule(model) and "Grain: one row per" not in model["description"]
    ] == []
    assert [model["name"] for model in models if "Grain: one row per" not in model["raw_code"]] == []


def test_every_column_of_a_model_or_seed_has_a_description(manifest: dict[str, Any]) -> None:
    nodes = [
        node for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"} and not is_rule(node)
    ]
    assert [node["name"] for node in nodes if not node["columns"]] == []
    bare = [
        f"{node['name']}.{name}"
        for node in nodes
        for name, column in node["columns"].items()
        if not column["description"].strip()
    ]
    assert bare == []


def test_every_model_and_seed_has_a_test_of_its_key(manifest: dict[str, Any]) -> None:
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") in KEY_TESTS
    }
    wanted = {
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "seed"} and not is_rule(node)
    }
    assert wanted - tested == set()


def test_the_keys_of_all_tables_are_asked_for_when_all_are_built(manifest: dict[str, Any]) -> None:
    nodes = manifest["nodes"].values()
    (asked,) = [node for node in nodes if node["name"] == "assert_every_table_has_its_key"]
    before, waiting = set(), [asked["unique_id"]]
    while waiting:
        above = set(manifest["nodes"].get(waiting.pop(), {}).get("depends_on", {}).get("nodes", ())) - before
        before |= above
        waiting += above
    wanted = {
        node["attached_node"] for node in nodes if (node.get("test_metadata") or {}).get("name") == "has_primary_key"
    }

    assert wanted - before == set(), "a table that is still being made would have no key: name it in depends_on"


def test_every_mart_has_an_enforced_contract_with_a_primary_key(models: list[dict[str, Any]]) -> None:
    marts = [model for model in models if layer(model) == "marts" and not is_rule(model)]
    assert [model["name"] for model in marts if not model["contract"]["enforced"]] == []
    without_key = [
        model["name"]
        for model in marts
        if "primary_key" not in [constraint["type"] for constraint in model["constraints"]]
    ]
    assert without_key == []
    untyped = [
        f"{model['name']}.{name}"
        for model in marts
        for name, column in model["columns"].items()
        if not column["data_type"]
    ]
    assert untyped == []


def test_no_mart_carries_the_nik_the_address_the_phone_or_the_religion(models: list[dict[str, Any]]) -> None:
    found = [
        f"{model['name']}.{name}"
        for model in models
        if layer(model) == "marts"
        for name in model["columns"]
        if name in FORBIDDEN_IN_MARTS
    ]
    assert found == []


def test_a_rule_is_a_view_that_a_run_by_delta_leaves_alone(models: list[dict[str, Any]]) -> None:
    rules = [model for model in models if is_rule(model)]
    assert rules
    assert {model["config"]["materialized"] for model in rules} == {"view"}
    assert [model["name"] for model in rules if set(model["tags"]) != {"deviation", "evaluation"}] == []


def test_every_invariant_is_a_singular_test_with_a_sentence_for_a_name(manifest: dict[str, Any]) -> None:
    singular = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and not node.get("test_metadata")
    ]
    assert len(singular) >= 10
    assert [name for name in singular if not name.startswith("assert_")] == []


@pytest.mark.parametrize(
    ("selector", "parts"),
    [("nightly", {False}), ("evaluation", {True}), ("nightly_evaluation", {False, True})],
)
def test_a_run_by_delta_takes_every_model_that_a_delta_can_change_and_every_invariant(
    manifest: dict[str, Any], target: Path, selector: str, parts: set[bool]
) -> None:
    listed = run_dbt(target, "--quiet", "ls", "--selector", selector, "--output", "json", "--output-keys", "unique_id")
    selected = {json.loads(line)["unique_id"] for line in listed.splitlines() if line.startswith("{")}
    wanted = set()
    for key, node in manifest["nodes"].items():
        config = node["config"]
        # As `has_nothing_to_do` in macros/plan.sql says it, which decides whether the run counts as finished.
        stays = config.get("stays_with") and not config.get("stays_while")
        is_view = config["materialized"] == "view" and not config.get("pre-hook")
        is_invariant = node["resource_type"] == "test" and not node.get("test_metadata")
        is_moving = node["resource_type"] == "model" and not stays and not is_view
        if (is_invariant or is_moving) and ("evaluation" in node["tags"]) in parts:
            wanted.add(key)
    assert selected == wanted
    assert selected


def test_every_rule_of_a_finding_is_in_the_catalogue() -> None:
    catalogue = (PROJECT / "seeds" / "deviation_rule.csv").read_text(encoding="utf-8")
    for mart in ("fct_tki_held_back", "fct_tki_finding", "fct_blkln_finding"):
        code = (PROJECT / "models" / "marts" / f"{mart}.sql").read_text(encoding="utf-8")
        used = {part[:6] for part in code.split("'") if part.startswith("DV-") and len(part) == 6}
        assert used
        assert [rule for rule in used if f"\n{rule}," not in catalogue] == []


def test_everything_lands_in_the_one_schema_of_the_account(manifest: dict[str, Any]) -> None:
    schemas = {node["schema"] for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}}
    assert schemas == {"posko_model"}
