"""`posko flow`: the stages of the Pedoman, as the README shows them."""

from __future__ import annotations

import click

from posko.domain.flow import flow_markdown


@click.command("flow")
@click.option("--markdown", is_flag=True, help="Sebagai tabel Markdown (bawaan).")
def command(*, markdown: bool) -> None:
    """Cetak tabel alur: tahap, langkah Pedoman, pelaku, kode."""
    _ = markdown  # the only form so far; the option is the documented spelling
    click.echo(flow_markdown())
