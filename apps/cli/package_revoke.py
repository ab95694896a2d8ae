"""`posko package revoke`: nothing that this key signs is taken any more, nothing is encrypted to it (§12.4; R-088)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from apps.cli.finger_desk import finger_desk
from apps.cli.station_reader import reader_options
from posko.services import packages_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader


@click.command("revoke")
@click.argument("key")
@click.option("--reason", required=True, help="Alasan, misalnya hilang atau diganti.")
@reader_options
@click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
@click.option("--person", "person_id", required=True, help="Nomor identitas petugas BNSP.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(
    *, key: str, reason: str, open_reader: Callable[[], Reader], station_code: str, person_id: str, as_json: bool
) -> None:
    """Cabut kunci bernama KEY (16 angka heksadesimal) seketika."""
    with finger_desk(open_reader, station_code) as fingers:
        done = fingers.signed_in(person_id).do(packages_keys.revoke_key, name=key, reason=reason)
    click.echo(json.dumps(done) if as_json else f"Kunci {done['key_id']} milik {done['body']} dicabut.")
