"""Minutes of an evaluation meeting on paper, with scorecards, sealed and signed once they are closed (§14.2; R-162, requirements 8.3).

Open minutes are a draft: they bear neither QR code nor seal. What is printed of closed ones is what was frozen with them.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any

import segno

from exports import minutes_claim
from exports.certificate import long_day
from exports.certificate_seal import sealed
from exports.minutes_claim import Claim
from exports.printing import set_pages
from exports.prints import NOTHING, Column, frame, text_of, texts
from posko.domain.calendar import WIB

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exports.certificate_keys import Signer

    Row = Mapping[str, Any]

SEAL = "minutes-pdf"
"""Kind of the seal behind the file."""
KINDS = (("lsp", "LSP"), ("tuk", "TUK"), ("asesor", "asesor"))
ALL_KINDS = (("all", "semua"), *KINDS)
LEADS = {
    "lsp": "Waktu: dari hasil lengkap sampai keputusan.",
    "tuk": "Waktu: dari akhir uji sampai penilaian dibuka.",
    "asesor": "Waktu: dari penilaian dibuka sampai dinilai.",
}
STANDINGS = {
    "too_few": "belum cukup data",
    "usual": "sewajarnya",
    "below": "jauh di bawah",
    "above": "jauh di atas",
}
"""Place among the peers -> its words; the values of `posko.domain.estimates.Standing`."""
_CARD = (
    Column("code", "Kode"),
    Column("tested", "Diuji", 13),
    Column("passed", "Kompeten", 17),
    Column("share", "Bagian (selang 95 %)", 37),
    Column("shrunk", "Susut", 14),
    Column("peers", "Rekan", 14),
    Column("standing", "Dibanding rekan", 27),
    Column("again", "Ulang", 13),
    Column("lead", "Waktu (tengah / 90 %)", 35),
    Column("silent_days", "Hari senyap", 14),
    Column("held", "Ditahan", 14),
    Column("deviations", "Penyimpangan", 24),
    Column("cases", "Kasus", 16),
)
_RULE = (
    Column("kind", "Pihak", 16),
    Column("code", "Kode", 60),
    Column("rule_id", "Aturan", 22),
    Column("severity", "Tingkat", 16),
    Column("happened", "Terjadi", 18),
    Column("prevented", "Dicegah", 18),
    Column("gone", "Tidak ditemukan lagi"),
)


def minutes_pdf(found: Row, *, printed: str, made_on: dt.date, signer: Signer | None = None) -> bytes:
    """Return the minutes as PDF, signed and sealed where they are closed and there is a key.

    Args:
        found: the answer of `print_lists.minutes`.
        printed: who prints it when, for the foot.
        made_on: the day in the file.
        signer: the key that vouches for closed minutes.
    """
    seen, cards = found["evidence"], found["scorecards"]
    is_signed = signer is not None and found["sha256"] is not None
    told = {
        "facts": texts(_facts(found)),
        "parts": _parts(found, seen),
        "minutes": [text_of(line) for line in (found["minutes"] or "Risalah belum ditutup.").split("\n")],
        "signers": ["BNSP", "LSP"],
        "digests": _digests(found),
        "cards": {"note": _note(cards), "parts": [_cards(kind, name, cards[kind]) for kind, name in ALL_KINDS]},
        "rules": {**_columns(_RULE), "rows": _lines(_RULE, _rules(cards))},
        "qr": _drawn(minutes_claim.write(_claim(found), signer)) if is_signed and signer else "",
        "key": signer.id.hex() if is_signed and signer else "",
    }
    pdf = set_pages("minutes", {**told, **frame("Risalah Rapat Evaluasi", printed, made_on)})
    return sealed(pdf, signer, SEAL) if is_signed and signer else pdf


def _facts(found: Row) -> list[tuple[str, object]]:
    results = found["evidence"]["results"]
    own = [("Bagian", found["lsp_code"])] if found["lsp_code"] else []
    return [
        ("Rapat", found["meeting_id"]),
        ("Tanggal", long_day(dt.date.fromisoformat(found["held_on"]))),
        ("Tempat", found["place"]),
        ("Keadaan", "DITUTUP " + found["closed_at"] if found["closed_at"] else "MASIH TERBUKA"),
        ("Hasil dibahas", f"{results['tested']}, kompeten {results['passed']}"),
        *own,
    ]


def _parts(found: Row, seen: Row) -> list[dict[str, Any]]:
    """Return the tables of what was on the table of the meeting."""
    rates = [
        _part(f"Hasil per {name}", [("code", name), ("tested", "Diuji"), ("passed", "Kompeten")], seen[f"per_{kind}"])
        for kind, name in KINDS
    ]
    deviations = [("rule_id", "Aturan"), ("severity", "Tingkat"), ("found", "Banyaknya")]
    cases = [("case_id", "Kasus"), ("severity", "Tingkat"), ("due", "Batas (WIB)")]
    open_cases = [{**row, "due": _wib(row["due_at"])} for row in seen["open_cases"]]
    return [
        _part("Hadir", [("organisation", "Lembaga"), ("full_name", "Nama")], found["people"]),
        *rates,
        _part("Penyimpangan", deviations, seen["deviations"]),
        _part("Kasus terbuka", cases, open_cases),
        _part("Hasil ditahan", [("tki_id", "ID TKI"), ("reason", "Alasan")], seen["held"]),
        _part("Catatan LSP", [("lsp_code", "LSP"), ("comment", "Catatan")], seen["comments"]),
    ]


def _part(title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> dict[str, Any]:
    """Return one table of the minutes; its last column takes what is left."""
    widths = [40] * (len(columns) - 1) + [0]
    made = [Column(*named, width) for named, width in zip(columns, widths, strict=True)]
    return {"title": title, **_columns(made), "rows": _lines(made, rows)}


def _columns(columns: Iterable[Column]) -> dict[str, Any]:
    return {"columns": [{"title": column.title, "width": column.width} for column in columns]}


def _lines(columns: Sequence[Column], rows: Iterable[Row]) -> list[list[str]]:
    return [[text_of(row[column.field]) for column in columns] for row in rows]


def _cards(kind: str, name: str, cards: Sequence[Row]) -> dict[str, Any]:
    rows = _lines(_CARD, map(_card, cards))
    return {"title": f"Kartu nilai {name}", "lead": LEADS.get(kind, ""), **_columns(_CARD), "rows": rows}


def _card(card: Row) -> dict[str, object]:
    """Return a card as a line of paper."""
    low, high = (percent(card[name]).removesuffix(" %") for name in ("low_permille", "high_permille"))
    is_shared = card["passed_permille"] is not None
    return {
        **card,
        "share": f"{percent(card['passed_permille'])} ({low} - {high})" if is_shared else None,
        "shrunk": percent(card["shrunk_permille"]),
        "peers": percent(card["peers_permille"]),
        "standing": STANDINGS.get(card["standing"] or ""),
        "again": f"{card['retakes']} / {card['retakes_passed']}" if card["retakes"] else 0,
        "lead": f"{hours(card['lead_median'])} / {hours(card['lead_p90'])}" if card["lead_p90"] is not None else None,
        "deviations": f"{card['happened']} / {card['prevented']}",
        "cases": f"{card['cases_open']} / {card['cases_closed']}",
    }


def _rules(cards: Row) -> list[dict[str, object]]:
    return [
        {"kind": name, "code": card["code"], **line}
        for kind, name in ALL_KINDS
        for card in cards[kind]
        for line in card["rules"]
    ]


def _note(cards: Row) -> str:
    since, until = (long_day(dt.date.fromisoformat(cards[name])) for name in ("since", "until"))
    return (
        f"Hari uji {since} sampai {until}, menurut catatan sampai {_wib(cards['at'])} WIB. Susut: bagian kompeten"
        " yang ditarik ke arah rekannya, makin kuat makin sedikit hasilnya. Rekan: semua pihak lain sejenis; di bawah"
        f" {cards['least']} hasil tidak dibandingkan. Ulang: ujian ulang / di antaranya kompeten. Penyimpangan: terjadi / dicegah. Kasus:"
        " terbuka / ditutup dalam masa ini."
    )


def _digests(found: Row) -> list[str]:
    """Return the lines of what holds the paper together."""
    told = []
    if found["sha256"]:
        told.append(f"SHA-256 risalah dan semua buktinya: {found['sha256']}")
    if found["scorecards_sha256"]:
        told.append(f"SHA-256 kartu nilai semua pihak: {found['scorecards_sha256']}")
    if found["checkpoint"]:
        told.append(f"Log audit: {found['checkpoint']['size']} peristiwa, akar {found['checkpoint']['root']}")
    return told


def _claim(found: Row) -> Claim:
    return Claim(
        int(found["meeting_id"]),
        dt.date.fromisoformat(found["held_on"]),
        dt.datetime.fromisoformat(found["closed_at_utc"]).replace(microsecond=0),
        found["sha256"],
        found["scorecards_sha256"] or "",
    )


def _wib(at: str) -> str:
    """Return an ISO time (UTC) as it is read in western Indonesia."""
    return f"{dt.datetime.fromisoformat(at) + WIB:%Y-%m-%d %H:%M}"


def percent(permille: int | None) -> str:
    """Return thousandths as percent with the Indonesian comma."""
    return NOTHING if permille is None else f"{permille / 10:.1f} %".replace(".", ",")


def hours(minutes: int) -> str:
    """Return minutes as minutes below two hours, else as hours with the Indonesian comma."""
    return f"{minutes} mnt" if minutes < 120 else f"{minutes / 60:.1f} jam".replace(".", ",")


def _drawn(text: str) -> str:
    """Return a QR code as SVG; 15 % of it may be lost on paper (level M)."""
    out = BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue().decode("ascii")
