"""`posko deviations`: the rules, their run, the register, and one deviation explained (§5.2, §5.7; docs/deviations.md)."""

from __future__ import annotations

import click

from apps.cli.lazy import LazyGroup

COMMANDS = {
    "rules": ("apps.cli.deviations_rules", "Daftar aturan: bobot, ambang yang berlaku, bagian yang tidak terbukti."),
    "run": ("apps.cli.deviations_run", "Nilai semua aturan dan buka kasusnya."),
    "list": ("apps.cli.deviations_list", "Daftar penyimpangan menurut saringan."),
    "explain": ("apps.cli.deviations_explain", "Jelaskan satu penyimpangan, atau satu aturan."),
    "evaluate": ("apps.cli.deviations_evaluate", "Ukur penemuan pada setahun simulasi dengan kecurangan yang ditanam."),
}
"""Subcommand -> module and one line of help."""


@click.group("deviations", cls=LazyGroup, modules=COMMANDS)
def command() -> None:
    """Penyimpangan: aturan, pemeriksaan, dan penjelasannya."""
