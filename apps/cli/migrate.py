"""`posko migrate`: bring POSKO's server to the newest schema."""

from __future__ import annotations

import click

from apps.cli import context
from posko.db.migrate import migrate, newest, state_of
from posko.domain.errors import ConfigurationError


@click.command("migrate")
@click.option("--check", is_flag=True, help="Hanya periksa; keluar 3 bila skema belum terbaru.")
def command(*, check: bool) -> None:
    """Terapkan migrasi yang belum ada, lalu buat akun-akun dengan haknya."""
    server = context.posko_as_it_is()
    if check:
        if state_of(server) != "newest":
            raise ConfigurationError(f"Skema basis data belum di {newest()}. Jalankan posko migrate.")
        click.echo(f"Skema terbaru: {newest()}.")
        return
    fresh = migrate(server)
    click.echo(f"Migrasi diterapkan: {', '.join(fresh)}." if fresh else f"Skema sudah terbaru: {newest()}.")
