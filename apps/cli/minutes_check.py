"""`posko minutes check`: closed minutes proven again from the rows that they speak of (§14.2; R-162, requirements section 8.3 no. 12)."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from apps.cli import context
from apps.cli.acts import place_here
from posko.services import minutes_check
from posko.services.office import Office


@click.command("check")
@click.option(
    "--meeting", "meeting_id", type=click.IntRange(min=1), help="Hanya rapat ini; tanpanya semua yang ditutup."
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, meeting_id: int | None, as_json: bool) -> None:
    """Hitung ulang sidik risalah dan kartu nilainya; keluar dengan 1 bila ada yang berubah."""
    office = Office.of(context.settings(), context.app_engine())
    try:
        found = office.desk(None, place=place_here()).do(minutes_check.check, meeting_id=meeting_id)
    finally:
        office.close()
    if as_json:
        click.echo(json.dumps(found))
    else:
        for row in found:
            click.echo(_line(row))
        click.echo(f"{len(found)} risalah diperiksa.")
    if any(not row["is_intact"] or row["is_same_again"] is False for row in found):
        sys.exit(1)


def _line(row: dict[str, Any]) -> str:
    rows = "risalah utuh" if row["is_intact"] else "RISALAH BERUBAH"
    cards = {True: "kartu nilai sama", False: "KARTU NILAI BERBEDA", None: "tanpa kartu nilai"}[row["is_same_again"]]
    return f"Rapat {row['meeting_id']}: {rows}, {cards}; SHA-256 {row['sha256']}"
