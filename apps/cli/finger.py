"""`posko finger`: readers, enrolment, verification, templates and the search for duplicates (§6.1, §8.2, §13.1-13.7)."""

from __future__ import annotations

import click

from apps.cli.lazy import LazyGroup

COMMANDS = {
    "bench": ("apps.cli.finger_bench", "Ukur kecepatan dan ketelitian pada sidik jari tiruan."),
    "capture": ("apps.cli.finger_capture", "Ambil satu sidik jari dan tampilkan mutunya."),
    "duplicates": (
        "apps.cli.finger_duplicates",
        "Cari jari yang sama pada identitas lain (1:N); orang yang memutuskan.",
    ),
    "enrol": ("apps.cli.finger_enrol", "Daftarkan dua jari, tiga kali masing-masing."),
    "import": ("apps.cli.finger_import", "Jadikan sidik jari BNP2TKI templat rujukan."),
    "readers": ("apps.cli.finger_readers", "Tampilkan pembaca yang dapat dipakai."),
    "rotate": ("apps.cli.finger_rotate", "Ganti kunci enkripsi templat."),
    "verify": ("apps.cli.finger_verify", "Cocokkan satu jari dengan templat seseorang."),
}
"""Command -> module and one line of help; the module's `command` is the click command."""


@click.group("finger", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Sidik jari: pembaca, pendaftaran, pencocokan, pencarian."""
