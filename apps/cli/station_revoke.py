"""`posko station revoke`: a stolen or replaced key stops at once (R-041)."""

from __future__ import annotations

import json

import click

from apps.cli.acts import operator
from apps.cli.station_office import desk_at_terminal
from posko.services import station_keys


@click.command("revoke")
@click.argument("code")
@click.option("--reason", required=True, help="Alasan, disimpan dalam log.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, code: str, reason: str, as_json: bool) -> None:
    """Cabut kunci stasiun CODE; permintaannya ditolak sejak saat ini."""
    with desk_at_terminal() as desk:
        done = desk.do(station_keys.revoke_at_terminal, operator=operator(), station_code=code, reason=reason)
    click.echo(json.dumps(done) if as_json else f"Kunci {done['key_id']} stasiun {code} dicabut.")
