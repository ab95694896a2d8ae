"""`posko status`: the last runs and the freshness of each table (§1.6)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.screen import number, table
from apps.freshness import freshness
from posko.services import job_run


@click.command("status")
@click.option("--runs", default=12, show_default=True, help="Banyaknya tahap terakhir yang ditampilkan.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, runs: int, as_json: bool) -> None:
    """Tampilkan proses terakhir dan kesegaran tiap tabel."""
    with context.app_connection() as db:
        stages = job_run.last_runs(db, limit=runs)
        tables = freshness(db)
    if as_json:
        document = {
            "stages": [vars(stage) if hasattr(stage, "__dict__") else stage for stage in stages],
            "tables": [vars(one) for one in tables],
        }
        click.echo(json.dumps(document, default=str, ensure_ascii=False))
        return
    table(
        "Tahap terakhir (waktu UTC)",
        ("proses", "tahap", "mulai", "detik", "baris", "hasil"),
        [
            (
                stage.run_id,
                stage.stage,
                f"{stage.started_at:%Y-%m-%d %H:%M:%S}",
                f"{(stage.ended_at - stage.started_at).total_seconds():.1f}" if stage.ended_at else "-",
                number(stage.row_count),
                stage.outcome,
            )
            for stage in stages
        ],
        numeric=(3, 4),
    )
    table(
        "Kesegaran tabel (waktu UTC)",
        ("tabel", "baris", "data per"),
        [
            (one.table, number(one.rows), f"{one.fed_at:%Y-%m-%d %H:%M:%S}" if one.fed_at else "belum ada")
            for one in tables
        ],
        numeric=(1,),
    )
