"""Every package and every file of others is listed with its licence in docs/licences.md, and pyzkfp (GPLv3) stays where that page says."""

from __future__ import annotations

import ast
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

from posko.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "licences.md").read_text("utf-8")
WEB = PROJECT_ROOT / "biometrics" / "readers" / "web"
COPYLEFT = re.compile(r"\b(L|A)?GPL|GNU|MPL|Mozilla|CeCILL", re.IGNORECASE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def table(heading: str) -> dict[str, list[str]]:
    """Rows of the table below a heading: first cell -> the others."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in rows[2:]}


def required() -> dict[str, set[str]]:
    """Package -> requirement files that name it."""
    found: dict[str, set[str]] = {}
    for file in (PROJECT_ROOT / "requirements").glob("*.txt"):
        for name in re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==", file.read_text("utf-8"), re.MULTILINE):
            found.setdefault(normal(name), set()).add(file.stem)
    return found


def test_every_required_package_is_listed_with_its_files_and_no_other_is() -> None:
    listed = {name: set(cells[1].split(", ")) for name, cells in table("Packages").items()}

    assert listed == required()


def test_every_row_names_a_licence_and_a_reason() -> None:
    for name, (licence, _, reason) in table("Packages").items():
        assert re.match(r"[A-Z0-9]", licence), name
        assert "UNKNOWN" not in licence, name
        assert len(reason) > 3, name


def test_an_installed_package_that_obliges_is_listed_as_one_that_does() -> None:
    rows = table("Packages")
    wrong = []
    for package in distributions():
        name = normal(package.metadata["Name"])
        stated = [package.metadata.get("License-Expression") or package.metadata.get("License") or ""][0].split("\n")[0]
        stated += " ".join(one for one in package.metadata.get_all("Classifier") or [] if one.startswith("License"))
        if name in rows and bool(COPYLEFT.search(stated)) != bool(COPYLEFT.search(rows[name][0])):
            wrong.append(f"{name}: {stated} / {rows[name][0]}")
    assert wrong == []


def test_what_obliges_says_what_follows() -> None:
    obliging = {name for name, cells in table("Packages").items() if COPYLEFT.search(cells[0])}
    explained = {name.strip() for row in table("What obliges") for name in row.split(",")}

    assert obliging == explained


@pytest.mark.parametrize("name", ["app", "dbt", "bench"])
def test_what_runs_posko_requires_neither_pyzkfp_nor_its_runtime(name: str) -> None:
    assert {package for package, files in required().items() if name in files} & {
        "pyzkfp",
        "pythonnet",
        "clr-loader",
    } == set()


def test_one_module_alone_imports_pyzkfp_and_dotnet_and_nothing_imports_that_module() -> None:
    guilty = []
    for file in [
        path
        for folder in ("posko", "ingest", "checks", "biometrics", "exports", "apps")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
    ]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            foreign = {"pyzkfp", "clr", "clr_loader", "pythonnet", "System"}
            if any(name.split(".")[0] in foreign or name.endswith("zk_process") for name in names):
                guilty.append(str(file.relative_to(PROJECT_ROOT)))
    assert set(guilty) == {"biometrics/readers/zk_process.py"}


def vendored() -> list[Path]:
    fonts = (PROJECT_ROOT / "exports" / "fonts").iterdir()
    return sorted(path for path in [*WEB.rglob("vendor/**/*"), *fonts] if path.is_file())


def test_every_vendored_file_is_listed_and_has_its_licence_beside_it() -> None:
    rows = table("Files of others in this repository")
    kinds = {".js", ".css", ".map", ".mjs", ".ttf", ".otf"}
    scripts = [path for path in vendored() if path.suffix in kinds]

    assert {str(path.relative_to(PROJECT_ROOT)) for path in scripts} == {name.strip("`") for name in rows}
    for path in scripts:
        assert any("licen" in other.name.lower() for other in path.parent.iterdir()), path
