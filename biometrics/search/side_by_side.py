"""Two fingers beside each other for the two persons who decide (§3.3; DV-I05, DV-I06).

A page of its own, with no link to anywhere: minutiae as drawings, what falls together marked in both, scores, and where each template
comes from. Names are masked and there is no NIK. A picture of the finger never existed here: only its minutiae are kept. Whoever
shows the page has recorded who asked for it.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Any

from biometrics.drawing import svg
from biometrics.search.pairing import paired
from posko.domain.fingers import FINGERS
from posko.domain.refusals import refuse
from posko.services import adjudication, duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from biometrics.minutiae import Impression
    from biometrics.search.store import Comparer
    from biometrics.vault import Vault

WORDS: Mapping[str, str] = {
    "title": "Temuan sidik jari ganda nomor {number}",
    "remark": (
        "Titik yang ditandai jatuh pada tempat dan arah yang sama bila kedua gambar ditumpuk. Skor bukan"
        " peluang: dua orang berbeda pun kadang mencapai ambang. Putuskan SAMA hanya bila susunan titiknya sendiri meyakinkan;"
        " bila ragu, minta kedua orang merekam ulang jarinya. Gambar sidik jari tidak pernah disimpan."
    ),
    "score": "Skor pencocokan",
    "threshold": "{score} (ambang {threshold}, {format})",
    "index_score": "Skor indeks",
    "fingers": "Pasangan jari yang cocok",
    "together": "Titik yang jatuh bersama",
    "way": "Ditemukan lewat",
    "origin_INDEX": "pencarian 1:N",
    "origin_NIK": "NIK yang sama",
    "origin_NAME": "nama dan tanggal lahir yang sama",
    "found": "Waktu ditemukan",
    "case": "Kasus",
    "verdict": "Putusan",
    **{f"verdict_{verdict}": said for verdict, said in adjudication.VERDICTS.items()},
    "no_verdict": "belum ada",
    "by": "Diputus oleh",
    "by_two": "{one} dan {other}, {at}",
    "reason": "Alasan",
    "who_TKI": "TKI",
    "who_STAFF": "Petugas",
    "name": "Nama (disamarkan)",
    "finger": "Jari",
    "no_finger": "tidak disebut",
    **{f"finger_{number}": name for number, name in FINGERS.items()},
    "provenance": "Asal templat",
    "from_BNP2TKI": "BNP2TKI",
    "from_ENROLMENT": "direkam di POSKO",
    "supervised": "mutu rendah dengan pengawas",
    "taken": "Direkam",
    "place": "Tempat, pembaca",
    "quality": "Mutu (NFIQ2)",
    "not_measured": "tidak diukur",
    "minutiae": "Titik minutiae",
    "version": "Versi templat",
    "replaced": "sudah diganti",
}
"""What the page says, by name; a screen may give the same in another language."""
ORIGINS = {name: WORDS[f"origin_{name}"] for name in ("INDEX", "NIK", "NAME")}
_WIB = dt.timedelta(hours=7)
_STYLE = """
body{font:15px/1.45 sans-serif;margin:.5rem auto;max-width:64rem;padding:0 1rem;color:#1a1a1a;background:#fff}
.dua{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}
h1{font-size:1.3rem}
figure{margin:0;border:1px solid #777;padding:.6rem}figure svg{width:100%;height:auto;background:#fff}
table{border-collapse:collapse;margin:.5rem 0}th{text-align:left;font-weight:600;padding-right:1rem;vertical-align:top}
.catatan{border-left:.3rem solid #8a5a00;padding-left:1rem}
"""


def page(
    db: sa.Connection,
    vault: Vault,
    matcher: Comparer,
    found: Mapping[str, Any],
    *,
    words: Mapping[str, str] = WORDS,
    language: str = "id",
) -> str:
    """Return the page of one find as one HTML document.

    Args:
        db: a connection that may read templates, also those retired since.
        vault: opens them.
        matcher: shows their minutiae.
        found: what `adjudication.view` or `adjudication.described` gave.
        words: what it says: the names of `WORDS`.
        language: which language that is, as HTML names it.

    Raises:
        Refused: a template is gone.
        TemplateBroken: a template does not open.
    """
    sides = found["sides"]
    one, other = (_impression(db, vault, matcher, int(side["template"]), found) for side in sides)
    pairs = paired(one, other)
    figures = (
        _figure(sides[0], one, {first for first, _ in pairs}, words),
        _figure(sides[1], other, {second for _, second in pairs}, words),
    )
    title = escape(words["title"].format(number=found["candidate_id"]))
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"><title>{title}</title>',
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>',
            f"<h1>{title}</h1>",
            f'<div class="dua">{"".join(figures)}</div>',
            _table(_facts(found, len(pairs), words)),
            f'<p class="catatan">{escape(words["remark"])}</p>',
            "</body></html>\n",
        ]
    )


def _impression(
    db: sa.Connection, vault: Vault, matcher: Comparer, template_id: int, found: Mapping[str, Any]
) -> Impression:
    row = duplicates.template_of_any_state(db, template_id)
    if row is None:
        raise refuse("UNKNOWN_DUPLICATE", candidate_id=found["candidate_id"])
    return matcher.impression_of(vault.open(row))


def _facts(found: Mapping[str, Any], pairs: int, words: Mapping[str, str]) -> list[tuple[str, str]]:
    verdict = found["verdict"]
    told = {"score": found["score"], "threshold": found["threshold"], "format": found["template_format"]}
    facts = [
        (words["score"], words["threshold"].format(**told)),
        (words["fingers"], str(found["fingers"])),
        (words["together"], str(pairs)),
        (words["way"], words[f"origin_{found['origin']}"]),
        (words["found"], _moment(found["found_at"])),
        (words["case"], str(found["case_id"])),
        (words["verdict"], words[f"verdict_{verdict}"] if verdict else words["no_verdict"]),
    ]
    if found["index_score"] is not None:
        facts.insert(1, (words["index_score"], f"{found['index_score']:.1f}".replace(".", ",")))
    if verdict:
        both = {"one": found["judged_by"], "other": found["seconded_by"], "at": _moment(found["judged_at"])}
        facts += [(words["by"], words["by_two"].format(**both)), (words["reason"], str(found["judged_reason"]))]
    return facts


def _figure(side: Mapping[str, Any], impression: Impression, marked: set[int], words: Mapping[str, str]) -> str:
    who = words["who_TKI" if side["kind"] == duplicates.TKI else "who_STAFF"]
    quality = words["not_measured"] if side.get("quality") is None else str(side["quality"])
    origin = words.get(f"from_{side.get('provenance')}", "-")
    if side.get("is_supervised"):
        origin += f", {words['supervised']}"
    finger, replaced = side["finger"], f" ({words['replaced']})" if side.get("state") == "RETIRED" else ""
    facts = [
        (who, str(side["id"])),
        (words["name"], str(side["name"] or "-")),
        (words["finger"], words.get(f"finger_{finger}", words["finger_0"]) if finger else words["no_finger"]),
        (words["provenance"], origin),
        (words["taken"], _moment(side.get("taken_at"))),
        (words["place"], f"{side.get('station_code') or '-'}, {side.get('reader_kind') or '-'}"),
        (words["quality"], quality),
        (words["minutiae"], str(len(impression.minutiae))),
        (words["version"], f"{side['version']}{replaced}"),
    ]
    return f"<figure>{svg(impression, marked=sorted(marked))}<figcaption>{_table(facts)}</figcaption></figure>"


def _table(facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in facts)
    return f"<table>{rows}</table>"


def _moment(value: dt.datetime | None) -> str:
    return "-" if value is None else f"{value + _WIB:%d-%m-%Y %H.%M} WIB"
