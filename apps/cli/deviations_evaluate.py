"""`posko deviations evaluate`: what the rules find of what was planted in a simulated year, on servers of its own (§5.1-5.3, 4.2)."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from apps.bench.installation import YEAR_POOL_MB, throw_away
from apps.cli import context
from apps.cli.logs import log_to
from apps.cli.screen import table
from apps.fraud.evaluate import evaluate
from apps.fraud.evaluation_table import HEADINGS, as_dict, rows_of, summary_of, write_into
from apps.fraud.year import Year
from apps.fraud.year_registers import FULL_YEAR
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from apps.fraud.evaluate import Evaluation

PAGE = PROJECT_ROOT / "docs" / "deviation-evaluation.md"
EACH = 20
LEAST_TKI = 2_000


@click.command("evaluate")
@click.option("--tki", default=FULL_YEAR, show_default=True, type=click.IntRange(min=LEAST_TKI), help="TKI setahun.")
@click.option("--each", default=EACH, show_default=True, type=click.IntRange(1, 100), help="Kecurangan tiap aturan.")
@click.option("--seed", default=1, show_default=True, help="Benih semua undian.")
@click.option("--write", is_flag=True, help="Tulis tabelnya ke docs/deviation-evaluation.md.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, tki: int, each: int, seed: int, write: bool, as_json: bool) -> None:
    """Tanam kecurangan pada setahun simulasi dan ukur penemuannya; kode 1 bila ada batas yang tidak terpenuhi."""
    settings = context.settings()
    log_to(settings.var / "log")
    with throw_away(settings, pool_most=YEAR_POOL_MB) as installation:
        year = Year(installation.source, installation.target, installation.settings, seed, settle=installation.settle)
        try:
            done = evaluate(year, tki=tki, each=each, say=lambda text: click.echo(text, err=True))
        finally:
            year.close()
    if write:
        write_into(PAGE, done)
    click.echo(json.dumps(as_dict(done), ensure_ascii=False)) if as_json else _show(done)
    sys.exit(1 if done.missed() else 0)


def _show(done: Evaluation) -> None:
    rows = rows_of(done)
    # what was planted is a sentence; in a column of a terminal it would be a tower of words
    table("Evaluasi aturan penyimpangan", HEADINGS[:-1], [row[:-1] for row in rows], numeric=range(2, 10))
    click.echo("\n".join(f"{row[0]}: {row[-1]}" for row in rows if row[-1]))
    missed = done.missed()
    click.echo("\n".join(summary_of(done)))
    click.echo(
        "\n".join(f"✗ {one}" for one in missed)
        or "✓ Semua batas penemuan terpenuhi; batas detik diukur posko bench deviations."
    )
