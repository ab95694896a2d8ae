"""`posko station attend`: attendance at the door while the line is cut (§13.2-13.6; R-185)."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from apps.cli.station_here import station_here, tell
from apps.cli.station_reader import reader_options
from biometrics.errors import BiometricError
from biometrics.nbis_matcher import NbisMatcher
from biometrics.station import day_list, uploading
from biometrics.station.keys import KnownServer
from biometrics.station.link import LineCut, TurnedAway, now_utc
from biometrics.station.offline import Door
from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.cli.station_here import Here
    from biometrics.types import Reader


@click.command("attend")
@click.option("--operator", required=True, help="Nomor identitas administrator TUK yang bertanggung jawab.")
@reader_options
def command(*, operator: str, open_reader: Callable[[], Reader]) -> None:
    """Absensi tanpa jaringan: ketik ID TKI, ambil jari; baris kosong mengakhiri dan mengirim bila jaringan ada."""
    with station_here() as here, ExitStack() as opened:
        server = KnownServer.load(here.folder)
        listed = day_list.load(here.folder, here.keys, server, now_utc())
        reader = opened.enter_context(open_reader())
        door = Door(listed, here.queue, server, NbisMatcher(), lambda: reader)
        click.echo(f"Daftar {listed.day}: {len(listed.candidates)} peserta. Letakkan jari administrator {operator}.")
        if not door.sign_in(operator).is_match:
            raise BadInput("Sidik jari administrator tidak cocok. Ulangi dengan jari yang terdaftar.")
        _take_all(door)
        _send(here)


def _take_all(door: Door) -> None:
    while tki_id := click.prompt("ID TKI", default="", show_default=False).strip():
        try:
            found = door.attend(tki_id)
        except (BadInput, BiometricError) as error:
            click.echo(str(error))
            continue
        word = "cocok, silakan masuk" if found.is_match else "TIDAK COCOK, ulangi atau pakai jari lain"
        click.echo(f"nomor {found.seq}: {found.name} {word} (nilai {found.score}); diperiksa lagi oleh server")


def _send(here: Here) -> None:
    try:
        answers = uploading.send(here.queue, here.link, tell)
    except (LineCut, TurnedAway) as error:
        click.echo(f"{len(here.queue.entries)} absensi menunggu dikirim. {error}")
        return
    click.echo(f"{len(answers)} absensi tertunda terkirim.")
