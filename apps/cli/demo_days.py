"""The demo's exam days: the flow of §12.3-14.5 played through the services after the pipeline, with a clock of its own."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.run import hand_over_now, run_pipeline
from apps.cli.screen import number, table
from apps.demo.again import book_again
from apps.demo.cast import Cast
from apps.demo.fates import Fates
from apps.demo.finish import finish
from apps.demo.frauds import HEADINGS as FRAUD_HEADINGS
from apps.demo.frauds import Frauds, treat
from apps.demo.frauds import rows_of as fraud_rows
from apps.demo.hands import SyntheticHands
from apps.demo.play import Play
from apps.demo.summary import HEADINGS, rows_of
from apps.deviation_run import run_rules
from apps.pipeline.dbt import refresh_evaluation
from apps.simulated_prints import owners_in
from biometrics.import_prints import import_prints
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from ingest.simulator_results import Manners, acknowledge
from posko.services import findings, ledger

if TYPE_CHECKING:
    from pathlib import Path

    from posko.services.office import Office

ANSWERS = Manners(seed=1, late=0.02, rejected=0.01, partial=0.01, forged=1)
"""What BNP2TKI does wrong with the results of the demo; `demo-answers.jsonl` says with whose."""
COMPARED = (
    "select outcome, count(*) as n from posko.finger_attempt where outcome in ('MATCH', 'NO_MATCH', 'POOR_QUALITY')"
    " group by outcome"
)


def play_days(days: int, seed: int, people: int) -> None:
    """Play the next exam days to the end and print where everybody stands; a second call plays on from there."""
    note = context.settings().var / "demo-played.json"
    play = _play(note, seed)
    # Nobody is compared with BNP2TKI's prints before the first exam day.
    with ThreadPoolExecutor(1) as aside:
        taken = aside.submit(_take_prints, play.cast.office)
        play.prepare(days=days, people=people)
    taken.result()
    for day in play.exam_days()[:days]:
        play.exam_day(day)
    has_results = bool(play.exam_days() or play.counts["sessions"])
    is_evaluated = has_results and _evaluate_and_return(play)
    # What was noted behind the last run of the rules, such as a forged number, has its case at once.
    play.cast.system.do(findings.gather_noted)
    finished = finish(play, context.settings())
    note.write_text(json.dumps({"played_until": play.cast.clock.now.isoformat()}), "utf-8")
    play.cast.office.close()
    if not is_evaluated:
        click.echo("- Tabel evaluasi menyusul hari uji", err=True)
        refresh_evaluation(context.settings(), context.posko())
    _show(play)
    for what, where in finished.lines():
        click.echo(f"  {what}: {where}")


def _play(note: Path, seed: int) -> Play:
    settings = context.settings()
    start = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    if note.exists():
        start = max(start, dt.datetime.fromisoformat(json.loads(note.read_text("utf-8"))["played_until"]))
    owners = owners_in(settings.var / "demo-faults.jsonl")
    hands = partial(SyntheticHands, settings=settings, owners=owners)
    cast = Cast.of(settings, context.app_engine(), hands, start)
    return Play(cast, Fates(seed), say=lambda text: click.echo(f"- Hari uji {text}", err=True), frauds=Frauds())


def _take_prints(office: Office) -> None:
    """Make BNP2TKI's prints the templates that candidates are compared with."""
    settings = context.settings()
    done = import_prints(office, Vault.of(settings), NbisMatcher(), settings)
    if done.sets:
        refused = f", {done.records_refused} rekaman ditolak" if done.records_refused else ""
        click.echo(f"- Sidik jari BNP2TKI menjadi templat: {number(done.sets)} TKI{refused}", err=True)


def _evaluate_and_return(play: Play) -> bool:
    """Hold the meeting; the rest goes on without a click: publish, return, and read back what BNP2TKI recorded of it.

    Returns:
        Whether the pipeline ran behind the results, and with it the tables of the evaluation.
    """
    click.echo("- Aturan penyimpangan dinilai; BNSP menelaah sebagian kasusnya", err=True)
    run_rules(play.cast.office, context.posko(), lease_seconds=context.settings().lease_seconds)
    treat(play)
    play.hold_meeting(play.today() + dt.timedelta(days=1))
    done = hand_over_now(play.cast.office).onward
    play.counts.update(done)
    if done.get("delivered"):
        with closing(context.source_connection()) as source:
            acknowledge(source, ANSWERS, fault_file=context.settings().var / "demo-answers.jsonl")
        click.echo("- BNP2TKI mencatat hasil; pipeline menariknya kembali", err=True)
        play.counts.update(run_pipeline(office=play.cast.office).onward)
    book_again(play)
    return bool(done.get("delivered"))


def _show(play: Play) -> None:
    table("Perjalanan TKI sesudah hari uji yang dimainkan", HEADINGS, list(rows_of(play.by_status())), numeric=(1,))
    counts = play.counts
    passed, failed = counts["certified"], counts["not_passed"]
    click.echo(
        f"{number(counts['sessions'])} sesi: {number(passed)} kompeten bersertifikat, {number(failed)} belum kompeten,"
        f" {number(counts['held'])} ditahan, {number(counts['closed'])} tercatat kembali di BNP2TKI."
    )
    compared = {row["outcome"]: int(row["n"]) for row in play.ask(COMPARED)}
    click.echo(
        f"Sidik jari: {number(sum(compared.values()))} dibandingkan sungguh-sungguh, {number(compared.get('MATCH', 0))} cocok,"
        f" {number(compared.get('NO_MATCH', 0))} tidak cocok. Jarinya tiruan; angka ini bukan ketelitian di lapangan."
    )
    found = list(fraud_rows(play, context.settings().var))
    table("Kecurangan yang ditanam, dan yang ditemukan", FRAUD_HEADINGS, found, numeric=(1, 2))
    click.echo("  rinciannya: ./run deviations explain NOMOR")
    with context.reading() as db:
        report = ledger.check(db)
    problems, unexplained = len(report.problems), report.totals.unexplained
    mark = "✓" if report.is_clean else "✗"
    click.echo(f"{mark} Buku serah terima: {problems} selisih, {unexplained} TKI tanpa keterangan (./run ledger check)")
