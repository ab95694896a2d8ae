"""`posko finger readers`: which readers this computer can use, and what the others lack (R-041)."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from apps.cli import context
from apps.cli.screen import table
from biometrics.readers.catalogue import known


@click.command("readers")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Tampilkan jenis pembaca, mana yang dapat dipakai di komputer ini, dan apa yang kurang."""
    found = known(context.settings())
    if as_json:
        click.echo(json.dumps([asdict(reader) for reader in found], ensure_ascii=False))
        return
    table(
        "Pembaca sidik jari",
        ("jenis", "pembaca", "dapat dipakai", "keadaan", "yang perlu dilakukan"),
        [
            (reader.kind, reader.label, "ya" if reader.is_usable else "tidak", reader.seen, reader.cure or "-")
            for reader in found
        ],
    )
