"""`posko certificate status-list`: the signed list of suspended and revoked certificates (R-186)."""

from __future__ import annotations

import datetime as dt

import click

from apps.cli import context
from apps.cli.station_office import desk_at_terminal
from exports.certificate_keys import signer_in
from exports.certificate_status import StatusList, write
from posko.services import print_certificates


@click.command("status-list")
def command() -> None:
    """Cetak daftar status (JSON): nomor yang ditangguhkan atau dicabut, bertanggal dan ditandatangani."""
    with desk_at_terminal() as desk:
        found = desk.do(print_certificates.not_in_force)
    made = StatusList(dt.datetime.fromisoformat(found["made_at"]), found["entries"])
    click.echo(write(made, signer_in(context.settings().secrets)), nl=False)
