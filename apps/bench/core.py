"""`posko bench core`: certificates, secure codes, capacity and the cost of the audit log under load (R-101, R-137, R-140, R-180).

What is measured are the acts themselves, done by 32 writers at once on a private server, in blocks of 50; one act in fifty is
rolled back at its very end and then done again.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING

import click
import sqlalchemy as sa

from apps.bench.core_acts import Injected, certify, codes, decide, take_seat
from apps.bench.core_crowd import LEAST_SHARE, Crowd
from apps.bench.core_rows import CLERK, LSP, TUK, new_ids, put_assessed, put_door, put_registers, put_used_codes
from apps.bench.core_usual import usual_acts
from apps.bench.installation import throw_away
from apps.bench.report import Line, Report, against_peer, load_remark, note
from apps.cli import context
from apps.cli.screen import number
from posko.db.migrate import migrate
from posko.domain.errors import Refused
from posko.domain.matrix import Role
from posko.domain.roles import Principal
from posko.domain.secure_code import SPACE
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from apps.bench.installation import Installation

BLOCK = 50
ROLLBACK_EVERY = 50
"""One act in so many is rolled back: 2 %."""
LEAST_RATE = 3_000.0
CODES_LIMIT = 3.0
"""Time for a block of codes at a third of the space over the time in an empty one."""
CAPACITY, REQUESTS = 100, 320
CODE_BLOCKS = 200
ROUNDS = 3
USUAL_ACTS = 1_000
"""Of each usual act in one turn: a second or more."""
_EXAM_ON, _AT = date(2026, 3, 9), datetime.fromisoformat("2026-03-09T08:00")


def measure(
    installation: Installation,
    *,
    certificates: int,
    writers: int,
    used_codes: int = SPACE // 3,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Measure numbers, codes, capacity and audit on an installation of its own.

    Args:
        installation: a private server, empty.
        certificates: how many are made by `certify`; a fifth of that by the whole act.
        writers: how many at once.
        used_codes: codes that count as used while codes are taken again.
        say: what tells how far it is.
    """
    migrate(installation.target)
    crowd = Crowd(_office(installation, writers), writers)
    admin = installation.target.engine(installation.target.admin, "posko")
    report = Report("core", f"{number(certificates)} sertifikat, {writers} penulis", remarks=load_remark())
    with admin.begin() as db:
        put_registers(db, writers)
        put_door(db)
    say(f"{number(certificates)} sertifikat: nomor dan secure code")
    some = certificates // 5
    report.lines += [
        *_certificates(crowd, admin, certify, certificates, "keputusan, nomor, dan kode", LEAST_RATE),
        *_certificates(crowd, admin, decide, some, "tindakan decide seutuhnya", None),
    ]
    say("biaya log audit")
    report.lines.append(_audit_cost(crowd, admin, some, rounds=ROUNDS))
    report.lines += usual_acts(crowd, admin, installation.settings, min(USUAL_ACTS, some // ROUNDS), rounds=ROUNDS)
    say(f"{CAPACITY} tempat, {REQUESTS} permintaan")
    report.lines.append(_capacity(crowd, admin))
    say("secure code pada sepertiga ruang")
    report.lines += _codes(crowd, admin, used_codes)
    admin.dispose()
    crowd.office.engine.dispose()
    return report


def _office(installation: Installation, writers: int) -> Office:
    """Return the office of the installation, with a pool in which each writer keeps its connection."""
    server = installation.target
    engine = sa.create_engine(
        "mysql+pymysql://",
        creator=lambda: server.connect("posko_app", "posko"),
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_size=writers,
    )
    return Office.of(installation.settings, engine)


def _assess(admin: sa.Engine, certificates: int) -> list[int]:
    with admin.begin() as db:
        return put_assessed(db, new_ids(db, certificates), exam_on=_EXAM_ON, at=_AT, each=BLOCK)


def _sessions(crowd: Crowd, what: Callable[..., int], session_ids: Sequence[int]) -> float:
    """Do an act for each session, rolled back once for one in fifty; return certificates a second."""
    places, made = count(), []

    def work(own: int, session_id: int) -> None:
        by = Principal(Role.LSP, f"{CLERK}-{own}", LSP)
        desk = crowd.office.desk(by)
        if next(places) % ROLLBACK_EVERY == 0:
            with contextlib.suppress(Injected):
                desk.do(what, session_id=session_id, fail=True)
        made.append(desk.do(what, session_id=session_id, fail=False))

    seconds = crowd.each(work, session_ids)
    return sum(made) / seconds


def _certificates(
    crowd: Crowd, admin: sa.Engine, what: Callable[..., int], certificates: int, words: str, least: float | None
) -> list[Line]:
    """Measure the rate, and count how many of all numbers stand where they must: from 1 on, none missing, none twice."""
    rate = _sessions(crowd, what, _assess(admin, certificates))
    with admin.connect() as db:
        found = db.execute(
            sa.text(
                "select count(*), count(distinct certificate_no), count(distinct secure_code_digest),"
                " max(cast(right(certificate_no, 7) as unsigned)) from posko.certificate"
            )
        ).one()
    rows, numbers, digests, last = (int(value) for value in found)
    return [
        Line(f"{words}, per detik", rate, "", least, "batas", at_least=1.0 if least else None),
        Line(f"{words}: nomor terakhir (celah)", last, "", rows, "sertifikat", at_most=1.0),
        Line(f"{words}: nomor berbeda (ganda)", numbers, "", rows, "sertifikat", at_least=1.0),
        Line(f"{words}: kode berbeda (ganda)", digests, "", rows, "sertifikat", at_least=1.0),
    ]


def _audit_cost(crowd: Crowd, admin: sa.Engine, certificates: int, rounds: int) -> Line:
    """Measure the whole act with and without its events, in turns."""
    logged, plain = [], []
    for _ in range(rounds):
        logged.append(_sessions(crowd, decide, _assess(admin, certificates // rounds)))
        plain.append(_sessions(crowd.silent(), decide, _assess(admin, certificates // rounds)))
    line = against_peer("tindakan decide dengan log, per detik", logged, plain, "tanpa log", unit="")
    return replace(line, at_least=LEAST_SHARE)


def _capacity(crowd: Crowd, admin: sa.Engine) -> Line:
    with admin.begin() as db:
        db.execute(
            sa.text("insert into posko.tuk_day values (:tuk, :day, :capacity, 0)"),
            {"tuk": TUK, "day": _EXAM_ON, "capacity": CAPACITY},
        )
    taken = count()

    def work(_own: int, _item: int) -> None:
        try:
            crowd.office.desk(None).do(take_seat, day=_EXAM_ON)
        except Refused:
            return
        next(taken)

    crowd.each(work, range(REQUESTS))
    return Line(
        f"tempat terisi oleh {REQUESTS} permintaan", next(taken), "", CAPACITY, "kapasitas", at_least=1.0, at_most=1.0
    )


def _codes(crowd: Crowd, admin: sa.Engine, used_codes: int) -> list[Line]:
    """Take blocks of codes while hardly any is used, and again when so many are."""
    blocks = [BLOCK] * CODE_BLOCKS
    empty = 1_000 * crowd.each(_take, [(crowd.office, wanted) for wanted in blocks]) / CODE_BLOCKS
    with admin.begin() as db:
        used = put_used_codes(db, crowd.office.keys["secure-code-digest"], used_codes)
    third = 1_000 * crowd.each(_take, [(crowd.office, wanted) for wanted in blocks]) / CODE_BLOCKS
    words = f"{BLOCK} secure code saat {number(used)} terpakai"
    return [
        note("kode terpakai dari seluruh ruang", 100 * used / SPACE, unit="%"),
        against_peer(words, [third], [empty], "hampir kosong", at_most=CODES_LIMIT, unit="ms"),
    ]


def _take(_own: int, wanted: tuple[Office, int]) -> None:
    office, many_codes = wanted
    office.desk(None).do(codes, wanted=many_codes)


@click.command("core")
@click.option(
    "--certificates", default=64_000, show_default=True, type=click.IntRange(min=500), help="Banyaknya sertifikat."
)
@click.option("--writers", default=32, show_default=True, type=click.IntRange(1, 60), help="Penulis serentak.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, certificates: int, writers: int, as_json: bool) -> None:
    """Ukur nomor sertifikat, secure code, kapasitas, dan biaya log audit pada beban penuh."""
    with throw_away(context.settings()) as installation:
        report = measure(
            installation,
            certificates=certificates,
            writers=writers,
            say=lambda text: click.echo(f"- {text} ...", err=True),
        )
        click.echo(json.dumps(report.as_dict()) if as_json else report.show())
