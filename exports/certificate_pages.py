"""What stands on the pages of a PDF that somebody brings: whether there is text, and the QR codes, read from the drawn page (R-166).

The codes are read by another program than the one that drew them. A stranger's file is data: it is drawn and looked at, nothing in it
is followed or run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import pypdfium2
import zxingcpp

from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from PIL.Image import Image

MOST_BYTES, MOST_PAGES = 50_000_000, 400
DOTS = (150, 300)
"""Dots an inch at which a page is drawn, the finer only when nothing was found."""
_POINTS = 72
_LONGEST_SIDE = 2_000
"""Points; a larger page would take more memory than it tells."""
_WRONG = "Berkas bukan PDF yang dapat dibaca. Pindai ulang halamannya, lalu ulangi."


@dataclass(frozen=True, slots=True)
class Page:
    """One page: from 1, whether it holds letters that can be copied, and the texts of its QR codes."""

    number: int
    has_text: bool
    codes: tuple[str, ...]


def read_pages(pdf: bytes, most: int | None = None) -> list[Page]:
    """Return what the pages of a file show, or only the first so many.

    Raises:
        BadInput: no PDF, too large, or too many pages.
    """
    if len(pdf) > MOST_BYTES:
        raise BadInput(f"Berkas lebih besar dari {MOST_BYTES // 1_000_000} MB. Pisahkan halamannya, lalu ulangi.")
    try:
        return list(islice(_pages(pdf), most))
    except pypdfium2.PdfiumError as error:
        raise BadInput(_WRONG) from error


def codes_in(picture: Image | np.ndarray) -> tuple[str, ...]:
    """Return the texts of the QR codes in a picture."""
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
        found = codes_in(page.render(scale=dots / _POINTS, grayscale=True).to_pil())
        if found:
            return found
    return ()
