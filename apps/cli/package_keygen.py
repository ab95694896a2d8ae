"""`posko package keygen`: the keys of one body, and the card that it shows the others (§12.4; R-088)."""

from __future__ import annotations

import json
from pathlib import Path

import click

from apps.cli import context
from apps.cli.acts import log_act
from exports.package_box import read_text
from exports.package_keys import make_keys, read_card
from exports.package_site import Site
from posko.domain.package import body as checked_body
from posko.domain.package import key_id


@click.command("keygen")
@click.argument("body")
@click.option(
    "--site",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder tempat tanpa sambungan; tanpa ini: BNSP di sini.",
)
@click.option(
    "--trust", type=click.Path(dir_okay=False, path_type=Path), help="Kartu pihak yang dipercaya tempat ini (BNSP)."
)
@click.option("--card", type=click.Path(dir_okay=False, path_type=Path), help="Tulis kartunya ke berkas ini.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, body: str, site: Path | None, trust: Path | None, card: Path | None, as_json: bool) -> None:
    """Buat kunci BODY: BNSP, KONSORSIUM, LSP:kode, atau TUK:kode. Yang lama tetap membuka paket lama."""
    checked_body(body)
    if trust and site is None:
        raise click.UsageError("--trust hanya berlaku bersama --site.")
    if site:
        place = Site(site, body)
        made = place.make_keys()
        if trust:
            place.trust(read_card(read_text(trust)))
    else:
        made = make_keys(context.settings().secrets / "packages", body).card
        with context.app_connection() as db:
            log_act(db, "package.keygen", "package_key", key_id(made.sign), {"body": body})
            db.commit()
    if card:
        card.write_text(made.text(), "utf-8")
    told = {"body": body, "key_id": key_id(made.sign), "card": str(card) if card else None}
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(made.text(), nl=False)
    click.echo(f"Kunci {told['key_id']}: bacakan nama ini lewat telepon ketika kartunya didaftarkan.", err=True)
