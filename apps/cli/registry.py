"""`posko registry`: the Konsorsium's rule BLKLN -> TUK from and to CSV, and the demo's register (§12.5)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import click

from apps.cli import context
from apps.cli.acts import log_act
from posko.domain.errors import BadInput
from posko.services.registry import (
    RULE_COLUMNS,
    RulesRefused,
    import_blkln_tuk_rules,
    list_blkln_tuk_rules,
    read_rules,
)

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
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(f"Berkas {file} tidak dapat dibaca. Periksa nama dan hak aksesnya.") from error
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


@command.command("demo")
@click.option("--seed", default=1, show_default=True, help="Bilangan awal; seed yang sama, daftar yang sama.")
def demo(*, seed: int) -> None:
    """Lengkapi daftar dengan data demo untuk BLKLN dan PPTKIS dari sumber; yang sudah ada tidak diubah."""
    if context.settings().environment == "production":
        raise BadInput("Data demo tidak boleh diisikan di lingkungan production; tidak ada yang diubah.")
    from apps.cli.demo import fill_registry  # noqa: PLC0415 - it brings the whole pipeline along

    fill_registry(seed)
    click.echo("Daftar demo dilengkapi.")
