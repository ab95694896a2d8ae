"""`posko finger verify`: compare one finger with somebody's templates; the outcome is stored like any other (§8.2, §13.3-13.7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import click

from apps.cli.finger_desk import finger_desk
from apps.cli.screen import table
from apps.cli.station_reader import reader_options
from biometrics.verification import Outcome
from posko.domain.fingers import finger_name
from posko.domain.proof import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader
    from biometrics.verification import Verification

LABELS = {
    Outcome.MATCH: "cocok",
    Outcome.NO_MATCH: "tidak cocok",
    Outcome.POOR_QUALITY: "rekaman buruk",
    Outcome.READER_ERROR: "pembaca bermasalah",
    Outcome.NOT_REGISTERED: "belum terdaftar",
    Outcome.CAPTURED: "terekam",
    Outcome.NOT_KEPT: "tidak dipakai",
}


@click.command("verify")
@reader_options
@click.option("--tki", "tki_id", help="ID TKI yang jarinya dicocokkan.")
@click.option("--staff", "staff_id", help="Nomor identitas petugas yang jarinya dicocokkan.")
@click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(
    *,
    open_reader: Callable[[], Reader],
    tki_id: str | None,
    staff_id: str | None,
    station_code: str,
    as_json: bool,
) -> None:
    """Cocokkan satu jari; keluar dengan 1 bila tidak cocok. Yang dibandingkan dan hasilnya dicatat."""
    if (tki_id is None) == (staff_id is None):
        raise click.UsageError("Sebutkan salah satu: --tki atau --staff.")
    kind: Literal["STAFF", "TKI"] = "TKI" if tki_id is not None else "STAFF"
    purpose = Purpose.ATTEND if kind == "TKI" else Purpose.SECOND_PERSON
    with finger_desk(open_reader, station_code) as desk:
        found = desk.verify(kind, tki_id or staff_id or "", purpose, "Letakkan jari pada pembaca.")
    told = _told(found)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        rows = [(name, str(value)) for name, value in told.items()]
        table("Pencocokan", ("apa", "nilai"), [*rows[1:], ("hasil", LABELS[found.outcome])])
    if found.outcome is not Outcome.MATCH:
        raise SystemExit(1)


def _told(found: Verification) -> dict[str, Any]:
    return {
        "outcome": found.outcome.value,
        "skor": found.score,
        "ambang": found.threshold,
        "mutu": found.quality,
        "jari": finger_name(found.finger) if found.finger else "-",
        "anjuran": found.advice.value or "-",
    }
