"""`posko receive`: pull the table of trained TKI from BNP2TKI (§12.1-12.2)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.logs import log_to
from apps.cli.screen import number, progress, table
from ingest.receive import Received, receive


@click.command("receive")
@click.option("--verify", is_flag=True, help="Bandingkan checksum seluruh baris, jangan percaya updated_at.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, verify: bool, as_json: bool) -> None:
    """Tarik tabel TKI dari BNP2TKI sampai kedua sisi sama."""
    settings = context.settings()
    log_to(settings.var / "log")
    with progress("Menarik TKI", quiet=as_json) as advance:
        outcome = receive(context.source(), context.posko(), settings, verify=verify, progress=advance)
    if as_json:
        click.echo(json.dumps(outcome.as_dict(), ensure_ascii=False))
    else:
        show(outcome)


def show(outcome: Received) -> None:
    """Print the figures of one receive."""
    rows = [
        ("diterima dari BNP2TKI", number(outcome.received)),
        ("  = diketik", number(outcome.typed)),
        ("  + dikarantina", number(outcome.quarantined)),
        ("baru", number(outcome.inserted)),
        ("dikoreksi", number(outcome.updated)),
        ("tetap", number(outcome.unchanged)),
        ("dihapus di sumber (nisan)", number(outcome.deleted)),
        ("rekaman sidik jari ditulis", number(outcome.fingerprints)),
    ]
    table(
        f"Penerimaan, batch {outcome.batch_id} ({outcome.mode}, {outcome.seconds:.1f} detik)",
        ("", "TKI"),
        rows,
        numeric=(1,),
    )
    for name, columns in outcome.extra_columns.items():
        click.echo(f"Kolom di luar kontrak pada {name}: {', '.join(columns)} (dicatat, tidak dipakai).")
