"""The printed certificate: what stands on it, that nothing runs over, that the same data give the same bytes (§13.12, Gambar 12)."""

from __future__ import annotations

import datetime as dt
import json
import re

import numpy as np
import pypdfium2
import pytest
import segno
import zxingcpp

from exports import printing
from exports.certificate import MOST_PAGES, ROOMY_CODE, ROOMY_LETTERS, ROOMY_UNITS, Sheet, long_day, make_pdf
from exports.certificate_keys import Signer
from tests.support.certificates import KEYS, SIGNER, STATUS_LIST, sheet

LONGEST = {
    "words": ("NI LUH PUTU SRI WAHYUNINGSIH " * 9)[:255],
    "one word": "M" * 255,
    "wide letters": "WWWWWWWWWWWWWWW " * 15,
    "accents": ("ÁÇÉÑÖÜ'ĀŽŁ " * 24)[:255],
}
INNER = (12, 198, 12, 285)
"""Left, right, top and bottom of the frame, mm."""


def pdf_of(*sheets: Sheet) -> bytes:
    return make_pdf(sheets, SIGNER, STATUS_LIST)


def text_of(pdf: bytes, page: int = 0) -> str:
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def drawn(pdf: bytes, page: int = 0, dots: int = 144) -> np.ndarray:
    return np.asarray(pypdfium2.PdfDocument(pdf)[page].render(scale=dots / 72, grayscale=True).to_pil())


def test_the_page_shows_number_and_secure_code_of_gambar_12_with_the_holder_and_the_decision():
    text = text_of(pdf_of(sheet()))

    for shown in (
        "PRT.1025.2012.4538766", "C680C6", "NURUL KOMARIAH BT SATU", "ID TKI 9811262", "6 Juni 2012", "6 Juni 2015",
        "SK-1/LSP/2012", "LSP Nusantara", "BNSP-LSP-020-ID", "BL000001", "TLRT.02", "Memasak", "TANGERANG, 1 Mei 1983",
    ):  # fmt: skip
        assert shown in text
    assert "CETAK ULANG" not in text


@pytest.mark.parametrize(("copy_no", "mark"), [(2, "CETAK ULANG ke-1"), (12, "CETAK ULANG ke-11")])
def test_a_reprint_is_marked_and_counted_on_the_page(copy_no, mark):
    assert mark in text_of(pdf_of(sheet(copy_no=copy_no)))


def test_a_holder_without_birth_place_or_day_has_no_empty_line():
    assert "Lahir" not in text_of(pdf_of(sheet(birth_place=None, born_on=None)))
    assert "Lahir: 1 Mei 1983" in text_of(pdf_of(sheet(birth_place=None)))


def test_the_same_sheets_give_the_same_bytes_and_another_key_others():
    assert pdf_of(sheet(), sheet(tki_id="9812104")) == pdf_of(sheet(), sheet(tki_id="9812104"))
    assert make_pdf([sheet()], Signer(bytes(32)), STATUS_LIST) != pdf_of(sheet())


def test_the_file_says_the_day_of_the_certificate_not_todays():
    found = pypdfium2.PdfDocument(pdf_of(sheet(), sheet(certified_on=dt.date(2012, 7, 1)))).get_metadata_dict()

    assert found["CreationDate"].startswith("D:20120701")
    assert found["Title"] == "Sertifikat Kompetensi TLRT"


@pytest.mark.parametrize("name", LONGEST.values(), ids=LONGEST)
def test_the_longest_names_stay_inside_the_frame_and_are_whole(name):
    long = sheet(
        full_name=name, lsp_name=name, sk_no="S" * 60, birth_place=name, tki_id="9" * 64, copy_no=99, blank_no="B" * 30
    )
    pdf = pdf_of(long)

    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert text_of(pdf).replace(" ", "").count(name.replace(" ", "")) == 3, "name, place of birth and LSP"
    left, right, top, bottom = (round(edge / 25.4 * 144) for edge in INNER)
    page = drawn(pdf) < 200
    assert not page[:, : left - 14].any()
    assert not page[:, right + 14 :].any()
    assert not page[top + 8 : bottom - 8, left + 6 : left + 24].any(), "between the frame and the text is nothing"
    assert not page[top + 8 : bottom - 8, right - 24 : right - 6].any()
    (code,) = zxingcpp.read_barcodes(drawn(pdf, dots=300))
    assert code.text.startswith("POSKO1:")


@pytest.mark.parametrize("longer", [1, 4])
def test_many_units_leave_the_block_below_untouched(longer):
    titles = {n: f"Unit kompetensi dengan judul yang panjang nomor {n} " * longer for n in range(1, 13)}
    units = tuple((f"TLRT.{n:02d}{'X' * 30 * (longer - 1)}"[:40], title) for n, title in titles.items())
    text = text_of(pdf_of(sheet(units=units)))

    assert all(f"nomor {n}" in text for n in range(1, 13))
    plain, full = drawn(pdf_of(sheet())), drawn(pdf_of(sheet(units=units)))
    below = round(222 / 25.4 * 144)
    assert (plain[below:] == full[below:]).all()


@pytest.mark.parametrize("dots", [100, 150, 200, 300, 600])
def test_an_independent_decoder_reads_the_code_at_the_resolutions_of_scanners(dots):
    (code,) = zxingcpp.read_barcodes(drawn(pdf_of(sheet()), dots=dots))

    assert code.text.startswith("POSKO1:")


def test_the_code_is_read_from_a_bad_scan():
    page = drawn(pdf_of(sheet()), dots=150).astype(float)
    noise = np.random.default_rng(7).normal(0, 30, page.shape)
    soft = (page + np.roll(page, 1, 0) + np.roll(page, 1, 1) + np.roll(page, (1, 1), (0, 1))) / 4
    grey = np.clip(soft * 0.7 + 40 + noise, 0, 255).astype(np.uint8)

    assert [one.text[:7] for one in zxingcpp.read_barcodes(np.rot90(grey).copy())] == ["POSKO1:"]


def test_every_font_is_ours_and_inside_the_file():
    pdf = pdf_of(sheet())

    names = re.findall(rb"/FontName ?/([A-Za-z+-]+)", pdf)
    assert len(names) == 3
    assert all(b"+Liberation" in name for name in names)
    assert len(re.findall(rb"/FontFile\d? ", pdf)) == len(names)


def test_a_page_is_small_and_a_file_holds_a_limited_number_of_them():
    pages = [sheet(certificate_no=f"PRT.1025.2012.{n:07d}") for n in range(1, 21)]

    assert len(pdf_of(*pages)) < 20 * 12_000 + 60_000
    for wrong in ([], pages * (MOST_PAGES // 20) + pages[:1]):
        with pytest.raises(ValueError, match="a file holds"):
            make_pdf(wrong, SIGNER, STATUS_LIST)


def test_a_name_that_is_typst_code_is_printed_as_it_is():
    text = text_of(pdf_of(sheet(full_name='#panic() $x$ *a* <script> \\ "q"')))

    assert "#panic() $x$ *a* <script> \\" in text


def test_a_template_reads_no_file_outside_its_folder(tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "inside" / "reads.typ").write_text('#read("../secret")')
    monkeypatch.setattr(printing, "TEMPLATES", tmp_path / "inside")

    with pytest.raises(RuntimeError, match="reads"):
        printing.set_pages("reads", {})


@pytest.mark.parametrize("count", [1, ROOMY_UNITS])
def test_what_counts_as_roomy_has_room(count):
    wide = ("WMWMWMWMW " * 6)[:ROOMY_LETTERS]
    roomy = sheet(
        full_name=wide, lsp_name=wide, birth_place=wide, units=tuple((wide[:ROOMY_CODE], wide) for _ in range(count))
    )
    longer = sheet(full_name=wide, lsp_name=wide, birth_place=wide, units=(*roomy.units, *[("X", "Y")] * (11 - count)))
    below = round(222.8 / 25.4 * 144)

    page, facts = (
        drawn(pdf_of(roomy)),
        round(130 / 25.4 * 144),
    )  # to the right of them is the code, which tells the name
    assert (page[below:, :facts] == drawn(pdf_of(sheet()))[below:, :facts]).all()
    assert (page[below - 9 : below] > 200)[:, 70:-70].all(), "a gap above the block below"
    assert drawn(pdf_of(longer)).shape == page.shape


def test_a_sheet_comes_from_a_row_with_iso_days():
    row = {name: getattr(sheet(), name) for name in Sheet.__dataclass_fields__}
    row |= {"born_on": "1983-05-01", "certified_on": "2012-06-06", "valid_until": "2015-06-06"}
    row["units"] = json.loads(json.dumps(row["units"]))

    assert Sheet.of(row) == sheet()
    assert long_day(dt.date(2012, 12, 31)) == "31 Desember 2012"


def test_the_claim_carries_no_secure_code_and_no_birth_day():
    claim = repr(sheet().claim(STATUS_LIST))

    assert "C680C6" not in claim
    assert "1983" not in claim


def test_the_decoder_of_the_tests_is_not_the_encoder():
    assert zxingcpp.__name__.split(".")[0] != segno.__name__
    assert KEYS.knows(SIGNER.id)
