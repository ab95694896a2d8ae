"""`posko surveillance`: the weekly sample of sessions to visit, its visits, its seed, and what was never looked at (§4.2; R-017, R-190)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from apps.cli.officer import officer_options
from apps.cli.screen import number, table
from posko.services import surveillance, surveillance_views
from posko.services.paging import MOST_ROWS

if TYPE_CHECKING:
    from apps.cli.officer import SignIn

OUTCOMES = {
    "CONFORMS": "sesuai",
    "DEVIATES": "menyimpang",
    "NOT_HELD": "tidak berlangsung",
    "NOT_VISITED": "tidak dikunjungi",
    None: "belum dicatat",
}
MARKS = {
    "EMPTY": "tidak ada sesi",
    "SILENT": "ada sesi, tidak satu pun dibuka",
    "UNVISITED": "belum dikunjungi",
    "SEEN": "sudah dikunjungi",
}
_JSON = click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")


def _week(_context: click.Context, _option: click.Parameter, value: str) -> dt.date:
    """Return the Monday of a week given as 2026-W10 or by any day of it."""
    try:
        return dt.date.fromisoformat(f"{value}-1" if "W" in value else value)
    except ValueError as error:
        raise click.BadParameter("tulis minggu seperti 2026-W10, atau salah satu harinya seperti 2026-03-04") from error


_WEEK = click.option("--week", required=True, callback=_week, help="Minggu (2026-W10) atau salah satu harinya.")


@click.group("surveillance")
def command() -> None:
    """Surveilans: sampel mingguan sesi yang dikunjungi mendadak, kunjungannya, dan cakupannya."""


@command.command("draw")
@_WEEK
@officer_options
@_JSON
def draw(*, week: dt.date, sign_in: SignIn, as_json: bool) -> None:
    """Tarik sampel satu minggu, sekali saja; hash seed-nya tercatat, seed-nya belum dibuka."""
    with sign_in() as desk:
        done = desk.do(surveillance.draw, week=week)
        rows = desk.do(surveillance_views.sample, week=week, limit=MOST_ROWS)["rows"]
    if as_json:
        click.echo(json.dumps({**done, "rows": _plain(rows)}, ensure_ascii=False))
        return
    click.echo(f"Minggu {done['week_on']}: {number(len(done['picked']))} dari {number(done['sessions'])} sesi.")
    click.echo(f"Hash seed {done['seed_sha256']}")
    _show(rows)


@command.command("list")
@_WEEK
@click.option("--all", "is_all", is_flag=True, help="Seluruh kerangka, bukan yang terpilih saja.")
@officer_options
@_JSON
def show(*, week: dt.date, is_all: bool, sign_in: SignIn, as_json: bool) -> None:
    """Tampilkan sesi yang dikunjungi pada satu minggu, dengan bobot dan hasil kunjungannya."""
    with sign_in() as desk:
        rows = desk.do(surveillance_views.sample, week=week, is_picked=not is_all, limit=MOST_ROWS)["rows"]
    if as_json:
        click.echo(json.dumps(_plain(rows), ensure_ascii=False))
    else:
        _show(rows)


@command.command("visit")
@click.option("--session", "session_id", required=True, type=click.IntRange(min=1), help="Nomor sesi.")
@click.option("--outcome", required=True, type=click.Choice(surveillance.OUTCOMES), help="Hasil kunjungan.")
@click.option("--note", required=True, help="Yang dilihat, atau sebab tidak dikunjungi.")
@click.option("--rule", "rule_id", help="Aturan DV-... yang dilanggar, bagi DEVIATES.")
@officer_options
@_JSON
def visit(*, session_id: int, outcome: str, note: str, rule_id: str | None, sign_in: SignIn, as_json: bool) -> None:
    """Catat hasil satu kunjungan; yang melanggar aturan menjadi penyimpangan."""
    with sign_in() as desk:
        done = desk.do(surveillance.record_visit, session_id=session_id, outcome=outcome, note=note, rule_id=rule_id)
    if as_json:
        click.echo(json.dumps(done))
        return
    more = f" Penyimpangan nomor {done['deviation_id']} dicatat." if done["deviation_id"] else ""
    click.echo(f"Kunjungan ke sesi {session_id} dicatat: {OUTCOMES[outcome]}.{more}")


@command.command("reveal")
@_WEEK
@officer_options
@_JSON
def reveal(*, week: dt.date, sign_in: SignIn, as_json: bool) -> None:
    """Buka seed satu minggu sesudah semua kunjungannya dicatat, dan tarik ulang sampelnya."""
    with sign_in() as desk:
        done = desk.do(surveillance.reveal, week=week)
    if as_json:
        click.echo(json.dumps(done))
    else:
        click.echo(f"Seed {done['seed']}\nHash {done['seed_sha256']}")
        click.echo(
            "Ditarik ulang: sampelnya sama."
            if done["is_same"]
            else "Ditarik ulang: sampelnya TIDAK sama; dicatat sebagai DV-X05."
        )
    if not done["is_same"]:
        sys.exit(1)


@command.command("coverage")
@officer_options
@_JSON
def coverage(*, sign_in: SignIn, as_json: bool) -> None:
    """Tampilkan TUK berizin tanpa sesi, tanpa kejadian, atau tanpa kunjungan."""
    with sign_in() as desk:
        found = desk.do(surveillance_views.coverage)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    rows = [
        (row["tuk_code"], row["tuk_name"], number(row["sessions"]), number(row["opened"]), row["visited_on"] or "-", MARKS[row["mark"]])
        for row in found["rows"]
        if row["mark"] != "SEEN"
    ]  # fmt: skip
    table(
        f"TUK berizin, {found['since']} sampai {found['day']}",
        ("TUK", "nama", "sesi", "dibuka", "kunjungan terakhir", "keadaan"),
        rows,
        numeric=(2, 3),
    )
    click.echo(f"{number(len(found['rows']) - len(rows))} dari {number(len(found['rows']))} TUK sudah dikunjungi.")
    click.echo(f"{number(found['outside'])} sesi pada hari-hari itu tidak berada dalam kerangka sampel mana pun.")


def _show(rows: list[dict[str, Any]]) -> None:
    lines = [
        (str(row["session_id"]), row["exam_on"], f"{row['tuk_code']} {row['tuk_name']}", row["lsp_code"], row["met_no"],
         number(row["weight"]), OUTCOMES[row["outcome"]])
        for row in rows
    ]  # fmt: skip
    heads = ("sesi", "tanggal", "TUK", "LSP", "asesor", "bobot", "kunjungan")
    table("Sesi yang dikunjungi", heads, lines, numeric=(0, 5))


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "is_picked": bool(row["is_picked"])} for row in rows]
