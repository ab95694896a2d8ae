"""`posko registry`: registers from CSV or XLSX, the Konsorsium's rule BLKLN -> TUK, and the demo's register (§3.2, §12.5)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.acts import log_act, operator, place_here
from posko.domain.audit import Actor
from posko.domain.errors import BadInput
from posko.services.office import Office
from posko.services.registry import (
    REGISTERS,
    RULE_COLUMNS,
    FileRefused,
    Problem,
    Register,
    RulesRefused,
    as_text,
    import_at_terminal,
    import_blkln_tuk_rules,
    list_blkln_tuk_rules,
    read_file,
    read_rules,
    rows_of,
)

if TYPE_CHECKING:
    from posko.services.rows import Row

RULES = ("blkln_tuk_rule", "*")
"""Entity and key of the rule in the audit log: it is replaced as a whole."""


@click.group("registry")
def command() -> None:
    """Daftar LSP, TUK, BLKLN, dan aturan alokasi."""


@command.command("rules")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan ganti apa pun.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def rules(*, file: Path, dry_run: bool, as_json: bool) -> None:
    """Ganti seluruh aturan BLKLN -> TUK dengan isi FILE (CSV: blkln_code, priority, tuk_code)."""
    data = _bytes_of(file)
    told: dict[str, str | int | bool] = {"file_sha256": hashlib.sha256(data).hexdigest(), "dry_run": dry_run}
    with context.app_connection() as db:
        try:
            done = import_blkln_tuk_rules(db, read_rules(data), dry_run=dry_run)
        except RulesRefused as refused:
            db.rollback()
            log_act(
                db, "registry.rules_replaced", *RULES, {**told, "problems": len(refused.problems)}, outcome="refused"
            )
            db.commit()
            raise
        told |= {"before": done.before, "after": done.after, "added": done.added, "removed": done.removed}
        log_act(db, "registry.rules_replaced", *RULES, told)
        db.commit()
    if as_json:
        numbers = {name: getattr(done, name) for name in ("before", "after", "added", "removed", "dry_run")}
        click.echo(json.dumps(numbers))
        return
    verb = "Berkas sah, belum diganti" if dry_run else "Aturan diganti"
    click.echo(f"{verb}: {done.before} -> {done.after} baris ({done.added} baru, {done.removed} hilang).")


@command.command("import")
@click.argument("register", type=click.Choice(list(REGISTERS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--reason", default="Impor berkas", show_default=True, help="Alasan perubahan, disimpan dalam riwayat.")
@click.option("--dry-run", is_flag=True, help="Periksa dan hitung saja, jangan ubah apa pun.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def import_file(*, register: str, file: Path, reason: str, dry_run: bool, as_json: bool) -> None:
    """Tambah dan ubah baris daftar REGISTER dari FILE (CSV atau XLSX): semuanya atau tidak sama sekali."""
    found = REGISTERS[register]
    data = _bytes_of(file)
    try:
        lines = read_file(data, file.name, register)
    except FileRefused as refused:
        with context.app_connection() as db:
            told = {"file_sha256": hashlib.sha256(data).hexdigest(), "problems": len(refused.problems)}
            log_act(db, "registry.file_refused", "register", register, told, outcome="refused")
            db.commit()
        raise
    office = Office.of(context.settings(), context.app_engine())
    try:
        done = office.desk(None, place=place_here()).do(
            import_at_terminal, operator=operator(), register=register, rows=lines, reason=reason, dry_run=dry_run
        )
    finally:
        with office.engine.begin() as db:
            office.audit.close(db, Actor("person", operator(), "operator"))
    if done["problems"]:
        raise FileRefused(found, [Problem(**problem) for problem in done["problems"]])
    if as_json:
        click.echo(json.dumps({**done, "dry_run": dry_run}))
        return
    verb = "Berkas sah, belum dimuat" if dry_run else "Daftar dimuat"
    click.echo(f"{verb}: {done['added']} baru, {done['changed']} berubah, {done['same']} tetap.")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"Berkas {file} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error


@command.group("show")
def show() -> None:
    """Tampilkan isi daftar."""


@show.command("rules")
@click.option("--blkln", help="Hanya BLKLN ini.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def show_rules(*, blkln: str | None, as_json: bool) -> None:
    """Tampilkan aturan BLKLN -> TUK sebagai CSV, bentuk yang diterima `posko registry rules`."""
    with context.app_connection() as db:
        found = list_blkln_tuk_rules(db, blkln_code=blkln)
        log_act(db, "registry.rules_shown", *RULES, {"blkln": blkln, "rows": len(found)})
        db.commit()
    rows = [(rule.blkln_code, rule.priority, rule.tuk_code) for rule in found]
    if as_json:
        click.echo(json.dumps([dict(zip(RULE_COLUMNS, row, strict=True)) for row in rows]))
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([RULE_COLUMNS, *rows])
    click.echo(text.getvalue(), nl=False)


def _show_register(register: Register) -> click.Command:
    """Return the command that shows one register."""

    @click.command(register.name, help=f"Tampilkan daftar {register.label} sebagai CSV, bentuk yang diterima impor.")
    @click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
    def shown(*, as_json: bool) -> None:
        with context.app_connection() as db:
            found = list(rows_of(db, register).values())
            log_act(db, "registry.shown", "register", register.name, {"rows": len(found)})
            db.commit()
        rows: list[Row] = [{name: as_text(row[name]) for name in register.names} for row in found]
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False))
            return
        text = io.StringIO()
        writer = csv.DictWriter(text, register.names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        click.echo(text.getvalue(), nl=False)

    return shown


for _register in REGISTERS.values():
    show.add_command(_show_register(_register))


@command.command("demo")
@click.option("--seed", default=1, show_default=True, help="Bilangan awal; seed yang sama, daftar yang sama.")
def demo(*, seed: int) -> None:
    """Lengkapi daftar dengan data demo untuk BLKLN dan PPTKIS dari sumber; yang sudah ada tidak diubah."""
    if context.settings().environment == "production":
        raise BadInput("Data demo tidak boleh diisikan di lingkungan production; tidak ada yang diubah.")
    from apps.cli.demo import fill_registry  # noqa: PLC0415 - it brings the whole pipeline along

    fill_registry(seed)
    click.echo("Daftar demo dilengkapi.")
