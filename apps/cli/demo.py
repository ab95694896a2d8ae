"""`posko demo`: a simulated BNP2TKI source, a filled register, the pipeline, the next exam day, and what came of it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.demo_days import play_days, seal_log
from apps.cli.run import run_pipeline, show
from apps.cli.screen import number
from apps.pipeline.dbt import read_project
from apps.simulated_prints import SimulatedPrints
from ingest.registers import parse_date
from ingest.simulator import simulate
from posko.db.accounts import SCHEMAS
from posko.db.migrate import migrate
from posko.domain.errors import BadInput
from posko.services.registry import PlacementCompany, TrainingCentre, fill_demo_registry

if TYPE_CHECKING:
    from pathlib import Path

NEXT = """Selanjutnya:
  ./run app                            layar petugas di peramban, pada data ini
  ./run status                         proses terakhir dan kesegaran tiap tabel
  ./run simulate --mutate              BNP2TKI mengirim koreksi, TKI baru, dan penghapusan ...
  ./run simulate --acknowledge         BNP2TKI menjawab hasil yang belum dijawabnya ...
  ./run run                            ... dan pipeline menarik perubahannya
  ./run run --verify                   cocokkan checksum setiap baris dengan sumber
  ./run demo                           hari uji berikutnya
  ./run finger duplicates --seconds 20 jari yang sama pada identitas lain; orang yang memutuskan
  ./run deviations list                yang ditemukan aturan; ./run deviations explain NOMOR menjelaskannya
  ./run deviations rules               75 aturan: bobot, ambang yang berlaku, bagian yang tidak terbukti
  ./run audit pack --help              paket auditor masa lain; yang di atas dapat langsung diperiksa
  ./run ledger check                   setiap serah terima, TKI demi TKI
  ./run as-of now --tki ID             perjalanan satu TKI dari catatan audit
  ./run registry show rules            aturan BLKLN ke TUK; ganti dengan: ./run registry rules BERKAS.csv
  ./run audit verify                   periksa segel catatan audit
  ./run docs                           silsilah data dan hasil pemeriksaan, di var/docs
  ./run server stop                    matikan server privat; data tetap ada"""


@click.command("demo")
@click.option("--tki", default=5_000, show_default=True, type=click.IntRange(min=1), help="Banyaknya TKI.")
@click.option("--seed", default=1, show_default=True, help="Bilangan awal; seed yang sama, sumber yang sama.")
@click.option(
    "--days", default=1, show_default=True, type=click.IntRange(min=0), help="Banyaknya hari uji yang dimainkan."
)
@click.option(
    "--people",
    default=300,
    show_default=True,
    type=click.IntRange(min=1),
    help="TKI yang diuji pada hari-hari itu; setiap sidik jarinya dicocokkan sungguh-sungguh.",
)
def command(*, tki: int, seed: int, days: int, people: int) -> None:
    """Jalankan seluruh alur pada sumber simulasi; panggilan kedua melanjutkan yang ada."""
    settings = context.settings()
    if settings.environment == "production":
        raise BadInput("Demo tidak boleh dijalankan di lingkungan production; tidak ada yang diubah.")
    wanted = {"tki": tki, "seed": seed}
    note = settings.var / "demo.json"
    if not _is_made(note, wanted):
        _make(wanted, settings.var / "demo-faults.jsonl")
        note.write_text(json.dumps(wanted), "utf-8")
    show(run_pipeline())
    if days:
        play_days(days, seed, people)
    else:
        seal_log()
    click.echo(NEXT)


def _is_made(note: Path, wanted: dict[str, int]) -> bool:
    return note.exists() and json.loads(note.read_text("utf-8")) == wanted


def _make(wanted: dict[str, int], fault_file: Path) -> None:
    """Make everything afresh: another number of TKI or another seed is another demo."""
    settings = context.settings()
    click.echo(f"- Membuat sumber BNP2TKI simulasi: {number(wanted['tki'])} TKI, seed {wanted['seed']} ...", err=True)
    # Two servers, two cores: BNP2TKI's fills while POSKO's is made, and dbt reads its project meanwhile.
    with ThreadPoolExecutor(2) as aside:
        filled = aside.submit(_fill_source, wanted, fault_file)
        if settings.database_url is None:
            _forget()
        server = context.posko_as_it_is()
        migrate(server)
        aside.submit(read_project, settings, server)
        filled.result()
        fill_registry(wanted["seed"])


def _fill_source(wanted: dict[str, int], fault_file: Path) -> None:
    """Let BNP2TKI's side be there: its server and its tables."""
    with closing(context.source_connection()) as connection:
        simulate(
            connection,
            tki=wanted["tki"],
            seed=wanted["seed"],
            readable=SimulatedPrints(),
            fault_file=fault_file,
        )


def _forget() -> None:
    server = context.posko_as_it_is()
    with closing(server.connect(server.admin)) as connection, connection.cursor() as cursor:
        for schema in SCHEMAS:
            cursor.execute(f"drop database if exists {schema}")
    # The audit log of the databases that are gone now; its checkpoints would accuse the new ones.
    shutil.rmtree(context.settings().var / "audit", ignore_errors=True)
    (context.settings().var / "log" / "audit.jsonl").unlink(missing_ok=True)
    for note in ("demo-played.json", "demo-planted.json"):
        (context.settings().var / note).unlink(missing_ok=True)


def fill_registry(seed: int) -> None:
    """Fill BNSP's own registers for the BLKLN and PPTKIS that the simulated source knows."""
    with closing(context.source_connection()) as connection, connection.cursor() as cursor:
        cursor.execute("select kode_blkln, nama, kota, kapasitas, berlaku_sampai from blkln order by kode_blkln")
        order = context.settings().source_date_format
        centres = [
            TrainingCentre(code, name, city, int(capacity), parse_date(until, order))
            for code, name, city, capacity, until in cursor.fetchall()
        ]
        cursor.execute("select nama_pptkis, no_siup, berlaku_sampai from pptkis order by nama_pptkis")
        companies = [
            PlacementCompany(name, license_no, parse_date(until, order))
            for name, license_no, until in cursor.fetchall()
        ]
    today = dt.datetime.now(dt.UTC).date()
    with context.app_engine().begin() as db:
        fill_demo_registry(db, seed=seed, today=today, centres=centres, companies=companies)
