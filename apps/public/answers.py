"""The pages of the public application: the verdict first, the person after it, and one page for whatever is not known (R-166, R-188)."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Any

from exports.site_pages import RESULTS, STANDINGS, day, fragment, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.public.certificates import Verdict

WORDS: Mapping[str, tuple[str, str, str]] = {
    "VALID": ("sah", "SAH", "Sertifikat ini diterbitkan BNSP dan masih berlaku."),
    "EXPIRED": ("tidak", "MASA BERLAKU HABIS", "Sertifikat ini asli, tetapi masa berlakunya sudah habis."),
    "SUSPENDED": ("tidak", "SEDANG DITANGGUHKAN", "Sertifikat ini asli, tetapi sedang ditangguhkan: jangan dipakai."),
    "REVOKED": ("tidak", "SUDAH DICABUT", "Sertifikat ini asli, tetapi sudah dicabut: tidak berlaku lagi."),
    "UNKNOWN": (
        "tidak",
        "TIDAK DIKENAL",
        "BNSP tidak mengenal sertifikat dengan isian ini. Periksa isiannya, lalu coba lagi.",
    ),
}
"""Verdict -> class of its card, what is said of it, and what it means."""
CHECK, LOOK = "/verifikasi", "/"


def check_form(answer: str = "") -> bytes:
    """Return the page on which a certificate is checked, with an answer above the forms."""
    return page("Periksa sertifikat", fragment("verifikasi.html", isi=answer), here=CHECK)


def look_form(answer: str = "") -> bytes:
    """Return the page on which a result is looked up without a script."""
    return page(
        "Hasil uji kompetensi TKI", fragment("cari.html", isi=answer), here=LOOK, script="" if answer else "cari.js"
    )


def verdict_card(found: Verdict) -> str:
    """Return the card of a verdict; of an unknown certificate nothing is told but that."""
    kind, words, meaning = WORDS[found.verdict]
    return _card(kind, words, meaning, [] if found.row is None else _of_row(found.row))


def result_cards(tki_id: str, results: Sequence[Sequence[Any]], names: Mapping[str, Mapping[str, str]]) -> str:
    """Return the cards of somebody's results, as the script of the site shows them."""
    if not results:
        return notice("Tidak ada hasil yang ditayangkan untuk ID TKI dan tanggal lahir itu. Periksa keduanya.")
    cards = []
    for name, result, lsp, tuk, tested, number, standing, published in results:
        rows = [
            ("ID TKI", tki_id),
            ("Nama", name),
            ("LSP", names["lsp"].get(lsp, lsp)),
            ("TUK", names["tuk"].get(tuk, tuk)),
        ]
        rows.append(("Tanggal uji", _iso_day(tested)))
        if number:
            rows += [("No sertifikat", number), ("Keadaan sertifikat", STANDINGS.get(standing, standing))]
        rows.append(("Ditayangkan", _iso_day(published)))
        cards.append(_card("", RESULTS.get(result, result), "", rows))
    return "".join(cards)


def notice(words: str) -> str:
    """Return a sentence in a box."""
    return f'<p class="kabar">{escape(words)}</p>'


def plain(title: str, words: str) -> bytes:
    """Return a page that says one thing."""
    return page(title, f"<h1>{escape(title)}</h1>{notice(words)}", here="")


def _of_row(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("No sertifikat", row["certificate_no"]),
        ("ID TKI", row["tki_id"]),
        ("Nama", row["masked_name"]),
        ("Skema", row["scheme_code"]),
        ("LSP", row["lsp_name"]),
        ("Tanggal sertifikat", day(row["certified_on"])),
        ("Berlaku sampai", day(row["valid_until"])),
    ]


def _card(kind: str, words: str, meaning: str, rows: Sequence[tuple[str, str]]) -> str:
    told = f"<p>{escape(meaning)}</p>" if meaning else ""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in rows)
    details = f"<dl>{listed}</dl>" if rows else ""
    return f'<div class="kartu {kind}" role="status"><p class="putusan">{escape(words)}</p>{told}{details}</div>'


def _iso_day(text: str) -> str:
    return day(dt.date.fromisoformat(text))
