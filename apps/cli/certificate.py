"""`posko certificate`: print and verify certificates, their keys and status list (§13.12, §14.3; R-138, R-140, R-166, R-186)."""

from __future__ import annotations

import click

from apps.cli.lazy import LazyGroup

COMMANDS = {
    "keys": ("apps.cli.certificate_keys", "Terbitkan kunci publik sertifikat, atau ganti kuncinya."),
    "print": ("apps.cli.certificate_print", "Cetak sertifikat ke berkas PDF; tiap lembar dihitung."),
    "status-list": ("apps.cli.certificate_status", "Terbitkan daftar status yang ditandatangani."),
    "verify": ("apps.cli.certificate_verify", "Periksa keaslian dari kode QR, dari PDF, atau dari nomor dan kode."),
}
"""Command -> module and one line of help; the module's `command` is the click command."""


@click.group("certificate", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Sertifikat: cetak, verifikasi, kunci, daftar status."""
