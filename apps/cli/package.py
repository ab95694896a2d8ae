"""`posko package`: hand-offs as signed, encrypted files (§12.4, 12.6, 12.9-12.11; F09, R-088, R-100, R-103)."""

from __future__ import annotations

import click

from apps.cli.lazy import LazyGroup

COMMANDS = {
    "inspect": ("apps.cli.package_inspect", "Periksa paket tanpa memuatnya."),
    "keygen": ("apps.cli.package_keygen", "Buat kunci satu pihak dan kartunya."),
    "make": ("apps.cli.package_make", "Buat paket dari kiriman yang menunggu: satu tiap LSP dan tiap TUK."),
    "open": ("apps.cli.package_open", "Muat paket: di BNSP, atau di tempat tanpa sambungan."),
    "register": ("apps.cli.package_register", "Daftarkan kunci dari kartu, dengan sidik jari petugas BNSP."),
    "revoke": ("apps.cli.package_revoke", "Cabut satu kunci, dengan sidik jari petugas BNSP."),
}
"""Command -> module and one line of help; the module's `command` is the click command."""


@click.group("package", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Paket: kunci, pembuatan, pemuatan, pemeriksaan."""
