"""The demo's exam days: the flow of §12.3-14.5 played through the services after the pipeline, with a clock of its own."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.run import hand_over_now, run_pipeline
from apps.cli.screen import number, table
from apps.demo import found
from apps.demo.again import book_again
from apps.demo.cast import Cast
from apps.demo.fates import Fates
from apps.demo.finish import auditors_pack, finish
from apps.demo.frauds import Frauds, treat
from apps.demo.hands import SyntheticHands
from apps.demo.play import Play
from apps.demo.summary import HEADINGS, rows_of
from apps.demo.visits import Visits
from apps.deviation_run import run_rules
from apps.operator import demo_clock
from apps.pipeline.dbt import refresh_evaluation
from apps.simulated_prints import owners_in
from biometrics.import_prints import import_prints
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from ingest.simulator_results import Manners, acknowledge
from posko.domain.calendar import local_day
from posko.services import findings, holds, ledger, sealing
from posko.services.sealing import Keeper

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
    note, began = context.settings().var / demo_clock.NOTE, dt.datetime.now(dt.UTC)
    play = _play(note, seed)
    # Nobody is compared with BNP2TKI's prints before the first exam day.
    with ThreadPoolExecutor(1) as aside:
        taken = aside.submit(_take_prints, play.cast.office)
        play.prepare(days=days, people=people)
    taken.result()
    visits = Visits(play)
    for day in play.exam_days()[:days]:
        visits.draw(day)
        play.exam_day(day)
        visits.visit(day)
    seeds = visits.reveal()
    has_results = bool(play.exam_days() or play.counts["sessions"])
    is_evaluated = has_results and _evaluate_and_return(play)
    # What was noted behind the last run of the rules, such as a forged number, has its case at once.
    play.cast.system.do(findings.gather_noted)
    finished = finish(play, context.settings())
    note.write_text(json.dumps({"played_until": play.cast.clock.now.isoformat()}), "utf-8")
    if not is_evaluated:
        click.echo("- Tabel evaluasi menyusul hari uji", err=True)
        refresh_evaluation(context.settings(), context.posko())
    _show(play)
    for line in seeds:
        click.echo(line)
    _show_frauds(play)
    seal_log()
    pack = auditors_pack(play, context.settings(), context.posko(), since=local_day(began.replace(tzinfo=None)))
    for what, where in (*finished.lines(), *pack):
        click.echo(f"  {what}: {where}")
    play.cast.office.close()


def seal_log() -> None:
    """Seal what was done, as the timer does in production: an event is proven only then."""
    settings = context.settings()
    done = sealing.seal(context.posko(), Keeper.of(settings), lease_seconds=settings.lease_seconds)
    click.echo(f"✓ Log audit: {number(done.size)} peristiwa bersegel, {number(done.sealed)} di antaranya baru")


def _play(note: Path, seed: int) -> Play:
    settings = context.settings()
    # Of an earlier play; what was forged in it stands in the file of what was planted.
    (settings.var / found.ANSWERS).unlink(missing_ok=True)
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
            acknowledge(source, ANSWERS, fault_file=context.settings().var / found.ANSWERS)
        click.echo("- BNP2TKI mencatat hasil; pipeline menariknya kembali", err=True)
        play.counts.update(run_pipeline(office=play.cast.office).onward)
    book_again(play)
    return bool(done.get("delivered"))


def _show(play: Play) -> None:
    by_status, counts = play.by_status(), play.counts
    table("Perjalanan TKI sesudah hari uji yang dimainkan", HEADINGS, list(rows_of(by_status)), numeric=(1,))
    with context.reading() as db:
        waiting = play.ask("select journey_id from posko.journey where status = 'ON_HOLD'")
        in_cases = len(holds.held_by_case(db, [int(row["journey_id"]) for row in waiting]))
        report = ledger.check(db)
    click.echo(
        f"{number(counts['sessions'])} sesi: {number(counts['certified'])} kompeten bersertifikat,"
        f" {number(counts['not_passed'])} belum kompeten; {number(counts['closed'])} tercatat kembali di BNP2TKI."
    )
    click.echo(
        f"Hasil yang ditahan: {number(len(waiting))}, {number(in_cases)} di antaranya sampai kasus penyimpangannya ditutup."
    )
    compared = {row["outcome"]: int(row["n"]) for row in play.ask(COMPARED)}
    click.echo(
        f"Sidik jari: {number(sum(compared.values()))} dibandingkan sungguh-sungguh, {number(compared.get('MATCH', 0))} cocok,"
        f" {number(compared.get('NO_MATCH', 0))} tidak cocok. Jarinya tiruan; angka ini bukan ketelitian di lapangan."
    )
    problems, unexplained = len(report.problems), report.totals.unexplained
    mark = "✓" if report.is_clean else "✗"
    click.echo(f"{mark} Buku serah terima: {problems} selisih, {unexplained} TKI tanpa keterangan (./run ledger check)")


def _show_frauds(play: Play) -> None:
    """Print what was planted in this play and the earlier ones, and what became of it."""
    folder = context.settings().var
    note = folder / "demo-planted.json"
    before = [found.Planted(*one) for one in json.loads(note.read_text("utf-8"))] if note.exists() else []
    planted = found.planted_by(play, folder, before)
    note.write_text(json.dumps([astuple(one) for one in found.kept(planted, folder)]), "utf-8")
    seen = found.outcome(play, planted)
    table("Kecurangan yang ditanam, dan yang ditemukan", found.HEADINGS, seen.rows, numeric=(2, 3))
    for line in seen.lines():
        click.echo(line)
    click.echo("  Rinciannya: ./run deviations explain NOMOR")
