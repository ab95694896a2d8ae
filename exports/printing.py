"""Pages set by typst from our own templates and fonts; the same data give the same bytes (§13.12; facts/apps.md, "PDF engines").

The template gets its data as JSON in `sys.inputs.data`. No font of the machine is used, so a page looks alike everywhere, and the date
in the file is the one that the data name, not today's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"
MOST_SECONDS = 120


def set_pages(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template `templates/NAME.typ` with its data; dates in them are ISO texts.

    Raises:
        RuntimeError: typst could not set them: the template or the data are wrong, a mistake of ours.
    """
    words = [sys.executable, "-B", "-m", "exports.printing_child", template, str(TEMPLATES), str(FONTS)]
    done = subprocess.run(
        words,
        input=json.dumps(data, ensure_ascii=False).encode(),
        capture_output=True,
        cwd=HERE.parent,
        env={},  # the child needs nothing that stands there
        timeout=MOST_SECONDS,
        check=False,
    )
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise RuntimeError(f"typst could not set {template}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
