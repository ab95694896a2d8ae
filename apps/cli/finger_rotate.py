"""`posko finger rotate`: a new key for all templates, and the old ones away when nothing lies under them (§5.4; R-187)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.screen import number, progress
from biometrics import rotation
from biometrics.vault import Vault
from posko.services.office import Office


@click.command("rotate")
@click.option(
    "--drop-old", is_flag=True, help="Hapus berkas kunci lama yang tidak dipakai lagi dan sudah lewat sehari."
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, drop_old: bool, as_json: bool) -> None:
    """Ganti kunci enkripsi templat; yang terputus dilanjutkan oleh perintah yang sama."""
    settings = context.settings()
    office, vault = Office.of(settings, context.app_engine()), Vault.of(settings)
    try:
        if drop_old:
            gone = rotation.drop_old(office, vault)
            click.echo(
                json.dumps({"dropped": gone}) if as_json else f"Kunci dihapus: {', '.join(gone) or 'tidak ada'}."
            )
            return
        with progress("templat", quiet=as_json) as tell:
            done = rotation.rotate(office, vault, tell=tell)
    finally:
        office.close()
    if as_json:
        told = {"key": done.key_id, "resealed": done.resealed, "continued": done.is_continued}
        click.echo(json.dumps(told))
        return
    how = "dilanjutkan" if done.is_continued else "dibuat"
    click.echo(f"Kunci {done.key_id} {how}; {number(done.resealed)} templat dienkripsi ulang.")
