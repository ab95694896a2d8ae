"""`posko package make`: packages of the hand-offs that wait, one for each LSP and each TUK (§12.4, 12.6, 12.9; R-103, R-104)."""

from __future__ import annotations

import json
from pathlib import Path

import click

from apps.cli import context
from apps.cli.screen import number
from apps.packages import Packages
from exports.package_site import site_at
from posko.services.office import Office


@click.command("make")
@click.option(
    "--batch", "batches", multiple=True, type=click.IntRange(min=1), help="Hanya kiriman ini; boleh berulang."
)
@click.option(
    "--site", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Atas nama pihak lain: foldernya."
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, batches: tuple[int, ...], site: Path | None, as_json: bool) -> None:
    """Buat paket; jumlah bagian diperiksa sama dengan keseluruhan sebelum satu pun ditulis."""
    if site and not batches:
        raise click.UsageError("Bersama --site sebut kirimannya: --batch NOMOR.")
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    try:
        here = Packages.of(settings, office)
        made = [here.make_at(site_at(site), one) for one in batches] if site else here.make(batches or None)
    finally:
        office.close()
    if as_json:
        told = [{"batch_id": one.batch_id, "recipient": one.manifest.recipient, "file": str(one.path)} for one in made]
        rows = [one.manifest.files[0].rows for one in made]
        click.echo(json.dumps([{**one, "rows": count} for one, count in zip(told, rows, strict=True)]))
        return
    for one in made:
        click.echo(f"{one.manifest.recipient}: {number(one.manifest.files[0].rows)} baris, {one.path}")
    click.echo(f"{number(len(made))} paket dibuat.")
