"""`posko certificate` as a person calls it: printed, verified with and without rows, keys changed (§13.12, §14.3; R-138, R-166, R-186)."""

from __future__ import annotations

import json

import pypdfium2
import pytest
import zxingcpp

from apps.cli import certificate_print, context
from posko.domain.errors import BadInput, Refused
from posko.services import certificate_status, certification, decision, printing
from tests.support import commands
from tests.support.assessed import assessed, ids
from tests.support.commands import reached
from tests.support.world import World

pytestmark = pytest.mark.server

FIRST, SECOND = "PRT.1025.2026.0000001", "PRT.1025.2026.0000002"
READER = ("--reader", "synthetic", "--serial", "READER-0", "--station", "ST-0", "--person", "LS1")


@pytest.fixture
def world(clean_posko, settings, monkeypatch):
    """Two certificates of LSP-1 and ten blanks, as the commands reach them; LS1's finger is let in."""
    made = World(clean_posko, settings)
    made.fill()
    made.desk("LS1").do(decision.decide, session_id=assessed(made, ids(2)), sk_no="SK-1")
    made.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000010")
    with reached(made, monkeypatch, certificate_print):
        yield made


def run(*words, **more):
    return commands.run("certificate", *words, **more)


@pytest.fixture
def paper(world, tmp_path):
    """The file of both certificates, printed by the command."""
    told = json.loads(run("print", *READER, "--blank", "BL000001", "--folder", tmp_path / "cetak", "--json"))
    assert told["certificates"] == 2
    return told["files"][0]


@pytest.fixture
def keys(world, tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(run("keys"))
    return file


def qr_of(paper, page=0):
    drawn = pypdfium2.PdfDocument(paper)[page].render(scale=2).to_pil()
    return zxingcpp.read_barcodes(drawn)[0].text


def status_file(tmp_path):
    file = tmp_path / "status.json"
    file.write_text(run("status-list"))
    return file


def revoke(world):
    world.desk("BN1").do(
        certificate_status.revoke,
        certificate_no=FIRST,
        reason="palsu",
        decree_no="SK-CABUT-1",
        second=world.second("SA1"),
    )


def test_printing_counts_every_copy_and_writes_a_file_for_its_owner_alone(world, paper, tmp_path):
    assert (tmp_path / "cetak").stat().st_mode & 0o777 == 0o700
    assert world.ask("select copy_no, blank_no, printed_by from posko.print_event order by certificate_id") == [
        (1, "BL000001", "LS1"),
        (1, "BL000002", "LS1"),
    ]
    with open(paper, "rb") as file:
        assert file.read().startswith(b"%PDF-")
    assert oct((tmp_path / "cetak").joinpath(paper).stat().st_mode & 0o777) == "0o600"


def test_again_gives_the_same_file_and_counts_nothing(world, paper, tmp_path):
    run("print", *READER, "--again", "--folder", tmp_path / "lagi")

    (file,) = (tmp_path / "lagi").iterdir()
    with open(paper, "rb") as first:
        assert first.read() == file.read_bytes()
    assert world.value("select count(*) from posko.print_event") == 2


def test_a_reprint_needs_a_reason_and_is_marked(world, paper, tmp_path):
    words = ("print", *READER, "--number", FIRST, "--blank", "BL000003", "--folder", tmp_path)
    with pytest.raises(Refused) as refused:
        run(*words)
    assert refused.value.code == "REPRINT_WITHOUT_REASON"

    run(*words, "--reason", "rusak terkena air")

    page = pypdfium2.PdfDocument(tmp_path / f"sertifikat-{FIRST}-{FIRST}.pdf")[0]
    assert "CETAK ULANG ke-1" in page.get_textpage().get_text_range()


def test_who_is_of_no_lsp_prints_nothing(world, tmp_path):
    with pytest.raises(BadInput, match="Administrator LSP"):
        run("print", *READER[:-1], "BN1", "--blank", "BL000001", "--folder", tmp_path)


def test_the_code_alone_is_verified_without_a_database_and_the_verdict_comes_first(
    world, paper, keys, tmp_path, monkeypatch
):
    text, status = qr_of(paper), status_file(tmp_path)
    monkeypatch.setattr(context, "app_engine", lambda: pytest.fail("the database was asked"))
    monkeypatch.setattr(context, "settings", lambda: pytest.fail("the installation was asked"))

    lines = run("verify", "--qr", text, "--keys", keys, "--status", status).splitlines()
    assert lines[0] == "SAH"
    assert "TKI 9000001" in "\n".join(lines[1:])
    assert run("verify", "--qr", "-", "--keys", keys, input=text + "\n", code=1).startswith(
        "ASLI, STATUS BELUM DIPERIKSA"
    )
    told = json.loads(run("verify", "--file", paper, "--keys", keys, "--status", status, "--json"))
    assert [(one["verdict"], one["page"], one["certificate_no"]) for one in told] == [
        ("VALID", 1, FIRST),
        ("VALID", 2, SECOND),
    ]


def test_after_a_revocation_every_path_says_revoked(world, paper, keys, tmp_path):
    (row,) = [
        row for row in world.desk("LS1").do(certification.certificates, lsp_code="LSP-1") if row["certificate_no"] == FIRST
    ]  # fmt: skip
    text = qr_of(paper)
    assert run("verify", "--qr", text).startswith("SAH")
    revoke(world)
    status = status_file(tmp_path)

    ways = (
        ("--number", FIRST, "--code", row["secure_code"]),
        ("--qr", text),
        ("--qr", text, "--keys", keys, "--status", status),
    )
    for way in ways:
        assert run("verify", *way, code=1).splitlines()[0] == "SUDAH DICABUT"
    for way in ((), ("--keys", keys, "--status", status)):
        lines = run("verify", "--file", paper, *way, code=1).splitlines()
        assert lines[0] == "Halaman 1: SUDAH DICABUT"
        assert "Halaman 2: SAH" in lines


@pytest.mark.parametrize("way", [("--number", FIRST, "--code", "000000"), ("--qr", "POSKO1:FORGED")])
def test_of_what_is_unknown_no_person_is_shown(world, paper, way):
    lines = run("verify", *way, code=1).splitlines()

    assert lines[0] == "TIDAK DIKENAL"
    assert len(lines) == 2
    assert "9000001" not in "".join(lines)


def test_a_genuine_code_without_a_row_is_unknown(world, paper):
    text = qr_of(paper)
    world.write("set foreign_key_checks = 0")
    world.write("delete printed from posko.print_event as printed")
    world.write("delete from posko.certificate where certificate_no = :n", n=FIRST)

    assert run("verify", "--qr", text, code=1).splitlines() == [
        "TIDAK DIKENAL",
        "  POSKO tidak mempunyai sertifikat seperti ini.",
    ]


def test_an_altered_file_is_unknown(world, paper, keys, tmp_path):
    wrong = tmp_path / "ubah.pdf"
    with open(paper, "rb") as file:
        data = file.read()
    wrong.write_bytes(data.replace(b"%POSKO-SEAL ", b"%POSKO-SEAL f", 1))

    for way in ((), ("--keys", keys)):
        out = run("verify", "--file", wrong, *way, code=1)
        assert out.count("TIDAK DIKENAL") == 2
        assert "TKI 9000001" not in out


def test_after_a_change_of_keys_old_paper_is_still_valid_and_the_change_is_in_the_log(world, paper, keys, tmp_path):
    text = qr_of(paper)
    after = tmp_path / "after.json"
    after.write_text(run("keys", "--rotate"))
    run("print", *READER, "--again", "--folder", tmp_path / "baru")
    (new,) = (tmp_path / "baru").iterdir()

    assert len(json.loads(after.read_text())["keys"]) == len(json.loads(keys.read_text())["keys"]) + 1
    assert run("verify", "--qr", text).startswith("SAH")
    assert run("verify", "--file", new).startswith("Halaman 1: SAH")
    assert run("verify", "--qr", text, "--keys", after, code=1).startswith("ASLI")
    assert run("verify", "--file", new, "--keys", keys, code=1).startswith("Halaman 1: TIDAK DIKENAL")
    assert "certificate.rotate_key" in {action for action, _, _ in world.events()}


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("verify", "--qr", "a", "--number", "b", "--code", "c"),
        ("verify", "--number", "a"),
        ("verify", "--qr", "a", "--code", "c"),
        ("verify", "--qr", "a", "--status", __file__),
        ("verify", "--number", "a", "--code", "b", "--keys", __file__),
        ("print", *READER, "--folder", "x"),
        ("print", *READER, "--folder", "x", "--blank", "BL000001", "--again"),
    ],
)
def test_options_that_do_not_fit_are_a_mistake_of_usage(world, words):
    run(*words, code=2)


def test_files_that_are_none_are_refused_in_words(world, tmp_path, keys):
    bad = tmp_path / "x"
    bad.write_bytes(b"\xff\xfe")
    for words in (("--file", bad), ("--qr", "a", "--keys", bad), ("--qr", "a", "--keys", keys, "--status", bad)):
        with pytest.raises(BadInput):
            run("verify", *words)
