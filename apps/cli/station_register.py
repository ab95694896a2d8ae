"""`posko station register`: take a station's public keys into the register (R-041)."""

from __future__ import annotations

import json
from pathlib import Path

import click

from apps.cli.acts import operator
from apps.cli.station_office import desk_at_terminal
from posko.domain.errors import BadInput
from posko.services import station_keys


@click.command("register")
@click.argument("code")
@click.option(
    "--card",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Berkas kartu dari posko station keygen (card.json).",
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, code: str, card: Path, as_json: bool) -> None:
    """Daftarkan kunci stasiun CODE dari kartunya; periksa dahulu key_id lewat telepon dengan TUK."""
    try:
        told = json.loads(card.read_text("utf-8"))
        station, signing, sealing = (str(told[name]) for name in ("station_code", "signing_key", "sealing_key"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"Kartu {card} tidak ada atau bukan kartu stasiun. Minta lagi dari TUK.") from error
    if station != code:
        raise BadInput(f"Kartu ini untuk stasiun {station[:40]}, bukan {code}. Periksa kodenya.")
    with desk_at_terminal() as desk:
        done = desk.do(
            station_keys.register_at_terminal,
            operator=operator(),
            station_code=code,
            signing_key=signing,
            sealing_key=sealing,
        )
    click.echo(json.dumps(done) if as_json else f"Stasiun {code} terdaftar dengan kunci {done['key_id']}.")
