"""Pictures that are no answer of the page of a reader: code of the refusal -> bytes."""

from __future__ import annotations

import io

from PIL import Image

from biometrics.readers.browser import MOST_BYTES
from tests.biometrics.stub_client.site import png


def picture(mode: str, size: tuple[int, int] = (357, 392)) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size).save(made, "PNG")
    return made.getvalue()


BAD = {
    "EMPTY": b"",
    "TOO_LARGE": b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES),
    "FORMAT": b"GIF89a" + bytes(100),
    "TRUNCATED": png()[:3000],
    "COLOUR": picture("1"),
}
