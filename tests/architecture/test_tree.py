"""What the whole tree holds itself to: no registry's host, no path of a machine, no secret, no overlong file."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from posko.settings import PROJECT_ROOT

HOSTS = re.compile("|".join(("py[p]i[.]org", "python[h]osted", "registry[.]npm[j]s", "deb[.]deb[i]an[.]org")))
MARK = "# no" + "qa"
MACHINE_PATH = re.compile(r"(^|[\s\"'=(])/(work|farm|root|home)/")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [PROJECT_ROOT / name for name in listed.stdout.splitlines() if (PROJECT_ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    return [
        (path, path.read_text("utf-8", "replace")) for path in tracked() if path.suffix not in {".png", ".ttf", ".bin"}
    ]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert [str(path) for path, text in texts() if HOSTS.search(text)] == []


def test_no_file_holds_a_path_of_a_machine() -> None:
    assert [str(path) for path, text in texts() if MACHINE_PATH.search(text)] == []


def test_requirement_files_are_hashed_and_name_no_index() -> None:
    for name in ("app", "dbt", "dev"):
        text = (PROJECT_ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"^--(index|extra|find|trusted)", text, re.MULTILINE)


def test_no_python_file_is_longer_than_300_lines() -> None:
    too_long = {
        str(path.relative_to(PROJECT_ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()
    }
    assert {name: lines for name, lines in too_long.items() if lines > 300} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 50:
                    long.append(f"{path.relative_to(PROJECT_ROOT)}:{node.name} ({lines})")
    assert long == []


def test_suppressions_of_the_linter_are_explained_and_few() -> None:
    bare, count = [], 0
    for path in python_files():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if re.search(MARK + r"(?!:)", line):
                bare.append(f"{path.name}:{number}")
            count += MARK in line
    assert bare == []
    assert count < 200, "say in pyproject.toml once what is said so often"


@pytest.mark.parametrize("module", ["posko", "ingest"])
def test_the_core_and_the_loader_start_without_great_expectations_or_pandas(module: str) -> None:
    asked = f"import sys, {module}, ingest.receive; sys.exit(any(m in sys.modules for m in ('great_expectations', 'pandas')))"
    python = PROJECT_ROOT / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-c", asked], cwd=PROJECT_ROOT, check=False).returncode == 0
