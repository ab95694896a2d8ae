"""`posko run`: the whole pipeline, as the scheduler starts it without a click (§12.2)."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.logs import log_to
from apps.cli.onward import onward
from apps.cli.screen import number, progress, table
from apps.pipeline.run import Pipeline, Summary
from posko.domain.errors import PoskoError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.receive import Received
    from posko.services.office import Office


@click.command("run")
@click.option("--verify", is_flag=True, help="Bandingkan checksum seluruh baris dengan sumber.")
@click.option("--full", is_flag=True, help="Hitung ulang seluruh model, bukan hanya yang berubah.")
@click.option("--json", "as_json", is_flag=True, help="Ringkasan sebagai satu dokumen JSON di keluaran standar.")
def command(*, verify: bool, full: bool, as_json: bool) -> None:
    """Terima, periksa, saring, usulkan, cocokkan, periksa; lalu serahkan, tayangkan, kembalikan, baca jawabannya."""
    summary = run_pipeline(verify=verify, full=full, as_json=as_json)
    if as_json:
        click.echo(json.dumps(summary.as_dict(), ensure_ascii=False))
    else:
        show(summary)


def run_pipeline(
    *, verify: bool = False, full: bool = False, as_json: bool = False, office: Office | None = None
) -> Summary:
    """Run the pipeline with progress on standard error; on failure with `--json` the document is printed all the same.

    Args:
        verify: as `Pipeline.run`.
        full: as `Pipeline.run`.
        as_json: whether the summary is to be printed as JSON.
        office: whose clock counts for what is handed over; default the installation's.
    """
    settings = context.settings()
    log_to(settings.var / "log")
    with progress("Menarik TKI", quiet=as_json) as advance:
        pipeline = Pipeline(
            context.source(),
            context.posko(),
            settings,
            say=lambda text: click.echo(f"- {text} ...", err=True),
            progress=advance,
        )
        try:
            with onward(office) as after:
                return pipeline.run(verify=verify, full=full, onward=after)
        except PoskoError as error:
            if not as_json:
                raise
            click.echo(json.dumps(pipeline.summary.as_dict(), ensure_ascii=False))
            click.echo(f"posko: {error}", err=True)
            sys.exit(error.exit_code)


def hand_over_now(office: Office) -> Summary:
    """Do what goes on without a click, with its gates and without pulling first; `office` says whose clock counts."""
    pipeline = Pipeline(
        context.source(), context.posko(), context.settings(), say=lambda text: click.echo(f"- {text} ...", err=True)
    )
    with onward(office) as after:
        return pipeline.hand_over(after)


def show(summary: Summary) -> None:
    """Print the table of every stage, with the sums that must hold."""
    got = summary.received
    if got is None:
        return
    columns = ("tahap", "Pedoman", "TKI", "hitungan")
    table(
        f"Proses {summary.run_id}, batch {got.batch_id}", columns, list(stage_rows(got, summary.counts)), numeric=(2,)
    )
    if summary.onward:
        click.echo(handed_over(summary.onward))
    gates = ", ".join(f"{name}: {GATE_WORDS[outcome]}" for name, outcome in summary.gates.items())
    click.echo(f"Gerbang pemeriksaan: {gates}. Waktu: {sum(summary.seconds.values()):.1f} detik.")


def stage_rows(got: Received, counts: dict[str, int | None]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the lines of the table: each pair of parts with the whole that it must add up to."""
    changes = f"{number(got.inserted)} baru, {number(got.updated)} dikoreksi, {number(got.unchanged)} tetap"
    eligible, held_back = counts["eligible"], counts["held_back"]
    proposed, unplaced = counts["proposed"], counts["unplaced"]
    yield "diterima dari BNP2TKI", "§12.1-12.2", number(got.received), ""
    yield "  diketik", "", number(got.typed), changes
    sums = _adds(got.received, got.typed, got.quarantined, "diketik + dikarantina = diterima")
    yield "  dikarantina", "", number(got.quarantined), sums
    yield "disaring: layak", "§12.3-12.4", number(eligible), f"{number(counts['findings'])} temuan menyertai"
    yield (
        "  ditahan, dengan alasan",
        "",
        number(held_back),
        _adds(got.typed, eligible, held_back, "layak + ditahan = diketik"),
    )
    yield "diusulkan: TUK, LSP, tanggal", "§12.5-12.6", number(proposed), ""
    sums = _adds(eligible, proposed, unplaced, "diusulkan + belum tertampung = layak")
    yield "  belum tertampung, dengan alasan", "", number(unplaced), sums


_HANDED_OVER = {
    "sent": "TKI diserahkan ke Konsorsium",
    "forwarded": "paket diteruskan ke LSP dan TUK",
    "published": "hasil ditayangkan",
    "refreshed": "tayangan diperbarui",
    "returned": "hasil dicatat untuk BNP2TKI",
    "delivered": "tertulis di BNP2TKI",
    "confirmed": "dikonfirmasi",
    "rejected": "ditolak",
    "forged": "konfirmasi palsu",
    "closed": "tercatat kembali di sana",
    "different": "berbeda",
    "missing": "belum dimutakhirkan",
    "fakes": "nomor palsu",
    "findings_new": "temuan penyimpangan baru",
    "findings_gone": "temuan hilang",
    "cases_opened": "kasus dibuka",
    "rules_unjudged": "aturan tidak dapat dinilai",
}


def handed_over(counts: dict[str, int]) -> str:
    """Return what went on without a click in one line; what did not happen is left out."""
    told = [f"{number(counts[name])} {words}" for name, words in _HANDED_OVER.items() if counts.get(name)]
    return f"Tanpa klik: {', '.join(told) or 'tidak ada yang menunggu'}."


GATE_WORDS = {"passed": "lulus", "failed": "gagal", "could_not_run": "tidak dapat dijalankan"}


def _adds(whole: int | None, one: int | None, other: int | None, words: str) -> str:
    return f"✓ {words}" if whole == (one or 0) + (other or 0) else f"✗ {words} TIDAK BENAR"
