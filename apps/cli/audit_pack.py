"""`posko audit pack` and `verify-pack`: what an external auditor takes away, and how it is checked without us (§5.7; R-025)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.audit_pack import make
from apps.cli import context
from apps.cli.officer import officer_options
from apps.cli.screen import number, progress
from exports.audit_pack_verify import verify
from exports.certificate_keys import PublicKeys, read_public_keys
from posko.domain.errors import BadInput
from posko.services.audit_notes import LOG_SIGNATURE, PublicKey, read_key, read_note

if TYPE_CHECKING:
    import datetime as dt

    from apps.cli.officer import SignIn
    from exports.audit_pack_findings import Verdict

SHOWN = 40
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")


@click.command("pack")
@click.option("--from", "first", type=_DAY, required=True, help="Hari pertama (WIB), misalnya 2026-03-01.")
@click.option("--to", "last", type=_DAY, required=True, help="Hari terakhir (WIB), ikut dihitung.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Berkas paket.")
@click.option(
    "--checkpoint", "notes", multiple=True, type=_FILE, help="Checkpoint yang dipegang auditor; boleh berulang."
)
@officer_options
@_JSON
def pack(
    *, first: dt.datetime, last: dt.datetime, out: Path, notes: tuple[Path, ...], sign_in: SignIn, as_json: bool
) -> None:
    """Buat paket auditor satu masa: log dengan buktinya, buku serah terima, aturan, penyimpangan, kasus, gerbang, risalah."""
    held = [read_note(_text(note)) for note in notes]
    with sign_in() as desk, progress("baris", quiet=as_json) as told:
        secrets = context.settings().secrets
        days = {"first": first.date(), "last": last.date()}
        made = make(desk, context.posko(), secrets, **days, path=out, held=held, told=told)
    if as_json:
        click.echo(json.dumps({"file": str(out), **asdict(made)}))
        return
    click.echo(f"{out}: {number(made.events)} peristiwa, {number(made.rows)} baris, {number(made.bytes)} byte.")
    click.echo(f"SHA-256 {made.sha256}")


@click.command("verify-pack")
@click.argument("file", type=_FILE)
@click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    type=_FILE,
    help="Kunci publik dari tempat terbitnya: kunci BNSP (posko certificate keys) dan log.vkey; --key dua kali.",
)
@click.option("--checkpoint", "notes", multiple=True, type=_FILE, help="Checkpoint milik Anda (.note); boleh berulang.")
@click.option(
    "--witness", "witnesses", multiple=True, type=_FILE, help="Kunci publik saksi yang wajib ikut menandatangani."
)
@_JSON
def verify_pack(
    *, file: Path, keys: tuple[Path, ...], notes: tuple[Path, ...], witnesses: tuple[Path, ...], as_json: bool
) -> None:
    """Periksa paket auditor dari berkasnya saja, tanpa server dan tanpa setelan."""
    ring, log_key = _keys(keys)
    held = [read_note(_text(note)) for note in notes]
    with file.open("rb") as opened:
        verdict = verify(
            opened, keys=ring, log_key=log_key, held=held, witnesses=[read_key(_text(key)) for key in witnesses]
        )
    _show(verdict, as_json=as_json)
    if not verdict.is_clean:
        sys.exit(1)


def _keys(files: tuple[Path, ...]) -> tuple[PublicKeys, PublicKey]:
    """Return BNSP's keys and the key of the log among these files.

    Raises:
        BadInput: one of the two kinds is missing, or the key of the log was given twice.
    """
    ring: dict[bytes, bytes] = {}
    logs: list[PublicKey] = []
    for file in files:
        text = _text(file)
        if text.lstrip().startswith("{"):
            ring |= read_public_keys(text).by_id
        else:
            logs.append(read_key(text))
    if not ring or len(logs) != 1 or logs[0].kind != LOG_SIGNATURE:
        raise BadInput("Berikan dua macam kunci: --key kunci BNSP (JSON) dan --key log.vkey, satu kunci log saja.")
    return PublicKeys(ring), logs[0]


def _show(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(verdict.as_dict(), ensure_ascii=False))
        return
    if verdict.first:
        click.echo(f"Paket {verdict.first} sampai {verdict.last}.")
    for finding in verdict.findings[:SHOWN]:
        click.echo(finding.text)
    rest = len(verdict.findings) - SHOWN
    if rest > 0:
        click.echo(f"... dan {number(rest)} temuan lain; lihat --json.")
    if not verdict.is_clean:
        click.echo(f"{number(len(verdict.findings))} temuan: paket ini TIDAK boleh dipercaya.")
        return
    click.echo(f"{number(verdict.events)} peristiwa, {number(verdict.checkpoints)} checkpoint di dalamnya.")
    click.echo(f"{number(verdict.proven)} peristiwa dibuktikan oleh checkpoint milik Anda.")
    if verdict.proven < verdict.events:
        click.echo(f"{number(verdict.events - verdict.proven)} sesudahnya hanya ditandatangani BNSP sendiri.")
    for name, count in verdict.counts.items():
        if name not in {"event", "checkpoint"}:
            click.echo(f"  {name:24} {number(count):>12}")
    click.echo("Tidak ada temuan.")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error
