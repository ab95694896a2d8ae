"""`posko as-of TIME`: where a TKI stood at any time, told from the audit log; or the log held against the tables (F35, DV-X06)."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import number, table
from posko.domain.errors import BadInput, Refused
from posko.domain.status import LABELS, Status
from posko.services import as_of, inputs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posko.domain.audit import Outcome
    from posko.services.as_of import JourneyAt, Step
    from posko.services.replay import Difference

SHOWN = 50


@click.command("as-of")
@click.argument("time", metavar="WAKTU")
@click.option("--tki", "tki_id", help="ID TKI yang dilihat.")
@click.option("--compare", is_flag=True, help="Putar ulang log sampai kini dan bandingkan dengan tabel.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, time: str, tki_id: str | None, compare: bool, as_json: bool) -> None:
    """Susun ulang keadaan pada WAKTU (ISO, UTC kecuali disebut +07:00; atau now) dari log audit."""
    at = _time(time)
    if compare == (tki_id is not None):
        raise BadInput("Sebut salah satu: --tki ID, atau --compare bersama waktu now.")
    if tki_id is not None:
        _look(tki_id.strip(), at, as_json=as_json)
        return
    if at is not None:
        raise BadInput("--compare membandingkan dengan tabel hari ini, jadi hanya berlaku untuk waktu now.")
    _compare(as_json=as_json)


def _time(text: str) -> datetime | None:
    try:
        return as_of.read_time(text)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{text!r} bukan waktu. Tulis misalnya 2012-06-06T12:00, 2012-06-06T19:00+07:00, atau now."
        ) from error


def _look(tki_id: str, at: datetime | None, *, as_json: bool) -> None:
    try:
        inputs.tki(tki_id)
    except Refused as refusal:
        _log("-", {"code": refusal.code}, outcome="refused")
        raise BadInput(str(refusal)) from refusal
    with context.reading() as db:
        found = as_of.journey_at(db, tki_id, at)
        is_known = bool(found) or as_of.is_known(db, tki_id)
    shown = as_of.iso(at) if at else as_of.NOW
    _log(tki_id, {"as_of": shown, "journeys": len(found)}, outcome="ok" if is_known else "refused")
    if not is_known:
        raise BadInput(f"ID TKI {tki_id!r} tidak pernah diterima dari BNP2TKI. Periksa penulisannya.")
    if as_json:
        click.echo(
            json.dumps(
                {"tki_id": tki_id, "at": shown, "journeys": [one.as_dict() for one in found]}, ensure_ascii=False
            )
        )
        return
    if not found:
        click.echo(f"TKI {tki_id} dikenal, tetapi pada {shown} perjalanannya belum dimulai.")
    for one in found:
        _show(one, shown)


def _log(tki_id: str, told: dict[str, Any] | None = None, *, outcome: Outcome) -> None:
    with context.app_connection() as db:
        log_act(db, "as_of.look", "tki", tki_id, told or {}, outcome=outcome)
        db.commit()


def _show(one: JourneyAt, shown: str) -> None:
    data = one.as_dict()
    sides = "".join(f" + {label}" for label in data["side_labels"])
    click.echo(f"TKI {one.tki_id}, skema {one.scheme_code}, perjalanan {one.journey_no}, pada {shown}:")
    click.echo(
        f"  {data['label'] or 'belum dimulai'}{sides}, percobaan {data['attempt'] or '-'}, sejak {data['since'] or '-'}"
    )
    if one.problem:
        click.echo(f"  Peristiwanya tidak bersambung: {one.problem}. Periksa log: posko audit verify.")
    table(
        "Yang terjadi (waktu UTC)", ("waktu", "tindakan", "oleh", "di", "hasil"), [_row(step) for step in one.history]
    )


def _row(step: Step) -> Sequence[str]:
    to = step.told.get("to")
    result = LABELS[Status(to)] if step.outcome == "ok" and to in set(Status) else step.outcome
    who = f"{step.actor} ({step.role})" if step.role else step.actor
    behalf = f" atas nama {step.on_behalf_of}" if step.on_behalf_of else ""
    code = f" {step.told['code']}" if step.outcome == "refused" and "code" in step.told else ""
    return (f"{step.at:%Y-%m-%d %H:%M:%S}", step.action, who + behalf, step.place or "-", result + code)


def _compare(*, as_json: bool) -> None:
    with context.reading() as db:
        found = as_of.compare_with_tables(db)
    with context.app_connection() as db:
        log_act(db, "as_of.compare", "log", "*", {"differences": len(found)})
        db.commit()
    _show_differences(found, as_json=as_json)
    if found:
        sys.exit(1)


def _show_differences(found: Sequence[Difference], *, as_json: bool) -> None:
    if as_json:
        rows = [{"kind": one.kind, "tki_id": one.tki_id, "journey": one.key, "sentence": one.sentence} for one in found]
        click.echo(json.dumps({"equal": not found, "differences": rows}, ensure_ascii=False))
        return
    for one in found[:SHOWN]:
        click.echo(one.sentence)
    if len(found) > SHOWN:
        click.echo(f"... dan {number(len(found) - SHOWN)} lainnya; lihat --json.")
    click.echo(f"{number(len(found))} perbedaan." if found else "Log yang diputar ulang sama dengan tabel.")
