"""`posko audit`: seal, verify, prove and export the audit log (§5.3, §5.7, R-021, R-025, R-181; 1.6)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import log_act, place_here
from apps.cli.audit_pack import pack, verify_pack
from apps.cli.screen import number
from posko.db.audit import MAC_KEY
from posko.db.audit_file import LOG_NAME, lines_of
from posko.db.secrets import read_or_make_key
from posko.domain.errors import BadInput
from posko.services import audit_export, log_check, sealing
from posko.services.audit_notes import PublicKey, public_key, read_key, read_note
from posko.services.audit_verify import Verdict, verify_records
from posko.services.office import Office
from posko.services.sealing import Keeper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.audit_notes import Checkpoint

SHOWN = 20
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")


@click.group("audit")
def command() -> None:
    """Segel, verifikasi, buktikan, dan ekspor log audit."""


command.add_command(pack)
command.add_command(verify_pack)


@command.command("seal")
@_JSON
def seal(*, as_json: bool) -> None:
    """Segel peristiwa yang menunggu dan tandatangani satu checkpoint."""
    settings = context.settings()
    done = sealing.seal(context.posko(), Keeper.of(settings), lease_seconds=settings.lease_seconds)
    if as_json:
        figures = {"size": done.size, "sealed": done.sealed, "waiting": done.waiting, "gaps": done.gaps}
        click.echo(json.dumps({**figures, "root": done.root.hex(), "note": done.note}))
    else:
        click.echo(f"{number(done.sealed)} peristiwa disegel; log berisi {number(done.size)}. Akar {done.root.hex()}.")
        if done.waiting:
            click.echo(f"{number(done.waiting)} menunggu peristiwa sebelumnya, atau peristiwanya sudah tidak ada.")
        for gap in done.gaps[:SHOWN]:
            click.echo(f"Hilang sebelum disegel: {gap}.")
    if done.gaps:
        sys.exit(1)


@command.command("verify")
@click.option("--from", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder ekspor.")
@click.option(
    "--checkpoint", "notes", multiple=True, type=_FILE, help="Checkpoint yang pernah diterbitkan; boleh berulang."
)
@click.option("--log-key", type=_FILE, help="Kunci publik log (log.vkey), dari tempat terbitnya.")
@click.option("--mac-key", type=_FILE, help="Kunci MAC, bagi pemegangnya.")
@click.option(
    "--witness", "witnesses", multiple=True, type=_FILE, help="Kunci publik saksi yang wajib ikut menandatangani."
)
@click.option("--proof", type=_FILE, help="Periksa satu bukti dari posko audit prove saja.")
@_JSON
def verify(
    *,
    folder: Path | None,
    notes: tuple[Path, ...],
    log_key: Path | None,
    mac_key: Path | None,
    witnesses: tuple[Path, ...],
    proof: Path | None,
    as_json: bool,
) -> None:
    """Verifikasi log: dari basis data, atau dengan --from atau --proof dari berkas saja, tanpa basis data."""
    checkpoints = [read_note(_text(path)) for path in notes]
    if proof:
        _show_proof(proof, _key(log_key), as_json=as_json)
        return
    if folder:
        keys = [read_key(_text(path)) for path in witnesses]
        mac = read_or_make_key(mac_key) if mac_key else None
        lines = lines_of(folder / audit_export.EVENTS)
        verdict = verify_records(lines, checkpoints, _key(log_key), mac_key=mac, witnesses=keys)
    else:
        if witnesses:
            raise BadInput("--witness hanya berlaku bersama --from. Ekspor dahulu: posko audit export FOLDER.")
        verdict = _verify_database(checkpoints, mac_key, log_key)
        if not (notes or mac_key or log_key):
            # Foreign keys and checkpoints would accuse a log that is sound.
            _note(verdict)
    _show(verdict, as_json=as_json)


@command.command("prove")
@click.option("--event", type=click.IntRange(min=0), help="Tempat peristiwa di log: bukti bahwa ia ada.")
@click.option("--since", type=click.IntRange(min=1), help="Checkpoint lama: bukti bahwa log hanya bertambah.")
@click.option("--size", type=click.IntRange(min=1), help="Checkpoint yang dituju; tanpa ini yang terbaru.")
def prove(*, event: int | None, since: int | None, size: int | None) -> None:
    """Cetak satu bukti (JSON) yang dapat diperiksa siapa pun dengan kunci publik log."""
    if (event is None) == (since is None):
        raise BadInput("Sebut salah satu: --event N atau --since UKURAN.")
    if event is not None:
        document = audit_export.prove_inclusion(context.posko(), event, size)
    else:
        document = audit_export.prove_consistency(context.posko(), since or 0, size)
    click.echo(json.dumps(document, ensure_ascii=False))


@command.command("witness")
@click.argument("note", type=_FILE)
@click.option("--key", "witness", type=_FILE, required=True, help="Kunci publik saksi.")
def add_witness(*, note: Path, witness: Path) -> None:
    """Simpan tanda tangan saksi pada checkpoint NOTE; ikut dalam ekspor berikutnya."""
    key = read_key(_text(witness))
    at = audit_export.add_cosignatures(context.posko(), _text(note), key)
    moment = dt.datetime.fromtimestamp(at, dt.UTC)
    with context.app_connection() as db:
        log_act(db, "audit.witness", "audit_checkpoint", key.name[:120], {"signed_at": moment.isoformat()})
        db.commit()
    click.echo(f"Tanda tangan {key.name} dari {moment:%Y-%m-%d %H:%M} UTC disimpan.")


@command.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_JSON
def export(*, folder: Path, as_json: bool) -> None:
    """Tulis semua peristiwa tersegel dan checkpoint ke FOLDER."""
    events = audit_export.export(context.posko(), Keeper.of(context.settings()), folder)
    click.echo(json.dumps({"events": events}) if as_json else f"{number(events)} peristiwa diekspor ke {folder}.")


def _verify_database(checkpoints: Sequence[Checkpoint], mac_key: Path | None, log_key: Path | None) -> Verdict:
    settings = context.settings()
    server, keeper = context.posko(), Keeper.of(settings)
    own = settings.secrets / MAC_KEY
    mac_file = mac_key or (own if own.exists() else None)
    mac = read_or_make_key(mac_file) if mac_file else None
    kept = [read_note(_text(path)) for path in keeper.notes()]
    key = _key(log_key) if log_key else public_key(keeper.private)
    verdict = audit_export.verify_tables(server, [*kept, *checkpoints], key, mac_key=mac)
    log_file = settings.var / "log" / LOG_NAME
    if log_file.exists():
        audit_export.compare_log_file(server, log_file, verdict)
    return verdict


def _note(verdict: Verdict) -> None:
    """Let what is wrong with our own log stand in the register (DV-X05)."""
    if verdict.is_clean:
        return
    office = Office.of(context.settings(), context.app_engine())
    try:
        office.desk(None, place=place_here()).do(log_check.note_findings, verdict=verdict)
    finally:
        office.close()


def _show(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(verdict.as_dict(), ensure_ascii=False))
    else:
        click.echo(f"{number(verdict.size)} peristiwa; {number(verdict.verified)} dibuktikan oleh checkpoint.")
        if verdict.size > verdict.verified:
            click.echo(f"{number(verdict.size - verdict.verified)} tidak dibuktikan oleh checkpoint yang diberikan.")
        if verdict.unsealed:
            click.echo(f"{number(verdict.unsealed)} belum disegel.")
        click.echo("MAC diperiksa." if verdict.macs_checked else "MAC tidak diperiksa: kuncinya tidak diberikan.")
        click.echo(f"{number(verdict.open_tails)} penulis tanpa penutup: ekornya tidak dicatat penulis lain.")
        for finding in verdict.findings[:SHOWN]:
            click.echo(finding.text)
        rest = len(verdict.findings) - SHOWN
        if rest > 0:
            click.echo(f"... dan {number(rest)} temuan lain; lihat --json.")
        click.echo("Tidak ada temuan." if verdict.is_clean else f"{number(len(verdict.findings))} temuan: log diubah.")
    if not verdict.is_clean:
        sys.exit(1)


def _show_proof(path: Path, key: PublicKey, *, as_json: bool) -> None:
    try:
        document: Any = json.loads(_text(path))
    except ValueError as error:
        raise BadInput("Berkas bukan bukti dari posko audit prove.") from error
    holds = audit_export.check_proof(document, key)
    click.echo(json.dumps({"holds": holds}) if as_json else "Bukti benar." if holds else "Bukti TIDAK benar.")
    if not holds:
        sys.exit(1)


def _key(path: Path | None) -> PublicKey:
    if path is None:
        raise BadInput("Sebut kunci publik log: --log-key BERKAS (log.vkey).")
    return read_key(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error
