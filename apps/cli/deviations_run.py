"""`posko deviations run`: all rules judged, what they found taken into the register, cases opened (§5.2)."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.logs import log_to
from apps.cli.onward import system_office
from apps.cli.screen import number, table
from apps.deviation_run import RulesFailed, run_rules
from posko.domain.errors import BadInput
from posko.domain.rules import RULES

if TYPE_CHECKING:
    from apps.deviation_run import DeviationSummary


@click.command("run")
@click.option("--full", is_flag=True, help="Nilai semuanya, bukan hanya yang berubah sejak pemeriksaan terakhir.")
@click.option("--rule", "rules", multiple=True, metavar="DV-X00", help="Hanya aturan ini; dapat diulang.")
@click.option("--json", "as_json", is_flag=True, help="Ringkasan sebagai satu dokumen JSON.")
def command(*, full: bool, rules: tuple[str, ...], as_json: bool) -> None:
    """Nilai semua aturan; kode 1 bila ada aturan yang tidak dapat dinilai."""
    for rule_id in rules:
        if rule_id not in RULES or not RULES[rule_id].is_found:
            raise BadInput(f"{rule_id} bukan aturan yang dinilai oleh pemeriksaan. Lihat posko deviations rules.")
    settings = context.settings()
    log_to(settings.var / "log")
    with system_office() as office:
        try:
            summary = run_rules(
                office, context.posko(), full=full, rules=rules or None, lease_seconds=settings.lease_seconds
            )
        except RulesFailed as failed:
            _show(failed.summary, as_json=as_json)
            click.echo(f"posko: {failed}", err=True)
            sys.exit(failed.exit_code)
    _show(summary, as_json=as_json)


def _show(summary: DeviationSummary, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary.as_dict(), ensure_ascii=False))
        return
    names = ("found", "new", "changed", "gone", "again")
    rows = [
        (rule_id, *(number(counts[name]) for name in names), f"{summary.seconds[rule_id]:.2f}")
        for rule_id, counts in summary.rules.items()
        if any(counts.values())
    ]
    columns = ("aturan", "ditemukan", "baru", "berubah", "hilang", "muncul lagi", "detik")
    table(f"Pemeriksaan penyimpangan {summary.run_id}", columns, rows, numeric=range(1, 7))
    click.echo(
        f"{len(summary.rules)} aturan dinilai, {number(summary.total('new'))} temuan baru, {number(summary.cases)} kasus dibuka,"
        f" {summary.elapsed:.1f} detik."
    )
