"""`posko hand-over`: what the scheduler does after the pipeline, so that nothing waits for a click (§12.3-12.4, §14.3-14.5)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.screen import number
from apps.hand_over import hand_over
from posko.services.office import Office


@click.command("hand-over")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Serahkan yang layak ke Konsorsium, kembalikan hasil ke BNP2TKI, baca balik pemutakhirannya."""
    office = Office.of(context.settings(), context.app_engine())
    counts = hand_over(office)
    office.close()
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        f"{number(counts['sent'])} TKI diserahkan ke Konsorsium, {number(counts['refreshed'])} tayangan diperbarui,"
        f" {number(counts['returned'])} hasil dikirim ke BNP2TKI, {number(counts['closed'])} tercatat kembali di sana."
    )
