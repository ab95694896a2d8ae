"""Charts of the public site as SVG: bars with their numbers beside them, readable without script and without colour (§14.1).

Each chart has a title and a table with the same numbers beside it on the page, so the drawing itself is hidden from screen readers.
Widths are attributes and colours are classes of the page's own style sheet, as its policy lets no style stand in the markup.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, NUMBER, LINE, BAR = 480, 110, 46, 16
"""Units of the drawing: its width, room for the numbers behind a bar, height of a line with the name above its bar, height of the bar."""
MOST_LETTERS = 50


def bars(rows: Sequence[tuple[str, int, int]]) -> str:
    """Return one line of bars for each name: those who passed, then those who did not yet.

    Args:
        rows: name, how many passed, how many did not yet.
    """
    room, most = WIDTH - NUMBER, max((passed + failed for _, passed, failed in rows), default=0) or 1
    height = len(rows) * LINE
    drawn = [f'<svg class="bagan" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" aria-hidden="true">']
    for place, (name, passed, failed) in enumerate(rows):
        top = place * LINE
        first, second = round(room * passed / most), round(room * failed / most)
        drawn += [
            f'<text x="0" y="{top + 16}">{escape(_short(name))}</text>',
            f'<rect class="k" x="0" y="{top + 22}" width="{first}" height="{BAR}"/>',
            f'<rect class="bk" x="{first}" y="{top + 22}" width="{second}" height="{BAR}"/>',
            f'<text x="{first + second + 8}" y="{top + 36}">{number(passed)} / {number(failed)}</text>',
        ]
    return "".join([*drawn, "</svg>"])


def number(value: int) -> str:
    """Return a number in the Indonesian way."""
    return f"{value:,}".replace(",", ".")


def share(part: int, whole: int) -> str:
    """Return a part of a whole in per cent, in the Indonesian way; a dash for a part of nothing."""
    return f"{100 * part / whole:.1f}".replace(".", ",") + " %" if whole else "-"


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "…"
