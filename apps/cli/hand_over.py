"""`posko hand-over`: what goes on without a click, without pulling first (§12.3-12.4, §12.9, §14.1-14.5); part of every `posko run`."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.logs import log_to
from apps.cli.onward import onward
from apps.cli.run import handed_over
from apps.pipeline.run import Pipeline


@click.command("hand-over")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Serahkan yang siap, tayangkan, kembalikan hasil ke BNP2TKI, baca jawabannya; gerbangnya tetap dijaga."""
    log_to(context.settings().var / "log")
    pipeline = Pipeline(context.source(), context.posko(), context.settings())
    with onward() as after:
        counts = pipeline.hand_over(after).onward
    click.echo(json.dumps(counts) if as_json else handed_over(counts))
