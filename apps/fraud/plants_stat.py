"""What the tilted year holds for the statistical rules: which findings there must and must not be (§4.2; requirements 7.8).

The strengths of all frauds are told in `apps.fraud.tilt`; there the year itself is drawn with them, so a planter has nothing left to do
but to say which they are.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.fraud.planting import Planted
from posko.services.registry_demo_sites import station_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apps.fraud.planting import Ground, Planter
    from apps.fraud.tilt import Tilt
    from apps.fraud.year_registers import Registers

RULES = ("DV-A09", "DV-I09", "DV-I11", "DV-T01", "DV-T02", "DV-T03", "DV-T04", "DV-T05", "DV-T06", "DV-T07")


def planted(tilt: Tilt, made: Registers) -> list[Planted]:
    """Return every fraud and near miss of the tilted year."""
    found = list(_chosen_before(tilt, made))
    for rule_id, cases in tilt.told.items():
        found += [Planted(rule_id, kind, _code(made, kind, one), key, is_fraud) for kind, one, key, is_fraud in cases]
    return found


def write_companies_and_ties(db: sa.Connection, tilt: Tilt, made: Registers, ids: Sequence[str]) -> None:
    """Let BNP2TKI have sent the candidates of a favoured company as that company's, and the sold TUK have their new owner.

    Args:
        db: administrator, before the year's rows are written from staging.
        tilt: with the moved candidates of the played year.
        made: the registers.
        ids: ID TKI by position.
    """
    since = date.fromordinal(tilt.middle)
    moved = [{"tki": ids[person], "company": made.pptkis[company]} for person, company in tilt.moved.items()]
    if moved:
        db.execute(sa.text("update posko_staging.tki_tlrt set nama_pptkis = :company where id_tki = :tki"), moved)
    ties = [
        {"blkln": _stranger(made, tuk, place), "tuk": made.tuk[tuk], "since": since} for tuk, place in tilt.sold.items()
    ]
    db.execute(
        sa.text(
            "insert into posko.ownership_tie (tie_id, party_kind, party_code, body_kind, body_code, valid_from, evidence)"
            " values (:tie, 'BLKLN', :blkln, 'TUK', :tuk, :since, 'Simulasi: saham yang sama')"
        ),
        [{**tie, "tie": FIRST_TIE + number} for number, tie in enumerate(ties)],
    )


FIRST_TIE = 900
"""Number of the first planted tie; the finding of a jump names it."""


def _chosen_before(tilt: Tilt, made: Registers) -> Iterator[Planted]:
    """Yield what was chosen before the first test."""
    for rule_id, chosen in (("DV-T01", (*tilt.doves, *tilt.hawks)), ("DV-T02", tuple(tilt.runs))):
        for one in chosen:
            yield Planted(rule_id, "asesor", made.asesor[one], is_fraud=one not in tilt.near[rule_id])
    for one, (company, _) in tilt.company.items():
        yield Planted("DV-T04", "asesor", made.asesor[one], made.pptkis[company], one not in tilt.near["DV-T04"])
    for kind, one in tilt.bodies:
        yield Planted("DV-T03", kind, _code(made, kind, one), is_fraud=(kind, one) not in tilt.near["DV-T03"])
    for number, tuk in enumerate(tilt.sold):
        yield Planted("DV-T03", "tuk", made.tuk[tuk], f"pemilik-{FIRST_TIE + number}")
    for one in tilt.gone:
        yield Planted("DV-T07", "tuk", made.tuk[one], is_fraud=one not in tilt.near["DV-T07"])


def _code(made: Registers, kind: str, one: int) -> str:
    """Return the code of a body; that of a clerk or a station is its TUK's."""
    if kind == "staff":
        return f"ADM-{made.tuk[one]}"
    if kind == "station":
        return station_code(made.tuk[one])
    names: dict[str, list[str]] = {
        "asesor": made.asesor, "tuk": made.tuk, "lsp": made.lsp, "blkln": made.blkln, "pptkis": made.pptkis,
    }  # fmt: skip
    return names[kind][one]


def _stranger(made: Registers, tuk: int, place: int) -> str:
    """Return a BLKLN none of whose candidates is tested at this TUK, so that the tie itself is no conflict of interest (DV-A08)."""
    away = [
        code
        for code, choices in zip(made.blkln, made.bodies.choices, strict=True)
        if all(made.bodies.places[spot].tuk != tuk for spots in choices for spot in spots)
    ]
    return away[place % len(away)]


def _handed_over(rule_id: str) -> Planter:
    def plant(ground: Ground, _k: int) -> list[Planted]:
        if ground.tilt is None or ground.made is None:
            return []
        return [one for one in planted(ground.tilt, ground.made) if one.rule_id == rule_id]

    return plant


PLANTERS: dict[str, Planter] = {rule_id: _handed_over(rule_id) for rule_id in RULES}
EFFECTS: dict[str, str] = {
    "DV-A09": "asesor mendapat sesi satu tempat pada 9 dari 10 hari ujinya dan 25 hari lain; seharusnya 1 dari 17",
    "DV-I09": "5 % hadir tanpa sidik jari di satu TUK, sejawat 0,3 %",
    "DV-I11": "skor satu sesi dalam rentang 3 angka, atau 1,8 kali lebih tinggi",
    "DV-T01": "asesor longgar 99,6 % atau ketat sekitar 35 %, sejawat 87 %; n sekitar 1.000 atau lebih",
    "DV-T02": "220 peserta berturut-turut lulus pada asesor biasa",
    "DV-T03": "1 LSP, 2 TUK, 2 BLKLN, 6 PPTKIS sekitar 99 %, sejawat 87 %; 2 TUK dari 87 % ke 99 % sejak ganti pemilik",
    "DV-T04": "150 peserta satu PPTKIS semua lulus pada satu asesor, yang lain biasa",
    "DV-T05": "90 % dari yang kurang satu unit menjadi kurang dua; atau 6 gagal atau lebih dengan tiga unit yang sama",
    "DV-T06": "jarak kedatangan 39-41 detik; atau nilai selalu 15 menit sesudah dibuka, selisih 20 detik",
    "DV-T07": "60 % peserta tidak datang lagi sejak suatu hari",
}
"""Rule -> size of what is planted in a full year with k = 20, as the evaluation table tells it."""
