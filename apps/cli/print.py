"""`posko print`: lists, statements, minutes and cards of the stations, by whoever may see them (§9.3, §13.5, §14.2)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.finger_desk import finger_desk
from apps.cli.station_reader import reader_options
from apps.prints import KINDS, LISTS, make
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader


@click.command("print")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--session", "session_id", type=click.IntRange(min=1), help="Sesi uji, bagi daftar.")
@click.option("--statement", "statement_no", help="Nomor berita acara.")
@click.option("--meeting", "meeting_id", type=click.IntRange(min=1), help="Nomor rapat evaluasi.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Berkas .pdf; daftar juga .xlsx."
)
@reader_options
@click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
@click.option("--person", "person_id", required=True, help="Nomor identitas petugas yang mencetak.")
def command(
    *,
    kind: str,
    session_id: int | None,
    statement_no: str | None,
    meeting_id: int | None,
    out: Path,
    open_reader: Callable[[], Reader],
    station_code: str,
    person_id: str,
) -> None:
    """Cetak satu dokumen, setelah masuk dengan sidik jari; tiap cetakan dicatat."""
    asked = session_id if kind in LISTS else statement_no if kind == "statement" else meeting_id
    if asked is None and kind != "cards":
        raise click.UsageError("Sebut yang dicetak: --session, --statement, atau --meeting.")
    if out.suffix not in {".pdf", ".xlsx"} or (out.suffix == ".xlsx" and kind not in LISTS):
        raise click.UsageError("Berkas harus berakhiran .pdf; hanya daftar yang juga boleh .xlsx.")
    with finger_desk(open_reader, station_code) as fingers:
        made = make(fingers.signed_in(person_id), kind, asked, out.suffix, secrets=context.settings().secrets)
    _write(out, made)
    click.echo(f"Ditulis: {out}")


def _write(out: Path, made: bytes) -> None:
    """Write a file that only its owner reads: it names persons."""
    try:
        fresh = out.with_name(f".{out.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_bytes(made)
        fresh.replace(out)
    except OSError as error:
        raise ConfigurationError(f"Berkas {out} tidak dapat ditulis. Perbaiki foldernya, lalu ulangi.") from error
