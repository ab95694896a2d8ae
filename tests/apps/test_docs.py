"""The documents are true: every command that they name exists with its options, and generated tables equal the code."""

import re

import click
import pytest

from apps.cli.main import COMMANDS, posko
from ingest.judge import REASONS
from posko.db.staging_columns import TEXT_COLUMNS
from posko.settings import PROJECT_ROOT, Settings

PAGES = sorted(
    [
        PROJECT_ROOT / "README.md",
        *PROJECT_ROOT.glob("*/README.md"),
        *PROJECT_ROOT.glob("docs/*.md"),
        *PROJECT_ROOT.glob("docs/adr/*.md"),
    ]
)
OWN = {"demo", "test", "setup", "lint", "lock", "help", "bench"}
"""Commands that the script `run` knows by itself."""


def named_commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        if page.name in {"requirements.md", "pedoman-503-2012.md"}:
            continue
        text = page.read_text("utf-8")
        shown = re.findall(r"`((?:\./run|posko) [^`\n]+)`", text)
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            shown += [line.split(" #")[0].strip() for line in block.splitlines() if line.startswith("./run")]
        found += [(page.name, line) for line in shown]
    return found


@pytest.mark.parametrize(("page", "line"), named_commands())
def test_a_command_in_the_documents_exists_with_its_options(page: str, line: str) -> None:
    words = [
        word for word in re.sub(r"[\[\]]", " ", line).split()[1:] if not re.fullmatch(r"[A-Z]+|COMMAND|\.\.\.", word)
    ]
    if not words or (words[0] in OWN and words[0] not in COMMANDS) or words[0].startswith("-"):
        assert words or "COMMAND" in line, f"{page}: {line}"
        return
    context = click.Context(posko)
    command: click.Command | None = posko
    options: set[str] = {"--help", "-h"}
    for word in words:
        if word.startswith("-"):
            assert command is not None
            options |= {option for parameter in command.params for option in parameter.opts}
            assert word.split("=")[0] in options, f"{page}: {line}: {word}"
        elif isinstance(command, click.Group):
            command = command.get_command(context, word)
            assert command is not None, f"{page}: {line}: {word}"


def test_there_are_commands_in_the_documents_to_test() -> None:
    assert len(named_commands()) > 20


def test_the_table_of_quarantine_reasons_equals_the_code() -> None:
    text = (PROJECT_ROOT / "ingest" / "README.md").read_text("utf-8")
    assert dict(re.findall(r"^\| `([A-Z_0-9]+)` \| (.+) \|$", text, re.MULTILINE)) == REASONS


def test_the_table_of_fields_names_every_column_of_the_contract() -> None:
    text = (PROJECT_ROOT / "ingest" / "README.md").read_text("utf-8")
    assert all(f"`{column}`" in text for column in TEXT_COLUMNS)


def test_every_setting_that_the_documents_name_exists() -> None:
    known = {f"POSKO_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        named = {
            name
            for name in re.findall(r"POSKO_[A-Z_]+[A-Z]", page.read_text("utf-8"))
            if not name.startswith("POSKO_DBT")
        }
        assert named <= known, page.name


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).resolve().exists(), f"{page.name}: {target}"
