"""`posko package open`: take a package over, at BNSP through its acts, or at a site without a connection (§12.6, 12.10-12.11; R-105)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from apps.cli import context
from apps.packages import Packages
from exports.package_box import read_file
from exports.package_site import site_at
from posko.services.office import Office


@click.command("open")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--site", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder tempat tanpa sambungan."
)
@click.option("--person", "person_id", help="Nomor identitas petugas yang memuat di tempat itu.")
@click.option("--refuse", "reason", help="Jangan dimuat; sebutkan alasannya pada tanda terima.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, file: Path, site: Path | None, person_id: str | None, reason: str | None, as_json: bool) -> None:
    """Muat paket FILE; yang tidak utuh atau bukan gilirannya ditolak dan dicatat."""
    if (site is None) != (person_id is None) or (reason and not site):
        raise click.UsageError("Di tempat tanpa sambungan sebut --site dan --person; di BNSP tidak keduanya.")
    told = _at_site(file, site, person_id, reason) if site and person_id else _at_bnsp(file)
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"Paket nomor {told['sequence']} dari {told['sender']} diterima.")
    if told["folder"]:
        click.echo(f"Isi: {told['folder']}")
    if told["receipt"]:
        click.echo(f"Tanda terima untuk dikirim kembali: {told['receipt']}")


def _at_site(file: Path, site: Path, person_id: str, reason: str | None) -> dict[str, object]:
    taken = site_at(site).open(read_file(file), person_id=person_id, at=dt.datetime.now(dt.UTC), reason=reason)
    return {
        "sender": taken.manifest.sender,
        "sequence": taken.manifest.sequence,
        "folder": str(taken.folder) if taken.folder else None,
        "receipt": str(taken.receipt) if taken.receipt else None,
    }


def _at_bnsp(file: Path) -> dict[str, object]:
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    try:
        told = Packages.of(settings, office).open(read_file(file))
    finally:
        office.close()
    return {**told, "folder": None, "receipt": str(told["receipt"]) if told["receipt"] else None}
