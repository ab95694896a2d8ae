"""`posko finger duplicates`: search the same finger under other identities, and see what was found (§3.3; DV-I05, DV-I06).

The search refuses nobody: each pair becomes a case, and two persons decide on it at their own desks, with their fingers.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import number, progress, table
from biometrics.nbis_matcher import NbisMatcher
from biometrics.search import side_by_side
from biometrics.search.store import Store
from biometrics.search.work import work
from biometrics.vault import Vault
from posko.domain.errors import BadInput
from posko.services import adjudication, duplicates
from posko.services.office import Office

if TYPE_CHECKING:
    from biometrics.search.work import Worked

_JSON = click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")


@click.group("duplicates", invoke_without_command=True)
@click.option("--most", type=click.IntRange(min=1), help="Paling banyak sekian orang pada kali ini.")
@click.option("--seconds", type=click.FloatRange(min=0), help="Setelah sekian detik tidak memulai orang berikutnya.")
@_JSON
@click.pass_context
def command(ctx: click.Context, *, most: int | None, seconds: float | None, as_json: bool) -> None:
    """Cari jari yang sama pada identitas lain (1:N); orang yang memutuskan, bukan perintah ini."""
    if ctx.invoked_subcommand is None:
        _search(most, seconds, as_json=as_json)


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Juga yang sudah diputus.")
@_JSON
def list_found(*, everything: bool, as_json: bool) -> None:
    """Tampilkan temuan yang menunggu putusan dua orang."""
    with context.app_connection() as db:
        rows = adjudication.listed(db, only_open=not everything)
        log_act(db, "duplicates.list", duplicates.ENTITY, "register", {"rows": len(rows)})
        db.commit()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table(
        "Temuan sidik jari ganda",
        ("nomor", "satu", "lain", "skor", "jari", "lewat", "ditemukan (UTC)", "kasus", "putusan"),
        [
            (
                str(row["candidate_id"]),
                f"{row['one_kind']} {row['one_id']}",
                f"{row['other_kind']} {row['other_id']}",
                str(row["score"]),
                str(row["fingers"]),
                side_by_side.ORIGINS[row["origin"]],
                row["found_at"][:16].replace("T", " "),
                str(row["case_id"]),
                adjudication.VERDICTS.get(row["verdict"], "-"),
            )
            for row in rows
        ],
        numeric=(0, 3, 4, 7),
    )


@command.command("show")
@click.argument("candidate", type=click.IntRange(min=1))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Berkas HTML yang ditulis, mode 0600."
)
def show(*, candidate: int, out: Path) -> None:
    """Tulis halaman kedua jari dari temuan CANDIDATE; siapa yang meminta dicatat."""
    vault = Vault.of(context.settings())
    with context.app_connection() as db:
        found = adjudication.described(db, candidate)
        html = side_by_side.page(db, vault, NbisMatcher(), found)
        told = {"step": "viewed", "templates": [side["template"] for side in found["sides"]], "to": "file"}
        log_act(db, "duplicates.view", duplicates.ENTITY, str(candidate), told)
        db.commit()
    _write(out, html)
    click.echo(f"Temuan {candidate} ditulis ke {out}. Berisi data biometrik: hapus setelah diputus.")


def _search(most: int | None, seconds: float | None, *, as_json: bool) -> None:
    settings = context.settings()
    office, vault, matcher = Office.of(settings, context.app_engine()), Vault.of(settings), NbisMatcher()
    store = Store.of(settings, vault, matcher)
    try:
        with progress("mencari", quiet=as_json) as say:
            done = work(
                context.posko(), office, vault, matcher, store,
                most=most, seconds=seconds, lease_seconds=settings.lease_seconds, say=say,
            )  # fmt: skip
    finally:
        office.close()
    _tell(done, as_json=as_json)


def _tell(done: Worked, *, as_json: bool) -> None:
    index = done.refreshed
    if as_json:
        figures = {
            "searched": done.searched, "new": done.new, "cases": sorted(set(done.cases)), "waiting": done.waiting,
            "unreadable": done.broken, "templates": len(index.index), "index_mb": round(index.index.nbytes / 1e6, 1),
            "added": index.added, "removed": index.removed, "broken": index.broken, "foreign": index.foreign,
            "rebuilt": index.is_rebuilt,
        }  # fmt: skip
        click.echo(json.dumps(figures))
        return
    if index.is_rebuilt:
        click.echo("Berkas indeks rusak atau bukan milik instalasi ini; indeks dibangun ulang.")
    click.echo(
        f"Indeks {number(len(index.index))} templat ({index.index.nbytes / 1e6:.0f} MB):"
        f" {number(index.added)} masuk, {number(index.removed)} keluar."
    )
    if index.broken or done.broken:
        click.echo(
            f"{number(index.broken)} templat tidak dapat dibuka; {number(done.broken)} orang karenanya belum dicari."
        )
    if index.foreign:
        click.echo(f"{number(index.foreign)} templat berformat lain tidak ikut dicari; daftarkan ulang jarinya.")
    click.echo(f"{number(done.searched)} orang dicari, {number(done.waiting)} menunggu.")
    if done.new:
        cases = ", ".join(str(case_id) for case_id in sorted(set(done.cases)))
        click.echo(f"{number(done.new)} temuan baru menunggu putusan dua orang, dalam kasus {cases}.")
    else:
        click.echo("Tidak ada temuan baru.")


def _write(out: Path, html: str) -> None:
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(html)
        out.chmod(0o600)
    except OSError as error:
        raise BadInput(f"Berkas {out} tidak dapat ditulis. Periksa folder dan hak aksesnya.") from error
