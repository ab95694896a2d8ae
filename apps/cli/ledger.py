"""`posko ledger check`: every hop held against the rows themselves, and everybody by state (F08, R-101, R-105, R-182)."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import number, table
from posko.services import ledger
from posko.services.ledger_totals import STATE_LABELS

if TYPE_CHECKING:
    from posko.services.ledger import LedgerReport

SHOWN = 50
BATCHES_SHOWN = 20


@click.group("ledger")
def command() -> None:
    """Buku serah terima TKI demi TKI."""


@command.command("check")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def check(*, as_json: bool) -> None:
    """Periksa setiap serah terima dan jumlah akhir; kode 1 bila ada yang hilang, ganda, atau berubah."""
    with context.reading() as db:
        report = ledger.check(db)
    with context.app_connection() as db:
        told = {"problems": len(report.problems), "unexplained": report.totals.unexplained}
        log_act(db, "ledger.check", "ledger", "*", told)
        db.commit()
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        _show(report)
    if not report.is_clean:
        sys.exit(1)


def _show(report: LedgerReport) -> None:
    table(
        "Serah terima (TKI)",
        ("jalur", "kiriman", "dikirim", "diterima", "dimuat", "ditolak", "di jalan"),
        [
            (hop.label, *map(number, (hop.batches, hop.sent, hop.received, hop.loaded, hop.rejected, hop.in_transit)))
            for hop in report.hops
        ],
        numeric=(1, 2, 3, 4, 5, 6),
    )
    _show_totals(report)
    for problem in report.problems[:SHOWN]:
        click.echo(f"{problem.kind}: {problem.sentence}")
    if len(report.problems) > SHOWN:
        click.echo(f"... dan {number(len(report.problems) - SHOWN)} lainnya; lihat --json.")
    click.echo(
        "Tidak ada yang hilang, ganda, atau berubah."
        if report.is_clean
        else f"{number(len(report.problems))} masalah; {number(len(report.named))} TKI disebut."
    )


def _show_totals(report: LedgerReport) -> None:
    totals = report.totals
    rows = [(STATE_LABELS.get(state, state), number(count)) for state, count in totals.by_state.items()]
    received = totals.staged + totals.quarantined
    rows += [("= diterima dari BNP2TKI", number(received)), ("tidak terjelaskan", number(totals.unexplained))]
    if totals.withdrawn:
        rows.append(("ditarik BNP2TKI, masih punya perjalanan", number(totals.withdrawn)))
    table("Ujung ke ujung, TKI per keadaan", ("keadaan", "TKI"), rows, numeric=(1,))
    _show_deliveries(report)
    if not report.waiting:
        return
    table(
        "Kiriman yang belum dikonfirmasi penerima (waktu UTC)",
        ("kiriman", "dari", "kepada", "TKI", "dikirim"),
        [
            (
                str(row["batch_id"]),
                row["sender"],
                row["receiver"],
                number(row["row_count"]),
                f"{row['sent_at']:%Y-%m-%d %H:%M}",
            )
            for row in report.waiting[:BATCHES_SHOWN]
        ],
        numeric=(3,),
    )


def _show_deliveries(report: LedgerReport) -> None:
    newest = list(report.totals.by_batch.items())[-BATCHES_SHOWN:]
    if not newest:
        return
    ends = list(newest[0][1])
    table(
        f"Menurut kiriman BNP2TKI yang pertama membawanya ({len(newest)} terbaru)",
        ("kiriman", "TKI", *ends),
        [(str(batch), number(sum(row.values())), *(number(row[end]) for end in ends)) for batch, row in newest],
        numeric=range(1, len(ends) + 2),
    )
