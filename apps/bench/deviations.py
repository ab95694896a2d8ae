"""`posko bench deviations`: how well and how fast the rules judge a simulated year (issue 7; §5.1-5.3, 4.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from apps.bench.installation import YEAR_POOL_MB, throw_away
from apps.bench.report import Line, Report, against_limit, load_remark, note
from apps.cli import context
from apps.cli.logs import log_to
from apps.cli.screen import number
from apps.fraud.evaluate import LEAST_RECALL, MOST_FALSE, Evaluation, evaluate
from apps.fraud.evaluation_table import as_dict
from apps.fraud.year import Year
from apps.fraud.year_registers import FULL_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.bench.installation import Installation

YEAR_SECONDS, INCREMENT_SECONDS = 60.0, 10.0
EACH, SEED = 20, 1


def measure(installation: Installation, *, tki: int, each: int, say: Callable[[str], None] = lambda _: None) -> Report:
    """Make, judge and plant a year on an installation of its own; return the lines against the limits of the issue."""
    report = Report("deviations", f"{number(tki)} TKI, {each} kecurangan tiap aturan", remarks=load_remark())
    year = Year(installation.source, installation.target, installation.settings, SEED, settle=installation.settle)
    try:
        done = evaluate(year, tki=tki, each=each, say=say)
    finally:
        year.close()
    report.lines = lines_of(done)
    report.lines += [note(f"tahun simulasi: {name}", seconds) for name, seconds in year.seconds.items()]
    slowest = sorted(done.slowest, key=lambda one: -done.slowest[one])[:5]
    report.lines += [note(f"{rule_id}, setahun", done.slowest[rule_id]) for rule_id in slowest]
    report.extra = {"evaluation": as_dict(done)}
    if tki < FULL_YEAR:
        report.remarks.append(f"Batas ditetapkan untuk {number(FULL_YEAR)} TKI; ini diukur pada {number(tki)}.")
    return report


def lines_of(done: Evaluation) -> list[Line]:
    """Return the figures that have a limit."""
    certain, estimated = done.some(statistical=False), done.some(statistical=True)
    false = sum(len(one.false) + one.wrong for one in certain)
    share = {
        name: sum(one.hits for one in some) / max(1, sum(len(one.planted) for one in some))
        for name, some in (("pasti", certain), ("statistik", estimated))
    }
    return [
        Line("recall aturan pasti", share["pasti"], "", 1.0, "semua", at_least=1.0),
        # None may be: half a finding is the limit of a ratio.
        against_limit("alarm palsu aturan pasti", [false], 0.5, unit="temuan"),
        Line("recall aturan statistik", share["statistik"], "", LEAST_RECALL, "batas", at_least=1.0),
        against_limit("penemuan palsu aturan statistik", [done.false_discoveries], MOST_FALSE, unit=""),
        against_limit("semua aturan, setahun", [done.seconds["full"]], YEAR_SECONDS),
        against_limit(f"tambahan semalam, {number(done.fresh)} TKI", [done.seconds["increment"]], INCREMENT_SECONDS),
    ]


@click.command("deviations")
@click.option("--tki", default=FULL_YEAR, show_default=True, type=click.IntRange(min=2_000), help="TKI setahun.")
@click.option("--each", default=EACH, show_default=True, type=click.IntRange(1, 100), help="Kecurangan tiap aturan.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, tki: int, each: int, as_json: bool) -> None:
    """Ukur penemuan kecurangan yang ditanam, alarm palsu, dan lamanya semua aturan."""
    settings = context.settings()
    log_to(settings.var / "log")
    with throw_away(settings, pool_most=YEAR_POOL_MB) as installation:
        report = measure(installation, tki=tki, each=each, say=lambda text: click.echo(text, err=True))
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.show())
