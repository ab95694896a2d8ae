"""`posko transform`: filter, propose and reconcile with dbt (§3.1, §12.2-12.8)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.logs import log_to
from apps.pipeline.dbt import run_dbt


@click.command("transform")
@click.option("--full", is_flag=True, help="Hitung ulang semuanya, bukan hanya yang berubah.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, full: bool, as_json: bool) -> None:
    """Saring TKI, usulkan TUK dan tanggal, cocokkan jumlahnya."""
    settings = context.settings()
    log_to(settings.var / "log")
    outcome = run_dbt(settings, context.posko(), "build", *(["--full-refresh"] if full else []))
    if as_json:
        click.echo(json.dumps({"seconds": outcome.seconds, "nodes": outcome.nodes}))
    else:
        click.echo(f"Transform selesai: {len(outcome.nodes)} model dan uji, {outcome.seconds:.1f} detik.")
