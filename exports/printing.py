"""Pages set by typst from our own templates and fonts; the same data give the same bytes (§13.12; facts/apps.md, "PDF engines").

The template gets its data as JSON in `sys.inputs.data`. No font of the machine is used, so a page looks alike everywhere, and the date
in the file is the one that the data name, not today's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"


def set_pages(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template `templates/NAME.typ` with its data; dates in them are ISO texts.

    Raises:
        typst.TypstError: the template or the data are wrong: a mistake of ours.
    """
    made = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_tags=False,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    if not isinstance(made, bytes):
        raise TypeError("typst returned no file")
    return made
