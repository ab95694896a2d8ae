"""`posko docs`: dbt's pages of where every table comes from, beside the pages of the gates."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click

from apps.cli import context
from apps.pipeline.dbt import dbt_environment, run_dbt
from checks.pages import write_index


@click.command("docs")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Buat halaman silsilah data (dbt) dan daftar isi semua halaman."""
    index, lineage = build(context.settings().var / "docs")
    if as_json:
        click.echo(json.dumps({"index": str(index), "lineage": str(lineage)}))
    else:
        click.echo(f"Silsilah data dan hasil pemeriksaan: {index}")


def build(docs_dir: Path) -> tuple[Path, Path]:
    """Make the lineage page and the index; return (index, lineage).

    Raises:
        ConfigurationError: dbt could not start.
        DataRefused: dbt could not read the models or the database.
    """
    settings, server = context.settings(), context.posko()
    run_dbt(settings, server, "docs", "generate", "--static")
    made = Path(dbt_environment(settings, server)["DBT_TARGET_PATH"]) / "static_index.html"
    lineage = docs_dir / "lineage" / "index.html"
    lineage.parent.mkdir(parents=True, exist_ok=True)
    fresh = lineage.with_suffix(".new")
    shutil.copyfile(made, fresh)
    fresh.replace(lineage)
    return write_index(docs_dir), lineage
