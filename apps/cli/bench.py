"""`posko bench`: speed as ratios against a peer or a limit measured in the same run; a measurement, not a test.

The exit code is 0 even when a limit is missed. Everything but `allocation` runs on a throw-away installation;
`apps` keeps its own where it is told to.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import pymysql

from apps.bench import curve, demo, receive, transform
from apps.bench.allocation import command as allocation_command
from apps.bench.allocation import compare
from apps.bench.apps import command as apps_command
from apps.bench.audit import command as audit_command
from apps.bench.audit_pack import command as pack_command
from apps.bench.core import command as core_command
from apps.bench.deviations import command as deviations_command
from apps.bench.exports import command as exports_command
from apps.bench.installation import throw_away
from apps.bench.report import CONTRACT_TKI, Line, Report, load_remark, markdown, verdict
from apps.cli import context
from apps.cli.screen import number
from ingest.simulator import DEFAULT_FAULT_SHARE
from posko.domain.errors import BadInput, PoskoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.bench.installation import Installation

ALLOCATION_TKI = 20_000
SIZES = (100_000, 300_000, CONTRACT_TKI)

_JSON = click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
_TKI = click.option(
    "--tki", default=CONTRACT_TKI, show_default=True, type=click.IntRange(min=100), help="Banyaknya TKI."
)
_REPEATS = click.option(
    "--repeats",
    default=3,
    show_default=True,
    type=click.IntRange(min=1),
    help="Berapa kali tiap ukuran diambil; median.",
)
_DLT = click.option("--dlt", is_flag=True, help="Ukur juga dlt (beberapa menit; membuat .venv-bench).")
_DELTA = click.option(
    "--delta",
    default=5_000,
    show_default=True,
    type=click.IntRange(min=3),
    help="Baris yang berubah antara dua kali dbt.",
)


def _sizes(_ctx: click.Context, _option: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        sizes = tuple(sorted({int(part) for part in value.split(",")}))
    except ValueError as error:
        raise click.BadParameter("tulis bilangan dengan koma di antaranya, misalnya 100000,300000") from error
    if len(sizes) < 2 or sizes[0] <= curve.FIXED_TKI:
        raise click.BadParameter(f"perlu paling sedikit dua ukuran, semuanya di atas {curve.FIXED_TKI}")
    return sizes


_SIZES = click.option(
    "--sizes", default=",".join(map(str, SIZES)), show_default=True, callback=_sizes, help="Banyaknya TKI, dengan koma."
)


@click.group("bench")
def command() -> None:
    """Ukur kecepatan sebagai perbandingan dalam satu proses; selalu keluar dengan kode 0."""


@command.command("receive")
@_TKI
@_REPEATS
@_DLT
@click.option(
    "--fault-share",
    default=DEFAULT_FAULT_SHARE,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Bagian baris sumber yang sengaja salah.",
)
@_JSON
def receive_command(*, as_json: bool, **options: Any) -> None:
    """Penerimaan dibanding SELECT INTO OUTFILE + LOAD DATA INFILE dari baris yang sama."""
    _measure(lambda made: receive.measure(made, **options, say=_say), as_json=as_json)


@command.command("transform")
@_TKI
@_DELTA
@_REPEATS
@_JSON
def transform_command(*, tki: int, delta: int, repeats: int, as_json: bool) -> None:
    """Tahap dbt dibanding SQL yang sama dengan tangan, dan kiriman kecil dibanding hitung ulang."""
    _refuse_large_delta(tki, delta)
    _measure(lambda made: transform.measure(made, tki=tki, delta=delta, repeats=repeats, say=_say), as_json=as_json)


@command.command("curve")
@_SIZES
@_JSON
def curve_command(*, sizes: tuple[int, ...], as_json: bool) -> None:
    """Detik tiap tahap menurut banyaknya TKI, dan pangkat pertumbuhannya."""
    _measure(lambda made: curve.measure(made, sizes=sizes, say=_say), as_json=as_json)


@command.command("demo")
@_JSON
def demo_command(*, as_json: bool) -> None:
    """Jalankan posko demo dua kali di folder kosong."""
    _measure(lambda made: demo.measure(made, say=_say), as_json=as_json)


command.add_command(allocation_command)
command.add_command(apps_command, "apps")
command.add_command(audit_command, "audit")
command.add_command(pack_command, "pack")
command.add_command(core_command, "core")
command.add_command(deviations_command, "deviations")
command.add_command(exports_command, "exports")


@command.command("all")
@_TKI
@_DELTA
@_REPEATS
@_SIZES
@_DLT
@_JSON
def all_command(*, tki: int, delta: int, repeats: int, sizes: tuple[int, ...], dlt: bool, as_json: bool) -> None:
    """Jalankan semuanya; cetak satu tabel Markdown untuk README."""
    _refuse_large_delta(tki, delta)
    benches: dict[str, Callable[[Installation], Report]] = {
        "receive": lambda made: receive.measure(made, tki=tki, repeats=repeats, dlt=dlt, say=_say),
        "transform": lambda made: transform.measure(made, tki=tki, delta=delta, repeats=repeats, say=_say),
        "curve": lambda made: curve.measure(made, sizes=sizes, say=_say),
        "demo": lambda made: demo.measure(made, say=_say),
        "allocation": allocation_report,
    }
    busy, reports = load_remark(), []
    for name, measure in benches.items():
        try:
            reports.append(_on_throw_away(measure))
        except (PoskoError, pymysql.err.MySQLError) as error:
            reports.append(Report(name, "tidak selesai", problem=str(error)))
        click.echo(verdict(reports[-1:]), err=True)
    reports[0].remarks += busy
    if as_json:
        click.echo(json.dumps([report.as_dict() for report in reports], ensure_ascii=False))
    else:
        click.echo(f"{markdown(reports)}\n\n{verdict(reports)}")


def allocation_report(installation: Installation, *, tki: int = ALLOCATION_TKI) -> Report:
    """Return the proposal beside the optimum of the same problem as lines without a limit."""
    transform.prepare(installation, tki, _say)
    transform.build(installation)
    engine = installation.target.engine("posko_app", "posko")
    with engine.connect() as db:
        result = compare(db)
    engine.dispose()
    report = Report("allocation", f"{number(tki)} TKI", extra={"allocation": result})
    for name, words in (
        ("placed", "TKI dapat tempat"),
        ("mean_wait", "rata-rata hari tunggu"),
        ("gini", "Gini beban TUK"),
    ):
        ours, best = float(result["proposal"][name]), float(result["optimum"][name])
        report.lines.append(Line(words, ours, "", best, "optimum"))
    return report


def _refuse_large_delta(tki: int, delta: int) -> None:
    if delta > tki // 10:
        raise BadInput(
            f"Kiriman {delta} baris terlalu besar untuk sumber {tki} TKI. Pakai --delta paling banyak {tki // 10}."
        )


def _on_throw_away(measure: Callable[[Installation], Report]) -> Report:
    with throw_away(context.settings()) as installation:
        return measure(installation)


def _say(text: str) -> None:
    click.echo(f"- {text} ...", err=True)


def _measure(measure: Callable[[Installation], Report], *, as_json: bool) -> None:
    """Measure and print one bench; the load of the machine is read before the bench adds its own."""
    busy = load_remark()
    report = _on_throw_away(measure)
    report.remarks += busy
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.show())
