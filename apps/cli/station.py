"""`posko station`: keys, server and agent of the stations at the TUK (§8.2, §13.2-13.6; R-041, R-185)."""

from __future__ import annotations

import click

from apps.cli.lazy import LazyGroup

COMMANDS = {
    "attend": ("apps.cli.station_attend", "Di komputer TUK: absensi selagi jaringan putus."),
    "keygen": ("apps.cli.station_keygen", "Di komputer TUK: buat kunci dan cetak kartunya."),
    "list": ("apps.cli.station_list", "Tampilkan stasiun, kuncinya, dan kapan terakhir terlihat."),
    "register": ("apps.cli.station_register", "Daftarkan kunci sebuah stasiun dari kartunya."),
    "revoke": ("apps.cli.station_revoke", "Cabut kunci sebuah stasiun, seketika."),
    "run": ("apps.cli.station_run", "Di komputer TUK: agen yang memegang pembaca."),
    "serve": ("apps.cli.station_serve", "Layanan untuk stasiun, lewat HTTPS."),
    "upload": ("apps.cli.station_upload", "Di komputer TUK: kirim absensi yang tertunda."),
}
"""Command -> module and one line of help; the module's `command` is the click command."""


@click.group("station", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Stasiun sidik jari di TUK: kunci, layanan, agen."""
