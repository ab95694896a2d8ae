"""`posko finger import`: BNP2TKI's fingerprints become the reference (§6.1; R-026, X11)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.screen import number, progress, table
from biometrics.import_prints import import_prints
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from posko.services.office import Office

REASONS = {
    "OPAQUE": "rekaman simulasi, isinya tidak terbaca",
    "FORMAT": "format tidak dikenal",
    "FINGER": "nomor jari di luar 0-10",
    "BROKEN": "rekaman ISO 19794-2 rusak",
    "KEY": "tidak dapat dibuka dengan kunci yang ada",
    "FEW_MINUTIAE": "terlalu sedikit titik terbaca",
    "NOT_A_FINGER": "bukan gambar sidik jari",
    "EMPTY": "kosong",
    "TOO_LARGE": "terlalu besar",
    "TRUNCATED": "terpotong",
    "COLOUR": "ragam warna salah",
    "RESOLUTION": "resolusi salah",
    "ID_TOO_LONG": "ID TKI terlalu panjang",
}


@click.command("import")
@click.option("--tki", "tki_id", help="Hanya TKI ini.")
@click.option("--limit", type=click.IntRange(min=1), help="Paling banyak sekian TKI.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, tki_id: str | None, limit: int | None, as_json: bool) -> None:
    """Jadikan sidik jari yang diterima dari BNP2TKI templat rujukan; yang rusak dicatat dengan alasannya."""
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    try:
        with progress("TKI", quiet=as_json) as tell:
            report = import_prints(
                office, Vault.of(settings), NbisMatcher(), settings, tki_id=tki_id, limit=limit, tell=tell
            )
    finally:
        office.close()
    if as_json:
        click.echo(json.dumps({"sets": report.sets, "templates": report.templates, "refused": report.refused}))
        return
    rows = [("TKI dengan rujukan baru", number(report.sets)), ("templat di dalamnya", number(report.templates))]
    rows += [(f"ditolak: {REASONS.get(code, code)}", number(count)) for code, count in sorted(report.refused.items())]
    table("Sidik jari dari BNP2TKI", ("apa", "jumlah"), rows, numeric=(1,))
