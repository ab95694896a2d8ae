"""`posko app`: the operators' screens, served until stopped (§9, §12-14)."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import sys
from typing import TYPE_CHECKING

import click
import uvicorn

from apps.cli import context
from apps.operator import demo_clock
from apps.operator.asgi import make_app
from apps.operator.screens import Screens
from apps.simulated_prints import owners_in
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from biometrics.verification import Verifier
from posko.domain.calendar import WIB
from posko.domain.errors import BadInput, ConfigurationError
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services.office import Office, server_time
from posko.services.screen_home import has_staff, one_of_each

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from posko.settings import Settings

STOP_SECONDS = 2
KEPT_SECONDS = 75


@click.command("app")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Alamat yang dilayani; TLS ada pada proksi di depannya."
)
@click.option("--at", "at", metavar="WAKTU", help="Hanya demo: waktu WIB yang dimainkan, misalnya 2026-12-02T08:00.")
def command(*, port: int, host: str, at: str | None) -> None:
    """Layani layar petugas sampai dihentikan (Ctrl+C)."""
    settings = context.settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    office = Office.of(settings, context.app_engine())
    with office.engine.connect() as db:
        if not has_staff(db):
            raise ConfigurationError("Belum ada petugas yang terdaftar. Jalankan ./run demo dahulu, lalu ulangi.")
        now = office.clock(db)
    owners = None
    if settings.environment == "demo":
        office = Office(office.engine, office.audit, office.keys, clock=_clock(settings, at, now))
        owners = owners_in(settings.var / "demo-faults.jsonl")
    elif at is not None:
        raise BadInput("Waktu hanya dapat dimainkan di lingkungan demo.")
    verifier = Verifier(office, Vault.of(settings), NbisMatcher(), settings)
    app = make_app(Screens(settings, office, verifier, owners))
    click.echo(f"POSKO di http://{host}:{port}/  (Ctrl+C menghentikan)")
    if owners is not None:
        _tell_whom(office)
    server = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False,
        timeout_keep_alive=KEPT_SECONDS, timeout_graceful_shutdown=STOP_SECONDS,
    )  # fmt: skip
    # uvicorn hands a signal on when it has ended; what follows must still be done.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.Server(server).run()
    finally:
        if office.clock is not server_time:
            with office.engine.connect() as db:
                demo_clock.keep(settings.var, office.clock(db))
        office.close()


def _tell_whom(office: Office) -> None:
    """Say who can sign in to the demo, and at which station."""
    with office.engine.connect() as db:
        for row in one_of_each(db):
            click.echo(f"  {ROLE_LABELS[Role(row['role'])]:26} {row['person_id']:16} stasiun {row['station_code']}")


def _clock(settings: Settings, at: str | None, now: dt.datetime) -> Callable[[sa.Connection], dt.datetime]:
    """Return the demo's clock: from the time that was asked for, else from where the last played day ended."""
    played = demo_clock.played_until(settings.var)
    if at is None:
        return demo_clock.clock_from(played, now)
    start, first = _start(at), max(now, played or now)
    if start < first:
        raise BadInput(f"Waktu demo hanya dapat maju. Pilih waktu sesudah {first + WIB:%Y-%m-%dT%H:%M} WIB.")
    return demo_clock.clock_from(start, now)


def _start(text: str) -> dt.datetime:
    try:
        made = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} bukan waktu. Tulis misalnya 2026-12-02T08:00.") from error
    return made.astimezone(dt.UTC).replace(tzinfo=None) if made.tzinfo else made - WIB
