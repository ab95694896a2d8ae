"""`posko bench pack`: an auditor's pack of a year, made and verified, and that its memory does not grow with the year (§5.7; R-025).

A year of so many TKI is eight hops with their hand-off events, as many other events, and deviations in cases. Made and verified by fresh
processes, of which the peak of memory is taken; a tenth of the year beside it tells whether memory grows.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa

from apps.bench.audit import A_TRANSACTION, an_event
from apps.bench.installation import throw_away
from apps.bench.report import Line, Report, against_limit, load_remark
from apps.cli import context
from apps.cli.screen import number
from exports.audit_pack import write
from exports.audit_pack_verify import verify
from exports.certificate_keys import public_keys_in, signer_in
from posko.db.audit import AuditWriter
from posko.db.migrate import migrate
from posko.domain.audit import Actor, Event
from posko.domain.errors import DataRefused
from posko.domain.handoff import Hop
from posko.services.audit_notes import read_note
from posko.services.audit_pack_rows import Period, open_source
from posko.services.audit_proof import log_key
from posko.services.sealing import Keeper, seal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apps.bench.installation import Installation
    from posko.db.engine import Server
    from posko.settings import Settings

YEAR_TKI, A_DAY = 300_000, 1_200
HOPS = tuple(Hop)[:8]
EVENTS_EACH = 4
"""Other events a TKI, beside those of her hand-offs."""
LIMIT_SECONDS, LIMIT_MB = 180.0, 400.0
MOST_GROWTH = 1.3
"""Peak of memory of the year over that of its tenth."""
_SYSTEM = Actor("system", "posko")
_NUMBERS = """create temporary table posko.n (n bigint primary key) as
    with recursive d (d) as (select 0 union all select d + 1 from d where d < 9)
    select a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d as n from d a, d b, d c, d e, d f, d g"""
_HASH = "unhex(sha2(concat(:hop, n), 256))"
_TOTAL = f"unhex(sha2(group_concat({_HASH} order by {_HASH} separator ''), 256))"
_BATCHES = f"""insert into posko.handoff_batch (batch_id, hop, sender, receiver, row_count, rows_sha256, sent_at, received_at,
    received_count, received_sha256, loaded_at, rejected_count)
    select :first + n div :day, :hop, 'BNSP', 'BNSP', count(*), {_TOTAL}, utc_timestamp(6), utc_timestamp(6), count(*), {_TOTAL},
    utc_timestamp(6), 0 from posko.n where n < :tki group by n div :day"""
_LINES = f"""insert into posko.handoff_line (batch_id, tki_id, hop, attempt_no, version, row_hash, received_hash, status)
    select :first + n div :day, concat('9', lpad(n, 7, '0')), :hop, 1, 1, {_HASH}, {_HASH}, 'LOADED' from posko.n where n < :tki"""
_SENT = "select batch_id, row_count, hex(rows_sha256) from posko.handoff_batch"


def measure(installation: Installation, tki: int, say: Callable[[str], None] = lambda _: None) -> Report:
    """Make and verify the packs of a tenth of a year and of the year.

    Raises:
        DataRefused: a pack is found wrong.
    """
    migrate(installation.target)
    report = Report("pack", f"{number(tki)} TKI", remarks=load_remark())
    peaks: dict[str, list[float]] = {"membuat": [], "memeriksa": []}
    for size in (max(tki // 10, 1), tki):
        say(f"setahun {number(size)} TKI")
        installation.reset_target()
        # The checkpoints of the log that is gone now would accuse the new one.
        shutil.rmtree(installation.settings.var / "audit", ignore_errors=True)
        _fill(installation, size)
        path = installation.settings.var / f"pack-{size}"
        arguments = (installation.settings, installation.target, path)
        done = {"membuat": _apart(_make, *arguments), "memeriksa": _apart(_check, *arguments)}
        for name, told in done.items():
            peaks[name].append(told["peak_mb"])
        report.extra[str(size)] = {**done, "bytes": path.stat().st_size}
    for name, told in done.items():
        limit = LIMIT_SECONDS * tki / YEAR_TKI
        report.lines.append(against_limit(f"{name} paket: {number(told['rows'])} baris", [told["seconds"]], limit))
        small, large = peaks[name]
        report.lines.append(Line(f"memori saat {name}", large, "MB", LIMIT_MB, "batas", at_most=1.0, is_limit=True))
        report.lines.append(
            Line(f"memori saat {name}, terhadap sepersepuluh tahun", large, "MB", small, "1/10", at_most=MOST_GROWTH)
        )
    report.lines.append(Line("berkas paket", path.stat().st_size / 1_000_000, "MB"))
    return report


def _fill(installation: Installation, tki: int) -> None:
    """Put hand-offs of so many TKI into the tables and the log, with other events, and seal."""
    engine = installation.target.engine(installation.target.admin, "posko")
    with engine.begin() as db:
        db.exec_driver_sql("set session group_concat_max_len = 1000000")
        db.exec_driver_sql(_NUMBERS)
        for place, hop in enumerate(HOPS):
            values = {"first": 1 + place * 10_000, "day": A_DAY, "hop": hop.value, "tki": tki}
            for statement in (_BATCHES, _LINES):
                db.execute(sa.text(statement), values)
        sent = [_hand_off(*row) for row in db.execute(sa.text(_SENT))]
    engine.dispose()
    events = [event for both in sent for event in both]
    audit, app = AuditWriter.of(installation.settings), installation.target.engine("posko_app", "posko")
    with app.connect() as db:
        for first in range(0, len(events), A_TRANSACTION):
            audit.write_many(db, events[first : first + A_TRANSACTION])
            db.commit()
        for first in range(0, EVENTS_EACH * tki, A_TRANSACTION):
            audit.write_many(
                db, [an_event(place) for place in range(first, min(first + A_TRANSACTION, EVENTS_EACH * tki))]
            )
            db.commit()
    app.dispose()
    seal(installation.target, Keeper.of(installation.settings))


def _hand_off(batch_id: int, rows: int, digest: str) -> list[Event]:
    """Return the two events of a hand-off."""
    told = {"rows": int(rows), "sha256": digest.lower()}
    return [
        Event("bench.hand_off", _SYSTEM, "handoff", str(batch_id), payload={"step": step, **told})
        for step in ("sent", "loaded")
    ]


def _apart(work: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Do a work in a fresh process and return what it tells, its seconds and its peak of memory."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, work, *arguments).result()


def _measured(work: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    began = time.monotonic()
    told = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**told, "seconds": time.monotonic() - began, "peak_mb": peak}


def _make(settings: Settings, server: Server, path: Path) -> dict[str, Any]:
    with open_source(server, _period(server)) as source, path.open("wb") as out:
        manifest = write(source, out, signer=signer_in(settings.secrets))
    return {"rows": sum(manifest.counts["table"].values())}


def _check(settings: Settings, _server: Server, path: Path) -> dict[str, Any]:
    key = log_key(settings.var / "audit")
    notes = sorted((settings.var / "audit").glob("*.note"))
    if key is None:
        raise DataRefused("Log belum disegel.")
    held = [read_note(notes[-1].read_text("utf-8"))]
    with path.open("rb") as file:
        verdict = verify(file, keys=public_keys_in(settings.secrets), log_key=key, held=held)
    if not verdict.is_clean or verdict.proven != verdict.events:
        raise DataRefused(f"Paket tidak utuh: {[one.text for one in verdict.findings[:3]]}")
    return {"rows": sum(verdict.counts.values())}


def _period(server: Server) -> Period:
    """Return yesterday, today and tomorrow of the server."""
    with server.connect(server.admin) as raw, raw.cursor() as cursor:
        cursor.execute("select utc_date()")
        (today,) = cursor.fetchone() or (None,)
    if not isinstance(today, date):
        raise DataRefused("Server tidak menyebut tanggalnya.")
    return Period(today - timedelta(days=1), today + timedelta(days=1))


@click.command("pack")
@click.option("--tki", default=YEAR_TKI, show_default=True, type=click.IntRange(100, 1_000_000), help="TKI setahun.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, tki: int, as_json: bool) -> None:
    """Ukur pembuatan dan pemeriksaan paket auditor setahun, dan memorinya."""
    with throw_away(context.settings()) as installation:
        report = measure(installation, tki, say=lambda text: click.echo(f"- {text} ...", err=True))
    click.echo(json.dumps(report.as_dict()) if as_json else report.show())
