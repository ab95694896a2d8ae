"""`posko staff` and `posko registry` from the terminal: lists are logged, a file is taken over whole or not at all (R-012, R-048)."""

from __future__ import annotations

import json

import openpyxl
import pytest

from apps.cli.main import posko as command
from posko.domain.errors import BadInput
from posko.services.registry_columns import REGISTERS
from tests.support.commands import reached, run
from tests.support.world import World

pytestmark = pytest.mark.server
HEAD = "lsp_code,lsp_name,license_no,valid_from,valid_until\n"


@pytest.fixture
def world(clean_posko, settings, monkeypatch):
    """A filled installation that the commands reach."""
    made = World(clean_posko, settings)
    made.fill()
    with reached(made, monkeypatch):
        yield made


@pytest.fixture
def file(tmp_path):
    """A file with one new LSP and one changed one."""
    made = tmp_path / "lsp.csv"
    made.write_text(
        HEAD + "LSP-7,LSP Tujuh,X-7,2026-01-01,2028-12-31\nLSP-1,LSP 1,BNSP-LSP-001-ID,2025-01-01,2027-12-31\n"
    )
    return made


def log(world):
    return world.ask("select action, actor_id like 'os:%', outcome from posko_audit.audit_event order by event_id")


def test_the_list_of_staff_is_shown_and_logged(world):
    shown = run("staff", "list")

    assert "Administrator Konsorsium" in shown
    assert {row["person_id"] for row in json.loads(run("staff", "list", "--json"))} >= {"SA1", "AU1"}
    assert ("staff.list", 1, "ok") in log(world)


def test_staff_is_not_made_at_the_terminal_and_the_help_says_why(world):
    text = run("staff", "--help")

    assert "tidak pernah menjadi bukti" in " ".join(text.split())
    assert set(command.get_command(None, "staff").commands) == {"list"}


def test_a_file_is_tried_and_then_taken_over(world, file):
    assert (
        run("registry", "import", "lsp", file, "--dry-run") == "Berkas sah, belum dimuat: 1 baru, 1 berubah, 0 tetap.\n"
    )
    assert world.value("select count(*) from posko.lsp") == 2
    assert (
        run("registry", "import", "lsp", file, "--reason", "Surat 12") == "Daftar dimuat: 1 baru, 1 berubah, 0 tetap.\n"
    )

    assert json.loads(run("registry", "import", "lsp", file, "--json"))["same"] == 2
    assert world.ask("select distinct reason, changed_by like 'os:%' from posko.registry_change") == [("Surat 12", 1)]
    assert log(world)[-2:] == [("registry.import_at_terminal", 1, "ok"), ("audit.close", 1, "ok")]


def test_a_workbook_is_taken_over_too(world, tmp_path):
    book = openpyxl.Workbook()
    for row in (["pptkis_name", "license_no"], ["SETIA JAYA", "12/MEN/2010"]):
        book.active.append(row)
    book.save(tmp_path / "pptkis.xlsx")

    assert "1 baru" in run("registry", "import", "pptkis", tmp_path / "pptkis.xlsx")


@pytest.mark.parametrize("line", ["LSP-8,,X-8,2026-01-01,2028-12-31", "=x,LSP 8,X-8,2026-01-01,2028-12-31"])
def test_a_file_with_a_mistake_changes_nothing_and_is_logged(world, file, line):
    file.write_text(file.read_text() + line + "\n")

    with pytest.raises(BadInput, match=r"Baris 4, kolom") as found:
        run("registry", "import", "lsp", file)
    assert found.value.exit_code == 2
    assert world.value("select count(*) from posko.lsp") == 2
    assert ("registry.file_refused", 1, "refused") in log(world)


def test_what_only_the_register_knows_is_told_with_its_line(world, tmp_path):
    file = tmp_path / "asesor.csv"
    file.write_text("met_no,asesor_name,lsp_code,valid_from,valid_until\nMET.7,Siti,LSP-9,2026-01-01,2028-12-31\n")

    with pytest.raises(BadInput, match="Baris 2, kolom lsp_code: LSP-9 tidak ada"):
        run("registry", "import", "asesor", file)
    assert ("registry.import_at_terminal", 1, "failed") in log(world)


def test_a_file_that_is_not_there_is_named(world):
    with pytest.raises(BadInput, match="tidak dapat dibaca"):
        run("registry", "import", "lsp", "tidak-ada.csv")


@pytest.mark.parametrize("register", REGISTERS)
def test_what_is_shown_is_what_the_import_takes(world, tmp_path, register):
    shown = run("registry", "show", register)

    assert shown.splitlines()[0].split(",") == list(REGISTERS[register].names)
    assert len(json.loads(run("registry", "show", register, "--json"))) == len(shown.splitlines()) - 1
    if len(shown.splitlines()) > 1:
        (tmp_path / "lagi.csv").write_text(shown)
        assert "0 baru, 0 berubah" in run("registry", "import", register, tmp_path / "lagi.csv")
    assert ("registry.shown", 1, "ok") in log(world)
