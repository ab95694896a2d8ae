"""`posko certificate keys`: the public keys for whoever verifies, and the change of the key that signs."""

from __future__ import annotations

import click

from apps.cli import context
from apps.cli.acts import log_act
from exports.certificate_keys import public_keys_in, rotate, signer_in


@click.command("keys")
@click.option("--rotate", "is_rotated", is_flag=True, help="Buat kunci baru; yang lama tetap sah untuk verifikasi.")
def command(*, is_rotated: bool) -> None:
    """Cetak kunci publik semua sertifikat (JSON); simpan dan bagikan kepada siapa pun."""
    secrets = context.settings().secrets
    signer = rotate(secrets) if is_rotated else signer_in(secrets)
    with context.app_connection() as db:
        action = "certificate.rotate_key" if is_rotated else "certificate.publish_keys"
        log_act(db, action, "certificate_key", signer.id.hex(), {"signs_now": signer.id.hex()})
        db.commit()
    click.echo(public_keys_in(secrets).text(), nl=False)
