"""`posko staff`: who may act in POSKO (§8.2, R-048)."""

from __future__ import annotations

import json

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import table
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services.enrolment import staff_rows


@click.group("staff")
def command() -> None:
    """Petugas: siapa, peran apa, dan apakah aktif.

    Petugas, juga Super Administrator pertama, tidak didaftarkan lewat perintah ini: pendaftaran perlu sidik jari dari pembaca, dan
    nomor yang diketik tidak pernah menjadi bukti.
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def list_staff(*, as_json: bool) -> None:
    """Tampilkan semua petugas; yang membaca dicatat."""
    with context.app_connection() as db:
        found = staff_rows(db)
        log_act(db, "staff.list", "staff", "*", {"rows": len(found)})
        db.commit()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    table(
        "Petugas",
        ("nomor", "nama", "peran", "LSP / TUK / MET", "keadaan", "didaftarkan (UTC)"),
        [
            (
                row["person_id"],
                row["full_name"],
                ROLE_LABELS[Role(row["role"])],
                row["lsp_code"] or row["tuk_code"] or row["met_no"] or "-",
                "aktif" if row["state"] == "ACTIVE" else "dibekukan",
                row["enrolled_at"][:16].replace("T", " "),
            )
            for row in found
        ],
    )
