"""`posko package register`: take a body's public keys into the register, with the finger of an officer of BNSP (§12.4; R-088)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.cli.finger_desk import finger_desk
from apps.cli.station_reader import reader_options
from exports.package_box import read_text
from exports.package_keys import read_card
from posko.services import packages_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader


@click.command("register")
@click.argument("card", type=click.Path(dir_okay=False, path_type=Path))
@reader_options
@click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
@click.option("--person", "person_id", required=True, help="Nomor identitas petugas BNSP.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, card: Path, open_reader: Callable[[], Reader], station_code: str, person_id: str, as_json: bool) -> None:
    """Daftarkan kunci dari CARD; cocokkan dahulu nama kuncinya lewat telepon dengan pemiliknya."""
    told = read_card(read_text(card))
    with finger_desk(open_reader, station_code) as fingers:
        done = fingers.signed_in(person_id).do(
            packages_keys.register_key, body=told.body, sign_public=told.sign.hex(), age_recipient=told.age
        )
    click.echo(json.dumps(done) if as_json else f"Kunci {done['key_id']} milik {done['body']} terdaftar.")
