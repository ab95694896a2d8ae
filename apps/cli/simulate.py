"""`posko simulate`: make a simulated BNP2TKI source, or change one that was made before (§12.1)."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.simulated_prints import SimulatedPrints
from ingest.simulator import DEFAULT_FAULT_SHARE, Mutated, Simulated, mutate, simulate
from posko.domain.errors import BadInput

if TYPE_CHECKING:
    import datetime as dt

    from pymysql.connections import Connection as PyMySQL

_COUNT = click.IntRange(min=0)


@click.command("simulate")
@click.option("--tki", default=5_000, show_default=True, type=click.IntRange(min=1), help="Banyaknya TKI.")
@click.option("--seed", default=1, show_default=True, help="Bilangan awal; seed yang sama, tabel yang sama.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Hari simulasi; bawaan: hari ini.")
@click.option(
    "--fault-share",
    default=DEFAULT_FAULT_SHARE,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Bagian baris yang diberi kesalahan.",
)
@click.option(
    "--faults",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Berkas daftar kesalahan (JSON per baris).",
)
@click.option("--prints", type=_COUNT, help="Banyaknya TKI yang diberi sidik jari; bawaan: paling banyak 5.000.")
@click.option("--replace", is_flag=True, help="Ganti juga tabel sumber yang bukan buatan simulator.")
@click.option("--mutate", "mutates", is_flag=True, help="Ubah sumber simulasi yang sudah ada.")
@click.option("--corrections", default=50, show_default=True, type=_COUNT, help="Dengan --mutate: baris dikoreksi.")
@click.option("--arrivals", default=50, show_default=True, type=_COUNT, help="Dengan --mutate: TKI baru.")
@click.option("--deletions", default=5, show_default=True, type=_COUNT, help="Dengan --mutate: baris dihapus.")
@click.option(
    "--lie", default=0, show_default=True, type=_COUNT, help="Dengan --mutate: baris diubah tanpa updated_at."
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, mutates: bool, as_json: bool, **options: Any) -> None:
    """Buat sumber BNP2TKI simulasi, atau ubah yang sudah ada (--mutate)."""
    if context.settings().environment == "production":
        raise BadInput("Simulator tidak boleh dipakai di lingkungan production; tidak ada yang diubah.")
    started = time.monotonic()
    with closing(context.source_connection()) as connection:
        if mutates:
            names = ("seed", "corrections", "arrivals", "deletions", "lie")
            result, line = _changed(mutate(connection, **{name: options[name] for name in names}))
        else:
            result, line = _made(_simulate(connection, options))
    result["seconds"] = round(time.monotonic() - started, 1)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else line)


def _simulate(connection: PyMySQL[Any], options: dict[str, Any]) -> Simulated:
    today: dt.datetime | None = options["today"]
    return simulate(
        connection,
        tki=options["tki"],
        seed=options["seed"],
        today=today.date() if today else None,
        fault_share=options["fault_share"],
        prints=options["prints"],
        readable=SimulatedPrints(),
        fault_file=options["faults"],
        replace=options["replace"],
    )


def _made(made: Simulated) -> tuple[dict[str, Any], str]:
    result = {
        "seed": made.seed,
        "today": made.today.isoformat(),
        "tki": made.tki,
        "blkln": made.blkln,
        "pptkis": made.pptkis,
        "prints": made.prints,
        "planted": len(made.planted),
        "planted_by_expectation": made.by_expectation,
    }
    line = (
        f"Sumber simulasi dibuat: {made.tki} TKI, {made.blkln} BLKLN, {made.pptkis} PPTKIS, "
        f"{made.prints} sidik jari; {len(made.planted)} baris sengaja salah (seed {made.seed})."
    )
    return result, line


def _changed(changed: Mutated) -> tuple[dict[str, Any], str]:
    result: dict[str, Any] = {
        "corrected": changed.corrected,
        "repaired": changed.repaired,
        "arrived": changed.arrived,
        "deleted": changed.deleted,
        "lied": changed.lied,
    }
    line = (
        f"Sumber simulasi diubah: {len(changed.corrected)} dikoreksi "
        f"({len(changed.repaired)} di antaranya diperbaiki), {len(changed.arrived)} baru, "
        f"{len(changed.deleted)} dihapus, {len(changed.lied)} diubah diam-diam."
    )
    return result, line
