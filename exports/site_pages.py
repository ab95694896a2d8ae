"""The pages of the public site, in Indonesian: looking up one's own result, and the totals (§14.1-14.2; R-160, R-188).

Totals name no person. LSP with fewer than five results stand together, so that nobody's result can be read off a total.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from exports.site_address import ROUNDS
from exports.site_charts import bars, number, share
from posko.domain.calendar import WIB

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    Totals = Mapping[tuple[str, str, str, str], int]
    Names = Mapping[str, Mapping[str, str]]

FILES = Path(__file__).parent / "site_files"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
"""What a page may load; a server adds that no other page may frame it."""
FEWEST = 5
PASSED = "KOMPETEN"
RESULTS: Mapping[str, str] = {"KOMPETEN": "Kompeten", "BELUM": "Belum kompeten"}
STANDINGS: Mapping[str, str] = {
    "VALID": "berlaku",
    "SUSPENDED": "sedang ditangguhkan",
    "REVOKED": "sudah dicabut",
    "EXPIRED": "masa berlaku habis",
}
NAV = (("/", "Hasil uji"), ("/jumlah.html", "Jumlah"), ("/verifikasi", "Periksa sertifikat"))
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def pages(totals: Totals, names: Names, *, salt: str, at: dt.datetime) -> dict[str, bytes]:
    """Return every page of a version: file name -> bytes.

    Args:
        totals: (LSP, month as YYYY-MM, result, state of the certificate) -> results.
        names: `lsp` and `tuk`, code -> name.
        salt: of the site's addresses.
        at: when the version was made, UTC without zone.
    """
    stamp = f"Data per {day(at + WIB)} pukul {at + WIB:%H.%M} WIB."
    told = {
        "garam": salt,
        "putaran": ROUNDS,
        "hasil": RESULTS,
        "keadaan": STANDINGS,
        "lsp": names["lsp"],
        "tuk": names["tuk"],
    }
    return {
        "index.html": page(
            "Hasil uji kompetensi TKI", fragment("cari.html", isi=""), here="/", stamp=stamp, script="cari.js"
        ),
        "jumlah.html": page("Jumlah hasil uji", _totals(totals, names["lsp"]), here="/jumlah.html", stamp=stamp),
        "situs.json": json.dumps(told, ensure_ascii=False, sort_keys=True).encode(),
        "situs.css": (FILES / "situs.css").read_bytes(),
        "cari.js": (FILES / "cari.js").read_bytes(),
    }


def page(title: str, body: str, *, here: str, stamp: str = "", script: str = "") -> bytes:
    """Return a whole page around a body that is safe to show as it is."""
    links = "".join(
        f'<a href="{target}"{_CURRENT if target == here else ""}>{escape(words)}</a>' for target, words in NAV
    )
    made = _template("halaman.html").substitute(
        title=escape(title),
        policy=POLICY,
        nav=links,
        body=body,
        stamp=escape(stamp),
        script=f'<script src="/{script}" defer></script>' if script else "",
    )
    return made.encode()


def fragment(name: str, **values: str) -> str:
    """Return a part of a page from a file; the values are put in as they are."""
    return _template(name).substitute(values)


def day(moment: dt.date) -> str:
    """Return a day in Indonesian words."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _totals(totals: Totals, lsp_names: Mapping[str, str]) -> str:
    by_result: Counter[str] = Counter()
    by_standing: Counter[str] = Counter()
    by_lsp: dict[str, Counter[str]] = {}
    by_month: dict[str, Counter[str]] = {}
    for (lsp, month, result, standing), count in sorted(totals.items()):
        by_result[result] += count
        by_lsp.setdefault(lsp_names.get(lsp, lsp), Counter())[result] += count
        by_month.setdefault(month, Counter())[result] += count
        if result == PASSED:
            by_standing[standing] += count
    if not by_result:
        return "<h1>Jumlah hasil uji</h1><p>Belum ada hasil yang ditayangkan.</p>"
    months = {f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}": found for month, found in sorted(by_month.items())[-24:]}
    whole = by_result.total()
    return fragment(
        "jumlah.html",
        whole=number(whole),
        passed=number(by_result[PASSED]),
        failed=number(whole - by_result[PASSED]),
        rate=share(by_result[PASSED], whole),
        standings="".join(
            f"<li>{escape(STANDINGS.get(key, key))}: {number(count)}</li>" for key, count in sorted(by_standing.items())
        ),
        lsp=_chart("LSP", _large_enough(by_lsp)),
        month=_chart("Bulan uji", months),
    )


def _large_enough(by_name: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Return the counts, the largest first, with those of few results in one line at the end."""
    large = {name: found for name, found in by_name.items() if found.total() >= FEWEST}
    rest: Counter[str] = sum((found for name, found in by_name.items() if name not in large), Counter())
    ordered = dict(sorted(large.items(), key=lambda one: (-one[1].total(), one[0])))
    return ordered | ({"LSP lain, masing-masing kurang dari 5 hasil": rest} if rest else {})


def _chart(heading: str, found: Mapping[str, Counter[str]]) -> str:
    """Return a chart and the table with its numbers."""
    rows = [(name, count[PASSED], count.total() - count[PASSED]) for name, count in found.items()]
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{number(passed)}</td><td>{number(failed)}</td>'
        f"<td>{share(passed, passed + failed)}</td></tr>"
        for name, passed, failed in rows
    )
    return fragment("bagan.html", chart=bars(rows), heading=escape(heading), rows=cells)


@cache
def _template(name: str) -> Template:
    return Template((FILES / name).read_text("utf-8"))


_CURRENT = ' aria-current="page"'
