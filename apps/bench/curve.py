"""`posko bench curve`: seconds of every stage over the number of TKI, and how fast they grow (§12.1-12.8).

Growth is the slope in a log-log chart of what a stage costs beyond its fixed part: 1 is linear, 2 is quadratic.
The fixed part (a process starts, a library is imported, dbt reads its project) is measured on a tiny source.
"""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

from apps.bench.report import Line, Report, decimal, note
from apps.cli.screen import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from apps.bench.installation import Installation

LINEAR_LIMIT = 1.15
"""Growth that still counts as linear: the contract says linear, a shared machine measures with noise."""
FIXED_TKI = 5_000
"""Of the run that tells the fixed part: the simulator gives fingerprints to so many TKI and to no more."""
FIXED_SHARE = 0.25
"""A size where a stage costs less than so much beyond its fixed part says nothing about growth."""
BAR = 30
SIMULATE = "simulate"
GROWING = ("receive", "check received", "transform", "check allocation", "distribute", "deviations")
"""Stages of a run that look at every TKI; publication and return wait for people, who have done nothing here."""
Seconds = dict[str, dict[int, float]]
"""Stage -> TKI -> seconds."""


def measure(
    installation: Installation,
    *,
    sizes: Sequence[int],
    fixed_tki: int = FIXED_TKI,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Run the whole pipeline once for each size, on an empty installation each time.

    Args:
        installation: to measure on.
        sizes: TKI, ascending.
        fixed_tki: TKI of the run that tells the fixed part.
        say: told what comes next.
    """
    report = Report("curve", " - ".join(number(size) for size in sizes) + " TKI")
    # The first run of all warms up what later ones find (dbt's manifest, the files of Python's imports).
    cold, warm = (_one_size(installation, fixed_tki, say) for _ in range(2))
    fixed = {stage: min(cold[stage], warm[stage]) for stage in warm}
    seconds: Seconds = {stage: {} for stage in fixed}
    for size in sizes:
        for stage, value in _one_size(installation, size, say).items():
            seconds[stage][size] = value
    report.lines = [_line(stage, by_size, fixed[stage], fixed_tki) for stage, by_size in seconds.items()]
    report.chart = chart(seconds, fixed)
    report.extra = {"seconds": seconds, "fixed_seconds": fixed, "fixed_tki": fixed_tki}
    return report


def _one_size(installation: Installation, tki: int, say: Callable[[str], None]) -> dict[str, float]:
    say(f"{number(tki)} TKI: simulasi, lalu seluruh pipeline")
    simulated = installation.simulate(tki)
    installation.reset_target()
    installation.posko("registry", "demo")
    installation.settle()
    document = installation.posko("run", "--json").document
    return {SIMULATE: simulated, **{stage: took for stage, took in document["seconds"].items() if stage in GROWING}}


def _line(stage: str, seconds: dict[int, float], fixed: float, fixed_tki: int) -> Line:
    grown = growth(seconds, fixed, fixed_tki)
    if grown is None:
        return note(f"{stage}: hampir hanya biaya tetap, pertumbuhan tidak terukur", max(seconds.values()))
    return Line(f"pertumbuhan {stage} (pangkat; 1 = linear)", grown, "", 1.0, "linear", at_most=LINEAR_LIMIT)


def growth(seconds: dict[int, float], fixed: float, fixed_tki: int) -> float | None:
    """Return the log-log slope of seconds over TKI, both beyond those of the fixed run.

    None when fewer than two sizes cost enough beyond the fixed part to tell.
    """
    told = {size: value - fixed for size, value in seconds.items() if value - fixed >= FIXED_SHARE * fixed}
    points = [(math.log(size - fixed_tki), math.log(value)) for size, value in told.items() if value > 0]
    if len(points) < 2:
        return None
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def chart(seconds: Seconds, fixed: dict[str, float]) -> list[str]:
    """Return the lines of a small chart: seconds for 100,000 TKI by size; level bars mean linear."""
    lines = ["Detik per 100.000 TKI di atas biaya tetap (batang yang rata = linear):"]
    for stage, by_size in seconds.items():
        rates = {size: max(value - fixed[stage], 0) * 100_000 / size for size, value in by_size.items()}
        longest = max(rates.values()) or 1
        for place, (size, rate) in enumerate(rates.items()):
            name = f"{stage} (tetap {decimal(fixed[stage])})" if place == 0 else ""
            bar = "█" * max(round(rate / longest * BAR), 1)
            lines.append(f"{name:<32}{number(size):>10} {bar:<{BAR}} {decimal(rate)} ({decimal(by_size[size])} detik)")
    return lines
