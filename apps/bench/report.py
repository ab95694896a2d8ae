"""What a bench says: lines with a ratio and a verdict, as a table, as Markdown for the README, or as JSON.

A line is compared with a peer that was measured in the same run, or with a limit; seconds alone would say
more about the machine than about POSKO. The limits are those of the contract for 1,000,000 TKI on two cores.
"""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from apps.cli.screen import number, table

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTRACT_TKI = 1_000_000
"""TKI for which the contract sets its limits."""
BUSY_SHARE = 0.5
"""Load per core at the start from which the figures are called noisy."""

HEADINGS = ("", "ukuran", "terukur", "pembanding", "rasio", "batas")


@dataclass(frozen=True)
class Line:
    """One figure: `measured` beside `base` (a peer's figure or the limit itself), and what the ratio must keep.

    `at_most` and `at_least` limit the ratio measured / base; with neither the line only informs. With
    `times_faster` the ratio is base / measured.
    """

    what: str
    measured: float
    unit: str
    base: float | None = None
    base_name: str = ""
    at_most: float | None = None
    at_least: float | None = None
    times_faster: bool = False
    is_limit: bool = False
    samples: tuple[float, ...] = ()
    base_samples: tuple[float, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Measured / base (or base / measured), None without a base or when the divisor is nothing."""
        if self.base is None:
            return None
        above, below = (self.base, self.measured) if self.times_faster else (self.measured, self.base)
        return above / below if below else None

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None when the line has none."""
        if self.at_most is None and self.at_least is None:
            return None
        if self.ratio is None:
            return False
        return (self.at_most is None or self.ratio <= self.at_most) and (
            self.at_least is None or self.ratio >= self.at_least
        )

    def cells(self) -> tuple[str, ...]:
        """Return the line as the texts of `HEADINGS`."""
        ratio = "" if self.ratio is None else decimal(self.ratio)
        return (mark(self.holds), self.what, self._measured(), self._compared(), ratio, self._limit())

    def as_dict(self) -> dict[str, Any]:
        """Return the line for `--json`."""
        return {
            "what": self.what,
            "measured": round(self.measured, 4),
            "unit": self.unit,
            "compared_with": self.base_name or None,
            "base": None if self.base is None else round(self.base, 4),
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "limit": self.at_most if self.at_least is None else self.at_least,
            "limit_kind": "at_most" if self.at_most is not None else "at_least" if self.at_least is not None else None,
            "holds": self.holds,
            "samples": [round(one, 4) for one in self.samples],
            "base_samples": [round(one, 4) for one in self.base_samples],
        }

    def _measured(self) -> str:
        spread = ""
        if len(self.samples) > 1:
            spread = f" ({decimal(min(self.samples))}-{decimal(max(self.samples))})"
        return f"{decimal(self.measured)} {self.unit}{spread}".strip()

    def _compared(self) -> str:
        if self.base is None or self.is_limit:
            return ""
        return f"{self.base_name}: {decimal(self.base)} {self.unit}".strip()

    def _limit(self) -> str:
        if self.is_limit and self.base is not None:
            return f"≤ {decimal(self.base)} {self.unit}".strip()
        if self.at_most is not None:
            return f"≤ {decimal(self.at_most)} kali"
        return "" if self.at_least is None else f"≥ {decimal(self.at_least)} kali"


def against_peer(
    what: str,
    samples: Sequence[float],
    peer: Sequence[float],
    peer_name: str,
    *,
    at_most: float | None = None,
    unit: str = "detik",
) -> Line:
    """Return the line of medians over medians of a peer's samples, at most so many times as large."""
    return Line(
        what, statistics.median(samples), unit, statistics.median(peer), peer_name,
        at_most=at_most, samples=tuple(samples), base_samples=tuple(peer),
    )  # fmt: skip


def faster_than(what: str, samples: Sequence[float], peer: float, peer_name: str, *, at_least: float) -> Line:
    """Return the line that says how many times faster than a peer."""
    return Line(
        what, statistics.median(samples), "detik", peer, peer_name,
        at_least=at_least, times_faster=True, samples=tuple(samples), base_samples=(peer,),
    )  # fmt: skip


def against_limit(what: str, samples: Sequence[float], limit: float, *, unit: str = "detik") -> Line:
    """Return the line of the samples' median over a limit of the contract."""
    return Line(
        what, statistics.median(samples), unit, limit, "batas", at_most=1.0, is_limit=True, samples=tuple(samples)
    )


def note(what: str, measured: float, *, unit: str = "detik") -> Line:
    """Return a line that only informs."""
    return Line(what, measured, unit)


@dataclass
class Report:
    """The lines of one bench and what was measured; `problem` when it could not be."""

    bench: str
    subject: str
    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    chart: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the report for `--json`."""
        return {
            "bench": self.bench,
            "subject": self.subject,
            "holds": None if self.problem else not missed(self.lines),
            "lines": [line.as_dict() for line in self.lines],
            "remarks": self.remarks,
            "problem": self.problem,
            **self.extra,
        }

    def show(self) -> str:
        """Print the table; return what is said below it."""
        if self.lines:
            rows = [line.cells() for line in self.lines]
            table(f"{self.bench}: {self.subject}", HEADINGS, rows, numeric=(4,))
        return "\n".join([*self.chart, *self.remarks, verdict([self])])


def markdown(reports: Sequence[Report]) -> str:
    """Return one table of all lines that have a limit or a peer, then the charts and remarks, for the README."""
    lines = ["| ukuran | terukur | pembanding | rasio | batas | terpenuhi |", "|---|---:|---|---:|---|:-:|"]
    for report in reports:
        lines.append(f"| **{report.bench}**, {report.subject} | | | | | |")
        if report.problem:
            lines.append(f"| tidak dapat diukur | | {report.problem} | | | ✗ |")
        for line in report.lines:
            if line.base is not None:
                sign, *cells = line.cells()
                lines.append(f"| {' | '.join(cells)} | {sign if line.holds is not None else ''} |")
    for report in reports:
        lines += ["", "```", *report.chart, "```"] if report.chart else []
    remarks = dict.fromkeys(remark for report in reports for remark in report.remarks)
    return "\n".join([*lines, "", *remarks]).rstrip()


def missed(lines: Sequence[Line]) -> list[Line]:
    """Return the lines whose limit is not kept."""
    return [line for line in lines if line.holds is False]


def verdict(reports: Sequence[Report]) -> str:
    """Return one sentence: how many limits are kept, and which are not."""
    judged = [line for report in reports for line in report.lines if line.holds is not None]
    broken = missed(judged)
    failed = [f"✗ {report.bench} tidak dapat diukur: {report.problem}" for report in reports if report.problem]
    if not judged:
        return "\n".join(failed) or "Tidak ada batas pada ukuran ini."
    if not broken:
        return "\n".join([f"✓ Semua {len(judged)} batas terpenuhi.", *failed])
    named = "; ".join(line.what for line in broken)
    return "\n".join([f"✗ {len(broken)} dari {len(judged)} batas TIDAK terpenuhi: {named}.", *failed])


def mark(holds: bool | None) -> str:
    """Return the sign of a verdict."""
    return "·" if holds is None else "✓" if holds else "✗"


def decimal(value: float) -> str:
    """Return a number in the Indonesian way with about three significant digits."""
    if abs(value) >= 1000 or float(value).is_integer():
        return number(round(value))
    digits = 2 if abs(value) < 10 else 1
    return f"{value:.{digits}f}".replace(".", ",")


def size_remark(tki: int) -> list[str]:
    """Say so when a bench ran on another size than the contract's."""
    if tki == CONTRACT_TKI:
        return []
    return [f"Batas ditetapkan untuk {number(CONTRACT_TKI)} TKI; ini diukur pada {number(tki)}."]


def load_remark() -> list[str]:
    """Say so when the machine was busy before the bench began."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load / cores < BUSY_SHARE:
        return []
    return [f"Mesin sedang sibuk saat mulai (beban {decimal(load)} pada {cores} inti): angka berderau."]
