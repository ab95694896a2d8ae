"""`posko deviations list`: the register by filters, newest first (§5.2, R-020)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import number, table
from posko.domain.finding import about
from posko.domain.rules import RULES
from posko.services.deviations import SEVERITIES
from posko.services.finding_reading import listed

if TYPE_CHECKING:
    import datetime as dt

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("list")
@click.option("--rule", "rule_id", type=click.Choice(list(RULES)), metavar="DV-X00", help="Hanya aturan ini.")
@click.option("--severity", type=click.Choice(SEVERITIES), help="Hanya bobot ini.")
@click.option("--mode", type=click.Choice(["P", "D"]), help="P dicegah, D terdeteksi.")
@click.option("--tki", "tki_id", help="Hanya TKI ini.")
@click.option("--about", help="Hanya objek dengan kode ini: nomor MET, kode TUK, nomor sesi ...")
@click.option("--case", "case_id", type=click.IntRange(min=1), help="Hanya kasus ini.")
@click.option("--since", type=DAY, help="Dari tanggal ini (UTC).")
@click.option("--until", type=DAY, help="Sampai dengan tanggal ini (UTC).")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="Baris paling banyak.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, since: dt.datetime | None, until: dt.datetime | None, limit: int, as_json: bool, **filters: Any) -> None:
    """Tampilkan penyimpangan, yang terbaru lebih dahulu."""
    days = {"since": since.date() if since else None, "until": until.date() if until else None}
    with context.reading() as db:
        total, rows = listed(db, **filters, **days, limit=limit)
    with context.app_connection() as db:
        told = {
            "rows": len(rows),
            "filters": sorted(name for name, value in {**filters, **days}.items() if value is not None),
        }
        log_act(db, "deviations.list", "deviation", "register", told)
        db.commit()
    if as_json:
        click.echo(json.dumps({"total": total, "deviations": rows}, ensure_ascii=False))
        return
    shown = [
        (
            str(row["deviation_id"]), row["rule_id"], row["severity"], row["mode"], about(row["subject_kind"], row["subject_code"]),
            row["tki_id"] or "", row["occurred_at"][:16].replace("T", " "), str(row["case_id"] or ""), "ya" if row["gone_at"] else "",
        )
        for row in rows
    ]  # fmt: skip
    columns = ("nomor", "aturan", "bobot", "cara", "tentang", "TKI", "waktu (UTC)", "kasus", "sudah hilang")
    table(f"{number(total)} penyimpangan, {number(len(rows))} terbaru", columns, shown, numeric=(0, 7))
