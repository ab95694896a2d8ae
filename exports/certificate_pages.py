"""What stands on the pages that somebody brings, as PDF or as a picture: whether there is text, and the QR codes (R-166).

They are read from the drawn page, by another program than the one that drew them. A stranger's file is data: it is drawn and looked at,
nothing in it is followed or run.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

import pypdfium2
import zxingcpp
from PIL import Image

from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES, MOST_PAGES = 50_000_000, 400
DOTS = (150, 300)
"""Dots an inch at which a page is drawn, the finer only when nothing was found."""
_POINTS = 72
_LONGEST_SIDE = 2_000
"""Points; a larger page would take more memory than it tells."""
_PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
"""How a picture of each kind begins: no other kind is even opened."""
MOST_PIXELS = 80_000_000
_FINE = 4_000
"""Pixels of a side that tell every code of a page; a JPEG of a good camera is decoded no finer."""
_WRONG = "Berkas bukan PDF, JPG, atau PNG yang dapat dibaca. Pindai atau potret ulang halamannya, lalu ulangi."
_VAST = (
    f"Gambar lebih besar dari {MOST_PIXELS // 1_000_000} juta piksel. Simpan dengan ukuran lebih kecil, lalu ulangi."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: from 1, whether it holds letters that can be copied, and the texts of its QR codes."""

    number: int
    has_text: bool
    codes: tuple[str, ...]


def read_pages(file: bytes, most: int | None = None) -> list[Page]:
    """Return what the pages of a PDF show, or only the first so many; a picture (JPEG, PNG) is one page.

    Raises:
        BadInput: neither PDF nor picture, too large, or too many pages.
    """
    if len(file) > MOST_BYTES:
        raise BadInput(f"Berkas lebih besar dari {MOST_BYTES // 1_000_000} MB. Pisahkan halamannya, lalu ulangi.")
    for beginning, kind in _PICTURES.items():
        if file.startswith(beginning):
            return [Page(1, has_text=False, codes=_codes_of_picture(file, kind))]
    try:
        return list(islice(_pages(file), most))
    except pypdfium2.PdfiumError as error:
        raise BadInput(_WRONG) from error


def _codes_in(picture: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return tuple(one.text for one in found if one.text)


def _pages(pdf: bytes) -> Iterator[Page]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 < len(document) <= MOST_PAGES:
            raise BadInput(f"Berkas harus berisi 1 sampai {MOST_PAGES} halaman. Pisahkan halamannya, lalu ulangi.")
        for place in range(len(document)):
            page = document[place]
            if max(page.get_size()) > _LONGEST_SIDE:
                raise BadInput(_WRONG)
            has_text = page.get_textpage().count_chars() > 0
            yield Page(place + 1, has_text, _codes_of(page))
    finally:
        document.close()


def _codes_of(page: pypdfium2.PdfPage) -> tuple[str, ...]:
    for dots in DOTS:
        found = _codes_in(page.render(scale=dots / _POINTS, grayscale=True).to_pil())
        if found:
            return found
    return ()


def _codes_of_picture(file: bytes, kind: str) -> tuple[str, ...]:
    """Return the codes of a scan or a photograph; which way is up does not matter to a QR code."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(file), formats=[kind])
        with picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput(_VAST)
            picture.draft("L", (_FINE, _FINE))
            grey = picture.convert("L")
    except Image.DecompressionBombError as error:
        raise BadInput(_VAST) from error
    # Pillow tells of a broken file in many ways, one for each part of its formats.
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadInput(_WRONG) from error
    return _codes_in(grey)
