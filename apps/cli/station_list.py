"""`posko station list`: which stations there are, and which are silent (DV-S08, R-041)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from apps.cli.screen import number, table
from apps.cli.station_office import desk_at_terminal
from posko.services import station_keys

if TYPE_CHECKING:
    from posko.services.rows import Row


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Tampilkan semua stasiun; yang membaca dicatat."""
    with desk_at_terminal() as desk:
        found = desk.do(station_keys.listed_at_terminal)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    table(
        "Stasiun",
        ("kode", "TUK", "pembaca terdaftar", "kunci", "terakhir terlihat (UTC)", "selisih jam (ms)", "program"),
        [_shown(row) for row in found],
        numeric=(5,),
    )


def _shown(row: Row) -> tuple[str, ...]:
    reader = row["reader_serial"]
    if row["seen_reader"] not in {None, reader}:
        reader = f"{reader}, terpasang {row['seen_reader']}"
    return (
        row["station_code"],
        row["tuk_code"] or "-",
        reader,
        row["key_id"][:12] if row["key_id"] else "belum ada",
        row["seen_at"][:19].replace("T", " ") if row["seen_at"] else "belum pernah",
        number(row["skew_ms"]),
        row["version"] or "-",
    )
