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
from posko.domain.fingers import finger_name
from posko.domain.refusals import refuse
from posko.services import adjudication, duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from biometrics.minutiae import Impression
    from biometrics.search.store import Comparer
    from biometrics.vault import Vault

ORIGINS = {"INDEX": "pencarian 1:N", "NIK": "NIK yang sama", "NAME": "nama dan tanggal lahir yang sama"}
_PROVENANCES = {"BNP2TKI": "BNP2TKI", "ENROLMENT": "direkam di POSKO"}
_WIB = dt.timedelta(hours=7)
_STYLE = """
body{font:15px/1.45 sans-serif;margin:.5rem auto;max-width:64rem;padding:0 1rem;color:#1a1a1a;background:#fff}
.dua{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}
h1{font-size:1.3rem}
figure{margin:0;border:1px solid #777;padding:.6rem}figure svg{width:100%;height:auto;background:#fff}
table{border-collapse:collapse;margin:.5rem 0}th{text-align:left;font-weight:600;padding-right:1rem;vertical-align:top}
.catatan{border-left:.3rem solid #8a5a00;padding-left:1rem}
"""
_REMARK = (
    '<p class="catatan">Titik yang ditandai jatuh pada tempat dan arah yang sama bila kedua gambar ditumpuk. Skor bukan'
    " peluang: dua orang berbeda pun kadang mencapai ambang. Putuskan SAMA hanya bila susunan titiknya sendiri meyakinkan;"
    " bila ragu, minta kedua orang merekam ulang jarinya. Gambar sidik jari tidak pernah disimpan.</p>"
)


def page(db: sa.Connection, vault: Vault, matcher: Comparer, found: Mapping[str, Any]) -> str:
    """Return the page of one find as one HTML document.

    Args:
        db: a connection that may read templates, also those retired since.
        vault: opens them.
        matcher: shows their minutiae.
        found: what `adjudication.view` or `adjudication.described` gave.

    Raises:
        Refused: a template is gone.
        TemplateBroken: a template does not open.
    """
    sides = found["sides"]
    one, other = (_impression(db, vault, matcher, int(side["template"]), found) for side in sides)
    pairs = paired(one, other)
    figures = (
        _figure(sides[0], one, {first for first, _ in pairs}),
        _figure(sides[1], other, {second for _, second in pairs}),
    )
    title = f"Temuan sidik jari ganda nomor {found['candidate_id']}"
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title>',
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>',
            f"<h1>{escape(title)}</h1>",
            f'<div class="dua">{"".join(figures)}</div>',
            _table(_facts(found, len(pairs))),
            _REMARK,
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


def _facts(found: Mapping[str, Any], pairs: int) -> list[tuple[str, str]]:
    verdict = found["verdict"]
    facts = [
        ("Skor pencocokan", f"{found['score']} (ambang {found['threshold']}, {found['template_format']})"),
        ("Pasangan jari yang cocok", str(found["fingers"])),
        ("Titik yang jatuh bersama", str(pairs)),
        ("Ditemukan lewat", ORIGINS[found["origin"]]),
        ("Waktu ditemukan", _moment(found["found_at"])),
        ("Kasus", str(found["case_id"])),
        ("Putusan", adjudication.VERDICTS[verdict] if verdict else "belum ada"),
    ]
    if found["index_score"] is not None:
        facts.insert(1, ("Skor indeks", f"{found['index_score']:.1f}".replace(".", ",")))
    if verdict:
        facts += [("Diputus oleh", f"{found['judged_by']} dan {found['seconded_by']}, {_moment(found['judged_at'])}")]
        facts += [("Alasan", str(found["judged_reason"]))]
    return facts


def _figure(side: Mapping[str, Any], impression: Impression, marked: set[int]) -> str:
    who = "TKI" if side["kind"] == duplicates.TKI else "Petugas"
    quality = "tidak diukur" if side.get("quality") is None else str(side["quality"])
    origin = _PROVENANCES.get(str(side.get("provenance")), "-")
    if side.get("is_supervised"):
        origin += ", mutu rendah dengan pengawas"
    facts = [
        (who, str(side["id"])),
        ("Nama (disamarkan)", str(side["name"] or "-")),
        ("Jari", finger_name(int(side["finger"])) if side["finger"] else "tidak disebut"),
        ("Asal templat", origin),
        ("Direkam", _moment(side.get("taken_at"))),
        ("Tempat, pembaca", f"{side.get('station_code') or '-'}, {side.get('reader_kind') or '-'}"),
        ("Mutu (NFIQ2)", quality),
        ("Titik minutiae", str(len(impression.minutiae))),
        ("Versi templat", f"{side['version']}{' (sudah diganti)' if side.get('state') == 'RETIRED' else ''}"),
    ]
    return f"<figure>{svg(impression, marked=sorted(marked))}<figcaption>{_table(facts)}</figcaption></figure>"


def _table(facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in facts)
    return f"<table>{rows}</table>"


def _moment(value: dt.datetime | None) -> str:
    return "-" if value is None else f"{value + _WIB:%d-%m-%Y %H.%M} WIB"
