"""`posko transform`: filter, propose and reconcile with dbt (§3.1, §12.2-12.8)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.logs import log_to
from apps.pipeline.dbt import refresh_evaluation, run_dbt
from posko.db.lease import held_lease
from posko.domain.errors import BadInput


@click.command("transform")
@click.option("--full", is_flag=True, help="Hitung ulang semuanya, bukan hanya yang berubah.")
@click.option(
    "--evaluation", is_flag=True, help="Hanya tabel evaluasi: menyusul tindakan petugas sejak muatan terakhir."
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, full: bool, evaluation: bool, as_json: bool) -> None:
    """Saring TKI, usulkan TUK dan tanggal, cocokkan jumlahnya; perbarui tabel evaluasi."""
    if full and evaluation:
        raise BadInput("Pilih salah satu: --full menghitung ulang semuanya, --evaluation hanya tabel evaluasi.")
    settings, server = context.settings(), context.posko()
    log_to(settings.var / "log")
    if evaluation:
        # Not beside a run of the pipeline, which makes the same tables.
        with held_lease(server, "posko_app", "posko", "pipeline", seconds=settings.lease_seconds):
            outcome = refresh_evaluation(settings, server)
    else:
        outcome = run_dbt(settings, server, "build", *(["--full-refresh"] if full else []), evaluation=True)
    if as_json:
        click.echo(json.dumps({"seconds": outcome.seconds, "nodes": outcome.nodes}))
    else:
        click.echo(f"Transform selesai: {len(outcome.nodes)} model dan uji, {outcome.seconds:.1f} detik.")
