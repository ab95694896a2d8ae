"""`posko public`: the verification and the look-up for everybody, served until stopped (§14.1-14.3; R-160, R-166)."""

from __future__ import annotations

import gc
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click
import uvicorn

from apps.cli import context
from apps.public.certificates import Certificates
from apps.public_app import Public, make_app
from exports.certificate_keys import public_keys_in, read_public_keys
from posko.db.secrets import read_or_make_key

if TYPE_CHECKING:
    from posko.settings import Settings

STOP_SECONDS = 2
KEPT_SECONDS = 10


@click.command("public")
@click.option("--port", default=8600, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Alamat yang dilayani; TLS ada pada proksi di depannya."
)
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Kunci publik (posko certificate keys); tanpa ini dibaca dari folder rahasia.",
)
def command(*, port: int, host: str, keys_file: Path | None) -> None:
    """Layani umum sampai dihentikan (Ctrl+C); basis data hanya dibaca."""
    settings = context.settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = make_app(public_of(settings, keys_file))
    click.echo(f"POSKO untuk umum di http://{host}:{port}/  (Ctrl+C menghentikan)")
    gc.collect()
    gc.freeze()
    uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            timeout_keep_alive=KEPT_SECONDS, timeout_graceful_shutdown=STOP_SECONDS, limit_concurrency=1_000,
        )
    ).run()  # fmt: skip


def public_of(settings: Settings, keys_file: Path | None = None) -> Public:
    """Return what the application of an installation needs; with a file of public keys it needs no private one."""
    key = read_or_make_key(settings.secrets / "secure-code-digest")
    keys = read_public_keys(keys_file.read_text("utf-8")) if keys_file else public_keys_in(settings.secrets)
    # The schema is not asked for: the account of this process sees two views and nothing else.
    certificates = Certificates(context.posko_as_it_is(), key, keys)
    proxies = tuple(part.strip() for part in settings.public_proxies.split(",") if part.strip())
    return Public(certificates, settings.site / "aktif", proxies, settings.public_tries_per_minute)
