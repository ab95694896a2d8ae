"""`posko station serve`: the server's side of the stations (R-041)."""

from __future__ import annotations

import click

from apps.cli import context
from apps.station_api.serve import serve
from posko.services.office import Office


@click.command("serve")
def command() -> None:
    """Layani stasiun lewat HTTPS sampai dihentikan (SIGTERM)."""
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    click.echo(f"Melayani stasiun di https://{settings.station_host}:{settings.station_port}", err=True)
    try:
        serve(settings, office)
    finally:
        office.close()
