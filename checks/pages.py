"""Pages of the gates as static HTML, readable without network, replaced at once by each run (R-105).

Great Expectations' pages load their style from other people's servers; here those links are taken out, a local style is put
in, and its few own words are replaced by Indonesian ones. `index.html` leads to the gates and to the lineage of dbt.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.gate import OUTCOME_WORDS

if TYPE_CHECKING:
    from checks.gate import GateResult, Outcome

TITLES = {
    "received": "Data yang diterima: sesudah penarikan, sebelum penyaringan",
    "allocation": "Usulan alokasi: sesudah penyaringan, sebelum Konsorsium memutuskan",
    "results": "Hasil uji: sesudah rapat evaluasi, sebelum penayangan",
    "return": "Paket hasil: sesudah penayangan, sebelum dikirim ke BNP2TKI",
}
"""Gate -> what it guards."""

WORDS = {
    "Home": "Awal",
    "Validations": "Pemeriksaan",
    "Expectation Validation Result": "Hasil pemeriksaan",
    "Evaluates whether a batch of data matches expectations.": "Apakah data memenuhi setiap syarat di bawah ini.",
    "Table of Contents": "Daftar isi",
    "Overview": "Ringkasan",
    "Table-Level Expectations": "Syarat",
    "Expectation Suite:": "Gerbang:",
    "Data asset:": "Tabel:",
    "Status:": "Hasil:",
    "Failed": "Gagal",
    "Succeeded": "Lulus",
    "Statistics": "Hitungan",
    "Evaluated Expectations": "Syarat diperiksa",
    "Successful Expectations": "Syarat terpenuhi",
    "Unsuccessful Expectations": "Syarat tidak terpenuhi atau tidak dapat diperiksa",
    "Success Percent": "Bagian terpenuhi",
    "Status": "Hasil",
    "Expectation": "Syarat",
    "Observed Value": "Yang dilihat",
    "Expectation Suite": "Gerbang",
    "A collection of Expectations defined for batches of data.": "Syarat yang harus dipenuhi data, satu demi satu.",
    "Expectation Suite Name": "Nama gerbang",
    "Great Expectations Version": "Versi Great Expectations",
    "Data documentation compiled by Great Expectations": "POSKO BNSP: pemeriksaan data",
    "Info": "Keterangan",
    "Notes": "Catatan",
}
"""Text of Great Expectations' page -> ours."""

_ELSEWHERE = re.compile(
    r"<link\b[^>]*href=[\"']https?:[^>]*>|<img\b[^>]*src=[\"']https?:[^>]*>"
    r"|<script\b.*?</script>|<footer\b.*?</footer>|\bon[a-z]+=\"[^\"]*\"|background: url\('https?:[^)]*\)[^;]*;",
    re.IGNORECASE | re.DOTALL,
)
"""What a page fetches from elsewhere, what only works with that or with a script, and the advertisement at its foot."""
_PHRASES = {
    "Data asset:": "Tabel:",
    "raised an exception:": "tidak dapat dijalankan:",
    "<html>": '<html lang="id">',
    ">Validations / ": ">Pemeriksaan / ",
    ">Expectations / ": ">Syarat / ",
    " / __none__ / ": " / ",
}
_COUNTED = re.compile(r"This Expectation suite currently contains (\d+) total Expectations? across \d+ columns?\.")
_VERDICT = re.compile(r'(Hasil:</span>) <i class="fas fa-[^>]*></i> \w+')
"""The library's word on the whole: it knows no rule that only warns, and calls what could not run a failure."""
_ICONS: dict[str, Outcome] = {"check-circle": "passed", "times": "failed", "exclamation-triangle": "could_not_run"}
_ICON = re.compile(rf'<i class="fas fa-({"|".join(_ICONS)}) [^"]*" ></i>')
"""The mark of a rule; the one beside the word of the whole has more attributes and stays."""
_TEXT = re.compile(r">(\s*)([^<>]+?)(\s*)<")
_STYLE = """
body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; } td, th { border: 1px solid #bbb; padding: .4rem .6rem; text-align: left;
vertical-align: top; } .passed { color: #17602b; } .failed { color: #a4161a; } .could_not_run { color: #8a5a00; }
"""
_GX_STYLE = (
    _STYLE
    + """
.collapse, [data-toggle]:not(table), .sticky, .modal { display: none !important; }
h4 { font-size: 1.5rem; } h5 { font-size: 1.2rem; } h6 { font-size: 1rem; margin: 1rem 0 .5rem; }
svg { display: none; } ul, ol { list-style: none; padding-left: 0; } i.fas { font-style: normal; }
.fa-check-circle::before { content: "\\2713"; color: #17602b; } .fa-times::before { content: "\\2717"; color: #a4161a; }
.fa-exclamation-triangle::before { content: "?"; color: #8a5a00; }
"""
)
_STALE_SECONDS = 3600


class Site:
    """Folder in which a gate's pages are made, and the place where they appear when all are there."""

    def __init__(self, docs_dir: Path, gate: str) -> None:
        self._docs_dir, self._home = docs_dir, docs_dir / "checks"
        self._gate = gate
        self._home.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f".{gate}-", dir=self._home))
        self.folder.chmod(0o755)
        self.index = self._home / gate / "index.html"

    def publish(self, result: GateResult) -> None:
        """Make the pages of this run the gate's pages, in one step, and write the index of all gates anew."""
        pages = sorted(self.folder.glob("validations/**/*.html"))
        for page in self.folder.rglob("*.html"):
            page.write_text(localize(page.read_text("utf-8"), result.outcome), "utf-8")
        (self.folder / "index.html").write_text(
            gate_page(result, pages[0].relative_to(self.folder) if pages else None), "utf-8"
        )
        summary = {
            "gate": result.gate,
            "outcome": result.outcome,
            "checked_at": result.checked_at.isoformat(timespec="seconds"),
        }
        (self.folder / "outcome.json").write_text(json.dumps(summary), "utf-8")
        self._trade()
        write_index(self._docs_dir)

    def _trade(self) -> None:
        place = self._home / self._gate
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        link = self.folder.with_name(f"{self.folder.name}.link")
        link.symlink_to(self.folder.name)
        link.replace(place)
        for other in self._home.glob(f".{self._gate}-*"):
            if other != self.folder and _is_left_behind(other):
                shutil.rmtree(other, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    """Tell a folder that no run is filling any more: one that was published before, or that a killed run left."""
    return (folder / "outcome.json").exists() or time.time() - folder.lstat().st_mtime > _STALE_SECONDS


def localize(page: str, outcome: Outcome) -> str:
    """Return a page of Great Expectations without scripts and links to other servers, with our style, words and outcome of the gate."""
    page = _ELSEWHERE.sub("", page)
    page = page.replace("</head>", f"<style>{_GX_STYLE}</style></head>", 1)
    for theirs, ours in _PHRASES.items():
        page = page.replace(theirs, ours)
    page = _COUNTED.sub(r"Gerbang ini memuat \1 syarat.", _ICON.sub(lambda found: _mark(_ICONS[found[1]]), page))
    page = _TEXT.sub(lambda found: f">{found[1]}{WORDS.get(found[2], found[2])}{found[3]}<", page)
    return _VERDICT.sub(lambda found: f"{found[1]} {_mark(outcome)}", page)


def _mark(outcome: Outcome) -> str:
    return f'<b class="{outcome}">{OUTCOME_WORDS[outcome]}</b>'


def gate_page(result: GateResult, details: Path | None) -> str:
    """Return the page of one gate: its outcome and every rule with what was seen."""
    rows = "".join(
        f"<tr><td class='{one.outcome}'>{_word(one.outcome, only_warns=one.only_warns)}</td><td>{html.escape(one.description)}"
        f"<br><small>{html.escape(one.name)}</small></td><td>{html.escape(one.observed)}</td></tr>"
        for one in result.expectations
    )
    more = f"<p><a href='{html.escape(str(details))}'>Halaman Great Expectations (Data Docs)</a></p>" if details else ""
    return _page(
        TITLES.get(result.gate, result.gate),
        f"<p>Hasil: <b class='{result.outcome}'>{OUTCOME_WORDS[result.outcome]}</b>, diperiksa {_when(result.checked_at.isoformat())}.</p>"
        f"<table><tr><th>Hasil</th><th>Syarat</th><th>Yang dilihat</th></tr>{rows}</table>{more}"
        "<p><a href='../../index.html'>Semua gerbang</a></p>",
    )


def write_index(docs_dir: Path) -> Path:
    """Write `index.html` over all gates and the lineage, from what stands in the folder; return its path."""
    docs_dir.mkdir(parents=True, exist_ok=True)
    rows = "".join(_gate_row(docs_dir, gate, title) for gate, title in TITLES.items())
    lineage = (
        "<p><a href='lineage/index.html'>Silsilah data (dbt): setiap tabel, asalnya, dan artinya</a></p>"
        if (docs_dir / "lineage" / "index.html").exists()
        else "<p>Silsilah data (dbt) belum dibuat: jalankan <code>posko docs</code>.</p>"
    )
    page = _page(
        "POSKO BNSP: pemeriksaan dan silsilah data",
        f"<table><tr><th>Gerbang</th><th>Hasil terakhir</th><th>Diperiksa</th></tr>{rows}</table>{lineage}",
    )
    index = docs_dir / "index.html"
    handle, name = tempfile.mkstemp(prefix=".index-", dir=docs_dir)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(page)
    Path(name).chmod(0o644)
    Path(name).replace(index)
    return index


def _gate_row(docs_dir: Path, gate: str, title: str) -> str:
    summary = docs_dir / "checks" / gate / "outcome.json"
    if not summary.exists():
        return f"<tr><td>{html.escape(title)}</td><td>belum pernah</td><td>-</td></tr>"
    page = f"<td><a href='checks/{gate}/index.html'>{html.escape(title)}</a></td>"
    try:
        last: dict[str, Any] = json.loads(summary.read_text("utf-8"))
        outcome, when = last["outcome"], _when(last["checked_at"])
        return f"<tr>{page}<td class='{outcome}'>{OUTCOME_WORDS[outcome]}</td><td>{when}</td></tr>"
    except (ValueError, KeyError):
        # a file torn by a power cut must not fail the gates that come after it
        return f"<tr>{page}<td class='could_not_run'>tidak terbaca: periksa lagi</td><td>-</td></tr>"


def _word(outcome: Any, *, only_warns: bool) -> str:
    return "peringatan" if only_warns and outcome == "failed" else OUTCOME_WORDS[outcome]


def _when(iso: str) -> str:
    return f"{iso[:19].replace('T', ' ')} UTC"


def _page(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang='id'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>{body}</body></html>\n"
    )
