"""`posko certificate print`: certificates as PDF, in files of 200 pages, each copy counted on its blank (§13.12; R-138)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.certificate_batch import print_batch, set_again
from apps.cli import context
from apps.cli.finger_desk import finger_desk
from apps.cli.screen import number, progress
from apps.cli.station_reader import reader_options
from posko.domain.errors import BadInput, ConfigurationError
from posko.services import print_certificates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apps.certificate_batch import Part
    from biometrics.types import Reader
    from posko.services.office import Desk


@click.command("print")
@reader_options
@click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
@click.option("--person", "person_id", required=True, help="Nomor identitas petugas LSP yang mencetak.")
@click.option(
    "--number", "numbers", multiple=True, help="Nomor sertifikat; boleh berulang. Tanpa ini: yang belum dicetak."
)
@click.option("--session", "session_id", type=click.IntRange(min=1), help="Hanya yang belum dicetak dari sesi ini.")
@click.option("--blank", help="Nomor blangko pertama; berikutnya berurutan.")
@click.option("--reason", help="Alasan, wajib untuk cetak ulang.")
@click.option("--again", is_flag=True, help="Susun lagi cetakan Anda hari ini tanpa menghitung lembar baru.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder berkas PDF.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(
    *,
    open_reader: Callable[[], Reader],
    station_code: str,
    person_id: str,
    numbers: tuple[str, ...],
    session_id: int | None,
    blank: str | None,
    reason: str | None,
    again: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Cetak sertifikat LSP sendiri, setelah masuk dengan sidik jari."""
    if again == (blank is not None):
        raise click.UsageError("Sebut salah satu: --blank NOMOR, atau --again.")
    with finger_desk(open_reader, station_code) as fingers:
        desk = fingers.signed_in(person_id)
        lsp = _lsp_of(desk)
        wanted = list(numbers) or _wanted(desk, lsp, session_id, again=again)
        with progress("Mencetak sertifikat", total=len(wanted), quiet=as_json) as told:
            settings = context.settings()
            parts: Iterable[Part] = (
                set_again(desk, settings, lsp_code=lsp, numbers=wanted)
                if again
                else print_batch(
                    desk, settings, lsp_code=lsp, numbers=wanted, first_blank=blank or "", reason=reason, told=told
                )
            )
            files = [_write(folder, part) for part in parts]
    if as_json:
        click.echo(json.dumps({"certificates": len(wanted), "files": [str(path) for path in files]}))
        return
    click.echo(f"{number(len(wanted))} sertifikat dalam {number(len(files))} berkas.")
    for path in files:
        click.echo(f"  {path}")


def _lsp_of(desk: Desk) -> str:
    if desk.by is None or desk.by.lsp_code is None:
        raise BadInput("Sertifikat dicetak oleh Administrator LSP. Masuk dengan nomor identitasnya.")
    return desk.by.lsp_code


def _wanted(desk: Desk, lsp: str, session_id: int | None, *, again: bool) -> list[str]:
    if again:
        return desk.do(print_certificates.counted_today, lsp_code=lsp)
    return desk.do(print_certificates.unprinted, lsp_code=lsp, session_id=session_id)


def _write(folder: Path, part: Part) -> Path:
    """Write one file, readable by its owner only: it holds names and secure codes."""
    path = folder / f"sertifikat-{part.numbers[0]}-{part.numbers[-1]}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_bytes(part.pdf)
        fresh.replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"Berkas {path} tidak dapat ditulis. Perbaiki foldernya, lalu ulangi dengan --again."
        ) from error
    return path
