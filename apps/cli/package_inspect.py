"""`posko package inspect`: what a package says of itself, once its signature and digests hold; nothing is loaded (§12.4; F09)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.packages import Packages
from exports.package_box import read_file
from exports.package_site import site_at
from posko.services.office import Office

if TYPE_CHECKING:
    from exports.package import Opened


@click.command("inspect")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--site", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder tempat tanpa sambungan."
)
def command(*, file: Path, site: Path | None) -> None:
    """Cetak manifes paket FILE (JSON) beserta SHA-256 berkasnya, setelah tanda tangan dan isinya diperiksa."""
    data = read_file(file)
    opened = site_at(site).look(data) if site else _at_bnsp(data)
    click.echo(
        json.dumps({"file_sha256": opened.sha256, **json.loads(opened.manifest.text)}, ensure_ascii=False, indent=1)
    )


def _at_bnsp(data: bytes) -> Opened:
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    try:
        opened = Packages.of(settings, office).look(data)
    finally:
        office.close()
    manifest = opened.manifest
    name = f"{manifest.sender}>{manifest.recipient}/{manifest.sequence}"
    with context.app_connection() as db:
        log_act(db, "package.inspect", "package", name, {"manifest_sha256": manifest.link.manifest_sha256})
        db.commit()
    return opened
