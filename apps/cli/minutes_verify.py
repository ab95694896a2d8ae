"""`posko minutes verify`: whether minutes on paper or in a file are those that BNSP signed (§14.2; R-162).

With `--keys` nothing but the files given is read: that is how an outsider verifies. Without, POSKO's own keys and rows decide.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import place_here
from exports.certificate_keys import public_keys_in, read_public_keys
from exports.minutes_verify import Answer, verify_file, verify_text
from posko.domain.calendar import WIB
from posko.domain.errors import BadInput, Refused
from posko.services import minutes_check
from posko.services.office import Office

if TYPE_CHECKING:
    from exports.certificate_keys import PublicKeys
    from exports.minutes_claim import Claim

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WHY = {
    "UNREADABLE": "Teks ini bukan isi kode QR risalah POSKO.",
    "FOREIGN_KEY": "Ditandatangani dengan kunci yang bukan kunci BNSP.",
    "SIGNATURE": "Isi kode QR telah diubah: tanda tangannya tidak cocok.",
    "FILE_ALTERED": "Berkas ini bukan buatan POSKO, atau telah diubah.",
    "NO_CODE": "Tidak ada kode QR yang terbaca pada halaman pertama.",
    "MANY_CODES": "Ada lebih dari satu kode QR pada halaman pertama.",
    "OTHER_ROWS": "Tanda tangannya benar, tetapi risalah ini tidak cocok dengan yang tersimpan di POSKO.",
}
SCAN = "Bandingkan sidik di bawah dengan yang tercetak pada risalah."


@click.command("verify")
@click.option("--file", type=_FILE, help="Berkas PDF risalah, hasil pindaian, atau foto halaman pertamanya.")
@click.option("--qr", help="Teks kode QR; - membacanya dari masukan baku.")
@click.option("--keys", "keys_file", type=_FILE, help="Kunci publik (posko certificate keys): tanpa basis data.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, file: Path | None, qr: str | None, keys_file: Path | None, as_json: bool) -> None:
    """Periksa keaslian risalah; keluar dengan 0 hanya bila asli."""
    if (file is None) == (qr is None):
        raise click.UsageError("Sebut salah satu: --file atau --qr.")
    keys = public_keys_in(context.settings().secrets) if keys_file is None else read_public_keys(_text(keys_file))
    answer = _answer(file, qr, keys)
    if keys_file is None and answer.claim is not None:
        answer = _by_rows(answer, answer.claim)
    told = _told(answer)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(told)
    if answer.claim is None:
        sys.exit(1)


def _answer(file: Path | None, qr: str | None, keys: PublicKeys) -> Answer:
    if file is None:
        return verify_text(sys.stdin.read() if qr == "-" else qr or "", keys)
    try:
        return verify_file(file.read_bytes(), keys)
    except OSError as error:
        raise BadInput(f"Berkas {file} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error


def _by_rows(answer: Answer, claim: Claim) -> Answer:
    """Return the answer, or why it is none: what POSKO holds of the meeting says something else."""
    office = Office.of(context.settings(), context.app_engine())
    try:
        (row,) = office.desk(None, place=place_here()).do(minutes_check.check, meeting_id=claim.meeting_id)
    except Refused:
        return Answer(why="OTHER_ROWS")
    finally:
        office.close()
    is_same = (row["sha256"], row["scorecards_sha256"] or "") == (claim.minutes_sha256, claim.scorecards_sha256)
    return answer if is_same and row["is_intact"] else Answer(why="OTHER_ROWS")


def _told(answer: Answer) -> dict[str, Any]:
    claim = answer.claim
    if claim is None:
        return {"verdict": "UNKNOWN", "why": answer.why}
    return {
        "verdict": "GENUINE",
        "is_scan": answer.is_scan,
        "meeting_id": claim.meeting_id,
        "held_on": claim.held_on.isoformat(),
        "closed_at": f"{claim.closed_at.isoformat()}Z",
        "minutes_sha256": claim.minutes_sha256,
        "scorecards_sha256": claim.scorecards_sha256 or None,
        "closed_at_wib": f"{claim.closed_at + WIB:%d-%m-%Y %H:%M}",
    }


def _show(told: dict[str, Any]) -> None:
    if told["verdict"] == "UNKNOWN":
        click.echo(f"TIDAK DIKENAL\n  {WHY[told['why']]}")
        return
    click.echo("ASLI")
    if told["is_scan"]:
        click.echo(f"  {SCAN}")
    lines = {
        "Rapat": told["meeting_id"],
        "Tanggal": told["held_on"],
        "Ditutup (WIB)": told["closed_at_wib"],
        "SHA-256 risalah": told["minutes_sha256"],
        "SHA-256 kartu": told["scorecards_sha256"] or "-",
    }
    for name, value in lines.items():
        click.echo(f"  {name:16} {value}")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error
