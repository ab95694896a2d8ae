"""`posko simulate`: make a simulated BNP2TKI source, change one that was made before, or let it answer the results (§12.1, §14.5)."""

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
from ingest.simulator_results import Acknowledged, Manners, acknowledge
from posko.domain.errors import BadInput

if TYPE_CHECKING:
    import datetime as dt

    from pymysql.connections import Connection as PyMySQL

_COUNT = click.IntRange(min=0)
_SHARE = click.FloatRange(0, 1)


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
@click.option(
    "--acknowledge", "answers", is_flag=True, help="BNP2TKI mencatat dan mengonfirmasi hasil yang diterimanya."
)
@click.option("--again", is_flag=True, help="Dengan --acknowledge: perbaiki juga yang belum tercatat dengan benar.")
@click.option("--late", default=0.0, type=_SHARE, help="Dengan --acknowledge: bagian yang belum dijawab.")
@click.option("--rejected", default=0.0, type=_SHARE, help="Dengan --acknowledge: bagian yang ditolak.")
@click.option("--empty-promise", default=0.0, type=_SHARE, help="Dengan --acknowledge: bagian yang dikonfirmasi saja.")
@click.option("--partial", default=0.0, type=_SHARE, help="Dengan --acknowledge: bagian yang dicatat sebagian.")
@click.option("--forged", default=0, type=_COUNT, help="Dengan --acknowledge: banyaknya pemalsuan tiap jenis.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, mutates: bool, answers: bool, as_json: bool, **options: Any) -> None:
    """Buat sumber BNP2TKI simulasi, ubah yang sudah ada (--mutate), atau jawab hasil yang dikembalikan (--acknowledge)."""
    if context.settings().environment == "production":
        raise BadInput("Simulator tidak boleh dipakai di lingkungan production; tidak ada yang diubah.")
    started = time.monotonic()
    with closing(context.source_connection()) as connection:
        if mutates:
            names = ("seed", "corrections", "arrivals", "deletions", "lie")
            result, line = _changed(mutate(connection, **{name: options[name] for name in names}))
        elif answers:
            result, line = _answered(_acknowledge(connection, options))
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


def _acknowledge(connection: PyMySQL[Any], options: dict[str, Any]) -> Acknowledged:
    names = ("seed", "late", "rejected", "empty_promise", "partial", "forged")
    manners = Manners(**{name: options[name] for name in names})
    return acknowledge(connection, manners, again=options["again"], fault_file=options["faults"])


def _answered(done: Acknowledged) -> tuple[dict[str, Any], str]:
    result = {"taken_over": done.taken_over, "planted_by_kind": done.by_kind}
    wrong = ", ".join(f"{count} {kind}" for kind, count in done.by_kind.items()) or "tidak ada"
    return result, f"BNP2TKI simulasi mencatat {done.taken_over} hasil; yang menyimpang: {wrong}."


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
