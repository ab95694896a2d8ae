"""Publications in memory, in the place of the database: what `exports.site` is built from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from posko.services.site_rows import BUCKET, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BORN = dt.date(1983, 5, 1)
AT = dt.datetime.fromisoformat("2026-03-16T09:00")


class FakeRows:
    """Rows as `SiteRows` gives them; `stopped` and `codes` are set by a test."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.stopped = False
        self.codes: set[str] = set()
        self.lsp = {"LSP-1": "LSP Satu", "LSP-2": "LSP Dua"}

    def add(
        self, tki_id: str, *, journey: str | None = None, result: str = "KOMPETEN", number: int = 0, **more: Any
    ) -> None:
        """Publish a result, or the next version of one of the same journey."""
        journey = journey or tki_id
        version = 1 + sum(row["journey"] == journey for row in self.rows)
        passed = result == "KOMPETEN"
        earlier = next((row["certificate_no"] for row in self.rows if row["journey"] == journey), None)
        number = number or 1 + max((row["id"] for row in self.rows), default=0)
        own = {
            "address": "KP. TINGGULUH, TANGERANG",
            "phone": "0812345678",
            "email": "nurul@example.org",
            "nik": "3603054105830001",
        }
        shown = {
            "masked_name": "S*** N***",
            "result": result,
            "lsp_code": "LSP-1",
            "tuk_code": "TUK-1",
            "tested_on": dt.date(2026, 3, 9),
            "certificate_no": (earlier or f"PRT.1025.2026.{4538767 + len(self.rows):07d}") if passed else None,
            "certificate_status": "VALID" if passed else None,
            "published_at": AT,
        }
        key = {"id": number, "journey": journey, "version": version, "tki_id": tki_id, "born_on": BORN}
        self.rows.append({**key, **shown, **own, **more})

    def is_stopped(self) -> bool:
        return self.stopped

    def newest(self) -> int:
        return max((row["id"] for row in self.rows), default=0)

    def counts(self, until: int) -> dict[int, int]:
        return dict(Counter(row["id"] // BUCKET for row in self.rows if row["id"] <= until))

    def changed(self, span: Span) -> set[str]:
        return {row["tki_id"] for row in self._in(span)}

    def results(self, tki_ids: Iterable[str], *, until: int, first: int) -> Iterator[list[dict[str, Any]]]:
        wanted, newest = set(tki_ids), {}
        for row in self.rows:
            if row["tki_id"] in wanted and row["id"] <= until and self._first(row) <= first:
                newest[row["journey"]] = row
        yield list(newest.values())

    def totals(self, span: Span) -> dict[tuple[str, str, str, str], int]:
        made: Counter[tuple[str, str, str, str]] = Counter()
        for row in self._in(span):
            made[self._class(row)] += 1
            for old in self.rows:
                if (old["journey"], old["version"]) == (row["journey"], row["version"] - 1):
                    made[self._class(old)] -= 1
        return {key: count for key, count in made.items() if count}

    def names(self) -> dict[str, dict[str, str]]:
        return {"lsp": self.lsp, "tuk": {"TUK-1": "TUK Bekasi"}}

    def issued(self, codes: Sequence[str]) -> set[str]:
        return self.codes & set(codes)

    def holds_address(self, text: str) -> bool:
        return any(row["address"].upper() in text.upper() for row in self.rows)

    def _in(self, span: Span) -> list[dict[str, Any]]:
        found = [row for row in self.rows if span.since < row["id"] <= span.until]
        return [row for row in found if not span.known or self._first(row) <= span.since]

    def _first(self, row: dict[str, Any]) -> int:
        return next(one["id"] for one in self.rows if one["journey"] == row["journey"] and one["version"] == 1)

    def _class(self, row: dict[str, Any]) -> tuple[str, str, str, str]:
        return (row["lsp_code"], row["tested_on"].isoformat()[:7], row["result"], row["certificate_status"] or "-")
