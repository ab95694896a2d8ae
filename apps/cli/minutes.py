"""`posko minutes`: minutes of evaluation meetings are genuine, and nothing under them was changed (§14.2; R-162)."""

from __future__ import annotations

import click

from apps.cli.lazy import LazyGroup

COMMANDS = {
    "check": ("apps.cli.minutes_check", "Hitung ulang sidik risalah dan kartu nilainya dari basis data."),
    "verify": ("apps.cli.minutes_verify", "Periksa keaslian risalah dari PDF, pindaian, atau kode QR-nya."),
}
"""Command -> module and one line of help; the module's `command` is the click command."""


@click.group("minutes", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Risalah rapat evaluasi: keaslian dan keutuhan."""
