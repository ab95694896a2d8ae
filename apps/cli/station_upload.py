"""`posko station upload`: send what was taken while the line was cut (R-185)."""

from __future__ import annotations

import click

from apps.cli.station_here import station_here, tell
from biometrics.station import uploading


@click.command("upload")
def command() -> None:
    """Kirim absensi yang tertunda menurut urutannya; yang sudah diterima server tidak dikirim dua kali."""
    with station_here() as here:
        answers = uploading.send(here.queue, here.link, tell)
    click.echo(f"{len(answers)} absensi tertunda terkirim.")
