"""`posko finger bench`: speed and accuracy on synthetic fingers; a measurement, not a test (exit code 0 even when a limit is missed)."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

import click

from apps.bench.report import Report, verdict
from apps.cli import context
from posko.domain.errors import BadInput, PoskoError

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = ("accuracy", "search", "stations")


@click.command("bench")
@click.argument("part", default="all", type=click.Choice([*PARTS, "all"]))
@click.option("--rebuild-prints", is_flag=True, help="Hanya buat ulang gambar sidik jari tiruan di biometrics/prints.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, part: str, rebuild_prints: bool, as_json: bool) -> None:
    """Ukur ketelitian, pencarian 1:N, dan stasiun pada sidik jari tiruan; bukan ketelitian di lapangan."""
    if context.settings().environment == "production":
        raise BadInput("Pengukuran memakai jari tiruan dan seluruh mesin, jadi tidak boleh dijalankan di production.")
    if rebuild_prints:
        committed = importlib.import_module("biometrics.synthetic.committed")
        click.echo(f"{committed.rebuild()} sidik jari tiruan ditulis ke {committed.FOLDER}.")
        return
    reports = []
    for name in PARTS if part == "all" else (part,):
        try:
            reports.append(MEASURES[name]())
        except PoskoError as error:
            if part != "all":
                raise
            reports.append(Report(f"finger {name}", "tidak selesai", problem=str(error)))
        if not as_json:
            click.echo(reports[-1].show())
    if as_json:
        found = [report.as_dict() for report in reports]
        click.echo(json.dumps(found if part == "all" else found[0], ensure_ascii=False))
    elif part == "all":
        click.echo(verdict(reports))


def _say(text: str) -> None:
    click.echo(f"- {text} ...", err=True)


def _accuracy() -> Report:
    made: Report = importlib.import_module("apps.bench.finger_accuracy").measure(context.settings(), say=_say)
    return made


def _on_throw_away(module: str) -> Report:
    throw_away = importlib.import_module("apps.bench.installation").throw_away
    with throw_away(context.settings()) as installation:
        made: Report = importlib.import_module(module).measure(installation, say=_say)
    return made


MEASURES: dict[str, Callable[[], Report]] = {
    "accuracy": _accuracy,
    "search": lambda: _on_throw_away("apps.bench.finger_search"),
    "stations": lambda: _on_throw_away("apps.bench.finger_stations"),
}
"""Part -> what measures it, imported when it is asked for; the last two on servers of their own that go afterwards."""
