"""`posko print`: lists, statements, minutes and cards of the stations, by whoever may see them (§9.3, §13.5, §14.2)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apps.cli.finger_desk import finger_desk
from apps.cli.station_reader import reader_options
from exports.prints import cards_pdf, list_pdf, minutes_pdf, statement_pdf
from exports.prints_sheet import list_xlsx
from posko.domain.calendar import WIB
from posko.domain.errors import BadInput, ConfigurationError
from posko.services import print_lists, statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader
    from posko.services.office import Desk

LISTS = {
    "candidates": print_lists.candidates,
    "attendance": print_lists.attendance,
    "results": print_lists.results,
}
KINDS = (*LISTS, "statement", "minutes", "cards")


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
        made = make(fingers.signed_in(person_id), kind, asked, out.suffix)
    _write(out, made)
    click.echo(f"Ditulis: {out}")


def make(desk: Desk, kind: str, asked: Any, suffix: str = ".pdf") -> bytes:
    """Return one document as its person may see it.

    Raises:
        Refused: as the act of this kind.
        BadInput: there is no such kind.
    """
    with desk.office.engine.connect() as db:
        now = desk.office.clock(db) + WIB
    who = desk.by.person_id if desk.by else "posko"
    foot: dict[str, Any] = {
        "printed": f"Dicetak {who}, {now:%d-%m-%Y %H:%M} WIB",
        "made_on": dt.date(*now.timetuple()[:3]),
    }
    if kind in LISTS:
        found = desk.do(LISTS[kind], session_id=asked)
        return list_xlsx(kind, found) if suffix == ".xlsx" else list_pdf(kind, found, **foot)
    if kind == "statement":
        return statement_pdf(desk.do(statements.statement, statement_no=asked), **foot)
    if kind == "minutes":
        return minutes_pdf(desk.do(print_lists.minutes, meeting_id=asked), **foot)
    if kind == "cards":
        return cards_pdf(desk.do(print_lists.station_cards), **foot)
    raise BadInput(f"Tidak ada cetakan {kind}. Pilih: {', '.join(KINDS)}.")


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
