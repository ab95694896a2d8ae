"""`posko certificate verify`: from the text of a QR code, from a PDF, or from number and secure code (§14.3; R-166, R-186).

With `--keys` nothing but the files given is read: that is how an outsider verifies. Without, POSKO's own keys and rows decide.
The verdict is printed before anything about the holder; the exit code is 0 for a valid certificate alone.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import place_here
from exports.certificate_keys import public_keys_in, read_public_keys
from exports.certificate_status import read as read_status
from exports.certificate_verify import Answer, Verdict, verify_file, verify_text
from posko.domain.calendar import local_day
from posko.domain.errors import BadInput
from posko.domain.roles import Principal, Role
from posko.services import verification
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.certificate_claim import Claim
    from exports.certificate_keys import PublicKeys
    from exports.certificate_status import StatusList
    from posko.services.office import Desk

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WORDS = {
    Verdict.VALID: "SAH",
    Verdict.EXPIRED: "ASLI, MASA BERLAKU HABIS",
    Verdict.SUSPENDED: "ASLI, SEDANG DITANGGUHKAN",
    Verdict.REVOKED: "SUDAH DICABUT",
    Verdict.UNCHECKED: "ASLI, STATUS BELUM DIPERIKSA",
    Verdict.UNKNOWN: "TIDAK DIKENAL",
}
WHY = {
    "UNREADABLE": "Teks ini bukan isi kode QR sertifikat POSKO.",
    "FOREIGN_KEY": "Ditandatangani dengan kunci yang bukan kunci BNSP.",
    "SIGNATURE": "Isi kode QR telah diubah: tanda tangannya tidak cocok.",
    "FILE_ALTERED": "Berkas ini bukan buatan POSKO, atau telah diubah.",
    "NO_CODE": "Tidak ada kode QR yang terbaca pada halaman ini.",
    "MANY_CODES": "Ada lebih dari satu kode QR pada halaman ini.",
    "NO_ROW": "POSKO tidak mempunyai sertifikat seperti ini.",
}
SCAN = "Berkas ini hasil pindaian atau foto: bandingkan setiap data di bawah dengan yang tercetak."


@click.command("verify")
@click.option("--qr", help="Teks kode QR; - membacanya dari masukan baku.")
@click.option("--file", type=_FILE, help="Berkas PDF sertifikat, hasil pindaian, atau fotonya (JPG, PNG).")
@click.option("--number", help="Nomor sertifikat, bersama --code.")
@click.option("--code", help="Secure code, bersama --number.")
@click.option("--keys", "keys_file", type=_FILE, help="Kunci publik (posko certificate keys): tanpa basis data.")
@click.option(
    "--status", "status_file", type=_FILE, help="Daftar status (posko certificate status-list), bersama --keys."
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(
    *,
    qr: str | None,
    file: Path | None,
    number: str | None,
    code: str | None,
    keys_file: Path | None,
    status_file: Path | None,
    as_json: bool,
) -> None:
    """Periksa keaslian; keluar dengan 0 hanya bila sertifikat sah."""
    _check_options(qr, file, number, code, keys_file, status_file)
    if number is not None:
        told = [_by_code(number, code or "")]
    elif keys_file is not None:
        keys = read_public_keys(_text(keys_file))
        status = read_status(_text(status_file), keys) if status_file else None
        today = local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None))
        told = [_told(answer) for answer in _answers(qr, file, keys, today, status)]
    else:
        told = _by_rows(qr, file)
    _show(told, as_json=as_json)
    if any(one["verdict"] != Verdict.VALID for one in told):
        sys.exit(1)


def _check_options(
    qr: str | None, file: Path | None, number: str | None, code: str | None, keys: Path | None, status: Path | None
) -> None:
    if sum(value is not None for value in (qr, file, number)) != 1:
        raise click.UsageError("Sebut salah satu: --qr, --file, atau --number bersama --code.")
    if (number is None) != (code is None):
        raise click.UsageError("--number dan --code hanya berlaku bersama.")
    if number is not None and keys is not None:
        raise click.UsageError("--keys tidak berlaku bersama --number: secure code hanya diperiksa pada basis data.")
    if status is not None and keys is None:
        raise click.UsageError("--status hanya berlaku bersama --keys.")


def _answers(
    qr: str | None, file: Path | None, keys: PublicKeys, today: dt.date, status: StatusList | None = None
) -> list[Answer]:
    if file is not None:
        return verify_file(_bytes(file), keys, today=today, status=status)
    text = sys.stdin.read() if qr == "-" else qr or ""
    return [verify_text(text, keys, today=today, status=status)]


@contextmanager
def _public_desk() -> Iterator[Desk]:
    """Give the desk of the public, as verifying needs no role, and end this process's part of the log behind it."""
    office = Office.of(context.settings(), context.app_engine())
    try:
        yield office.desk(Principal(Role.PUBLIC), place=place_here())
    finally:
        office.close()


def _by_code(number: str, code: str) -> dict[str, Any]:
    with _public_desk() as desk:
        found = desk.do(verification.verify, certificate_no=number, secure_code=code)
    return found if found["verdict"] != Verdict.UNKNOWN else {**found, "why": "NO_ROW"}


def _by_rows(qr: str | None, file: Path | None) -> list[dict[str, Any]]:
    """Return what POSKO's own rows say of each genuine code."""
    keys = public_keys_in(context.settings().secrets)
    with _public_desk() as desk:
        with desk.office.engine.connect() as db:
            today = local_day(desk.office.clock(db))
        return [_of_rows(desk, answer) for answer in _answers(qr, file, keys, today)]


def _of_rows(desk: Desk, answer: Answer) -> dict[str, Any]:
    if answer.claim is None:
        return _told(answer)
    found = desk.do(
        verification.verify_signed,
        certificate_no=answer.claim.certificate_no,
        tki_id=answer.claim.tki_id,
        lsp_code=answer.claim.lsp_code,
        certified_on=answer.claim.certified_on.isoformat(),
        valid_until=answer.claim.valid_until.isoformat(),
    )
    verdict = Verdict(found["verdict"])
    if verdict is Verdict.UNKNOWN:
        return _told(replace(answer, verdict=verdict, why="NO_ROW", claim=None))
    return _told(replace(answer, verdict=verdict))


def _told(answer: Answer) -> dict[str, Any]:
    """Return an answer as it is shown: the verdict first."""
    told: dict[str, Any] = {"verdict": answer.verdict.value}
    if answer.page is not None:
        told["page"] = answer.page
    if answer.why is not None:
        told["why"] = answer.why
    if answer.is_scan and answer.claim is not None:
        told["is_scan"] = True
    return told | ({} if answer.claim is None else _of_claim(answer.claim))


def _of_claim(claim: Claim) -> dict[str, str]:
    return {
        "certificate_no": claim.certificate_no,
        "tki_id": claim.tki_id,
        "full_name": claim.full_name,
        "scheme_code": claim.scheme_code,
        "lsp_code": claim.lsp_code,
        "certified_on": claim.certified_on.isoformat(),
        "valid_until": claim.valid_until.isoformat(),
    }


def _show(told: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        page = f"Halaman {one['page']}: " if "page" in one else ""
        click.echo(page + WORDS[Verdict(one["verdict"])])
        if "why" in one:
            click.echo(f"  {WHY[one['why']]}")
        if "is_scan" in one:
            click.echo(f"  {SCAN}")
        for name, value in one.items():
            if name not in {"verdict", "page", "why", "is_scan"}:
                click.echo(f"  {LABELS.get(name, name):16} {_plain(str(value))}")


LABELS = {
    "certificate_no": "No Sertifikat",
    "tki_id": "ID TKI",
    "full_name": "Nama",
    "masked_name": "Nama",
    "scheme_code": "Skema",
    "lsp_code": "LSP",
    "lsp_name": "LSP",
    "certified_on": "Tanggal",
    "valid_until": "Berlaku sampai",
}


def _plain(text: str) -> str:
    """Return a text without what could move the cursor of a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error
