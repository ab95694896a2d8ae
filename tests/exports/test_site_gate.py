"""The last look before the site goes out: whatever is planted is found, and told by kind and file without the datum (R-188, DV-C06)."""

from __future__ import annotations

import pytest

from exports.site import build
from exports.site_folder import SiteFolder
from exports.site_gate import Finding, Gate
from tests.support.site_rows import AT, FakeRows

OWN = {
    "nik": "3603054105830001",
    "address": "Kp. Tingguluh RT 02, Tangerang",
    "phone": "0812-3456-78",
    "email": "nurul@example.org",
}


def gate(codes=()):
    return Gate(lambda asked: set(codes) & set(asked))


def kinds(text, *, codes=(), persons=(OWN,)):
    made = gate(codes)
    made.look(text, "index.html", persons)
    return [finding.kind for finding in made.findings()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NIK 3603054105830001", ["NIK"]),
        ("36.03.05.410583.0001", ["NIK"]),
        ("1234567890123456", ["NIK"]),
        ("tinggal di KP TINGGULUH, RT.02 TANGERANG", ["ALAMAT"]),
        ("kp. tingguluh rt 02", ["ALAMAT"]),
        ("hubungi +62 812 345 678", ["TELEPON"]),
        ("tel. 0812-3456-78", ["TELEPON"]),
        ("tel. 081398765432", ["TELEPON"]),
        ("tulis ke Nurul@Example.org", ["SUREL"]),
        ("kode c680c6.", ["SECURE CODE"]),
        ("3603054105830001 C680C6 081398765432", ["NIK", "SECURE CODE", "TELEPON"]),
    ],
)
def test_each_kind_is_found_however_it_is_written(text, expected):
    assert kinds(text, codes=["C680C6"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        '["N*** K***","KOMPETEN","LSP-1","TUK-1","2026-03-09","PRT.1025.2026.4538767","VALID","2026-03-16"]',
        "warna #C680C6",
        "AC680C6B dan C680C67",
        "TUK Tangerang",
        "500.000 hasil, 375.000 kompeten, 12.345 lain",
        '<rect x="240" y="6" width="350" height="18"/>',
    ],
)
def test_what_may_be_public_passes(text):
    assert kinds(text, codes=["C680C6", "375000"]) == []


def test_a_nik_among_locked_bytes_is_found():
    made = gate()
    made.look_at_bytes(b"\x00\xff3603054105830001\x00", "isi/0001")

    assert made.findings() == [Finding("NIK", "isi/0001")]


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ({"masked_name": "3603054105830001"}, "NIK"),
        ({"masked_name": "KP. TINGGULUH"}, "ALAMAT"),
        ({"lsp_code": "0812345678"}, "TELEPON"),
        ({"tuk_code": "C680C6"}, "SECURE CODE"),
        ({"masked_name": "nurul@example.org"}, "SUREL"),
    ],
)
def test_a_record_with_a_datum_keeps_the_version_back_and_tells_no_datum(tmp_path, planted, kind):
    rows, folder = FakeRows(), SiteFolder(tmp_path / "situs")
    rows.codes = {"C680C6"}
    rows.add("9811262")
    rows.add("9811263", **planted)

    with folder.held():
        made = build(rows, folder, at=AT)

    # A phone in the place of an LSP's code stands on the page of totals too, once five results have it.
    (finding,) = made.findings
    assert finding.kind == kind
    assert finding.place.startswith("isi/")
    assert next(iter(planted.values())) not in str(made.findings)
    assert folder.version() == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LSP 3603054105830001", "NIK"),
        ("Kp. Tingguluh, Tangerang", "ALAMAT"),
        ("LSP 081398765432", "TELEPON"),
        ("C680C6", "SECURE CODE"),
    ],
)
def test_a_datum_on_an_open_page_is_found_too(tmp_path, name, kind):
    rows, folder = FakeRows(), SiteFolder(tmp_path / "situs")
    rows.codes, rows.lsp = {"C680C6"}, {"LSP-1": name}
    for number in range(6):
        rows.add(str(number))

    with folder.held():
        made = build(rows, folder, at=AT)

    assert {finding.kind for finding in made.findings} == {kind}
    assert {finding.place for finding in made.findings} == {"jumlah.html", "situs.json"}
