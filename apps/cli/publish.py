"""`posko publish`: results behind closed meetings go out, and the public site follows (§14.1-14.2; R-160, R-161, R-188)."""

from __future__ import annotations

import json
from pathlib import Path

import click

from apps.cli import context
from apps.cli.screen import number
from apps.publish_site import publish_site
from posko.services.office import Office


@click.command("publish")
@click.option(
    "--to", "root", type=click.Path(file_okay=False, path_type=Path), help="Folder situs; tanpa ini menurut setelan."
)
@click.option("--full", is_flag=True, help="Tulis ulang seluruh bagian situs.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, root: Path | None, full: bool, as_json: bool) -> None:
    """Tayangkan hasil yang rapatnya sudah ditutup dan perbarui situs; versi lama utuh sampai yang baru siap."""
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    try:
        done = publish_site(office, context.posko(), (root or settings.site).absolute(), full=full)
    finally:
        office.close()
    if as_json:
        click.echo(json.dumps(done.as_dict(), ensure_ascii=False))
        return
    click.echo(f"{number(done.published)} hasil ditayangkan, {number(done.refreshed)} tayangan diperbarui.")
    news = f"{number(done.persons)} TKI, {number(done.files)} berkas baru" if done.is_new else "tidak ada yang baru"
    click.echo(f"Situs versi {done.version}: {news}. {done.site}")
