"""The documents are true: every command that they name exists with its options, and generated tables equal the code."""

import re

import click
import pytest

from apps.cli.main import COMMANDS, posko
from exports.audit_pack_findings import SENTENCES
from ingest.judge import REASONS
from posko.db.staging_columns import TEXT_COLUMNS
from posko.settings import PROJECT_ROOT, Settings

PAGES = sorted(
    [
        PROJECT_ROOT / "README.md",
        *PROJECT_ROOT.glob("*/README.md"),
        *PROJECT_ROOT.glob("docs/*.md"),
        *PROJECT_ROOT.glob("docs/*/*.md"),
    ]
)
UNITS = sorted(PROJECT_ROOT.glob("deploy/systemd/posko-*"))
OWN = {"demo", "test", "setup", "lint", "lock", "help", "bench"}
"""Commands that the script `run` knows by itself."""
QUOTED = re.compile(r"`([^`\n]+)`")
PLACEHOLDER = re.compile(r"[A-Z]+|\.\.\.")


def siblings(text: str) -> list[str]:
    """Return the commands that a table of commands shortens: `./run check received`, `results` is `./run check results` too."""
    found = []
    for cell in re.findall(r"^\| (`\./run [^|]+)\|", text, re.MULTILINE):
        first, *others = QUOTED.findall(cell)
        found += [f"{first.rpartition(' ')[0]} {word}" for word in others if not word.startswith(("./run", "posko "))]
    return found


def named_commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        if page.name in {"requirements.md", "pedoman-503-2012.md"}:
            continue
        text = page.read_text("utf-8")
        shown = [line for line in QUOTED.findall(text) if line.startswith(("./run ", "posko "))] + siblings(text)
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            shown += [
                line.split(" #")[0].strip() for line in block.splitlines() if line.startswith(("./run ", "posko "))
            ]
        found += [(page.name, line) for line in shown]
    for unit in UNITS:
        found += [
            (unit.name, f"posko {line}")
            for line in re.findall(r"^Exec\w+=\S+/posko (.+)$", unit.read_text("utf-8"), re.MULTILINE)
        ]
    return found


def all_commands() -> list[str]:
    """Return every command of posko, groups apart: "run", "audit pack"."""
    context, found = click.Context(posko), []
    for name in COMMANDS:
        command = posko.get_command(context, name)
        assert command is not None
        within = command.list_commands(context) if isinstance(command, click.Group) else []
        found += [f"{name} {one}" for one in within] or [name]
    return found


@pytest.mark.parametrize(("page", "line"), named_commands())
def test_a_command_in_the_documents_exists_with_its_options(page: str, line: str) -> None:
    words = re.sub(r"[\[\]]", " ", line).split()[1:]
    if words[0] in {"COMMAND", *OWN} - set(COMMANDS):
        return
    context, command, is_value = click.Context(posko), posko, False
    known: dict[str, click.Parameter | None] = {"--help": None, "-h": None}
    for word in words:
        if is_value or PLACEHOLDER.fullmatch(word):
            is_value = False
        elif word.startswith("-") and len(word) > 1:
            known |= {option: parameter for parameter in command.params for option in parameter.opts}
            name, _, value = word.partition("=")
            assert name in known, f"{page}: {line}: {word}"
            is_value = not value and not getattr(known[name], "is_flag", True)
        elif isinstance(command, click.Group):
            command = command.get_command(context, word)
            assert command is not None, f"{page}: {line}: {word}"


def test_there_are_commands_in_the_documents_to_test() -> None:
    assert len(named_commands()) > 200
    assert {page for page, _ in named_commands()} >= {
        "README.md",
        "auditor.md",
        "deviations.md",
        "posko-verify.service",
    }


def test_every_command_is_told_somewhere() -> None:
    told = "\n".join(line.partition(" ")[2] for _, line in named_commands()) + "\n"
    assert [name for name in all_commands() if not re.search(rf"^{re.escape(name)}\b", told, re.MULTILINE)] == []


def test_the_operations_tell_of_every_timer() -> None:
    told = (PROJECT_ROOT / "docs" / "operations.md").read_text("utf-8")
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert len(timers) >= 6
    assert [unit.name for unit in timers if f"`{unit.name}`" not in told] == []
    assert [unit.name for unit in timers if not unit.with_suffix(".service").exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set(), [PROJECT_ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            place = (page.parent / target).resolve()
            ahead += sorted(place.glob("*.md")) if place.is_dir() else [place] if place.suffix == ".md" else []
    assert [str(page.relative_to(PROJECT_ROOT)) for page in PAGES if page not in reached] == []


def test_the_auditors_page_explains_every_finding() -> None:
    told = (PROJECT_ROOT / "docs" / "audit-pack.md").read_text("utf-8").partition("## When something is found")[2]
    assert set(re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\| ([^|]+) \|", told, re.MULTILINE)))) == set(
        SENTENCES
    )


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
