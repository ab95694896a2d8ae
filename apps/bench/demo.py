"""`posko bench demo`: the demo of a newcomer, first and second time, once everything is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.bench.report import Report, against_limit
from apps.cli.screen import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.bench.installation import Installation

DEMO_SECONDS = 60.0
DEMO_TKI = 5_000


def measure(installation: Installation, *, tki: int = DEMO_TKI, say: Callable[[str], None] = lambda _: None) -> Report:
    """Run `posko demo` twice in an empty folder: the first run makes the servers, the source and the register."""
    report = Report("demo", f"{number(tki)} TKI")
    for words in ("pertama kali, dengan server baru", "kedua kali"):
        say(f"posko demo --tki {tki}, {words}")
        seconds = installation.posko("demo", "--tki", str(tki)).seconds
        report.lines.append(against_limit(f"posko demo, {words}", [seconds], DEMO_SECONDS))
    return report
