"""`posko station keygen`: the keys of this computer, and the card that the office registers."""

from __future__ import annotations

import json

import click

from biometrics.station.keys import StationKeys
from posko.settings import load_settings


@click.command("keygen")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Kartu sebagai satu dokumen JSON.")
def command(*, code: str, as_json: bool) -> None:
    """Buat kunci stasiun CODE di komputer ini dan cetak kartunya; kunci rahasia tidak pernah meninggalkan komputer ini."""
    folder = load_settings().station
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = StationKeys.make(folder, code)
    if as_json:
        click.echo(json.dumps(made.card()))
        return
    click.echo(f"Kunci stasiun {code} dibuat di {folder}. Kirim kartu ini ke BNSP:")
    for name, value in made.card().items():
        click.echo(f"  {name}: {value}")
