"""`posko check received|allocation|results|return`: run one gate outside a run of the pipeline (§12.2, §12.8)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.screen import table
from apps.pipeline.gates import GATES, run_gate
from checks.gate import OUTCOME_WORDS, sentence
from posko.services import check_run

if TYPE_CHECKING:
    from checks.gate import GateResult


@click.command("check")
@click.argument("gate", type=click.Choice(list(GATES)))
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
@click.pass_context
def command(ctx: click.Context, /, *, gate: str, as_json: bool) -> None:
    """Jalankan satu gerbang pemeriksaan; keluar dengan kode 1 bila tidak lulus."""
    result = run_gate(context.settings(), context.posko(), gate)
    with context.app_connection() as db:
        check_run.record(db, result)
        db.commit()
    if as_json:
        click.echo(json.dumps(result.as_dict(), ensure_ascii=False))
    else:
        show(result)
    if result.outcome != "passed":
        click.echo(f"posko: {sentence(result)}", err=True)
        ctx.exit(1)


def show(result: GateResult) -> None:
    """Print every expectation with what was seen, and where the pages are."""
    rows = []
    for one in result.expectations:
        word = "peringatan" if one.only_warns and one.outcome == "failed" else OUTCOME_WORDS[one.outcome]
        rows.append((word, one.description, one.observed))
    table(f"Gerbang {result.gate}: {OUTCOME_WORDS[result.outcome]}", ("hasil", "syarat", "yang dilihat"), rows)
    click.echo(f"Halaman: {result.docs}")
