"""Run the stations' server: TLS always, one process, ended cleanly by SIGTERM."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import uvicorn

from apps.station_api.app import make_app
from biometrics import iso19794
from biometrics.nbis_matcher import NbisMatcher
from biometrics.station.keys import ServerKeys
from biometrics.station.link import now_utc
from biometrics.station.service import Service
from biometrics.station.tls import server_files
from biometrics.synthetic import people
from biometrics.types import PPI, Assurance, Encoding, Sample
from biometrics.vault import Vault
from biometrics.verification import Verifier

if TYPE_CHECKING:
    from posko.services.office import Office
    from posko.settings import Settings

KEPT_SECONDS = 75
"""How long a line stays open between two requests: longer than a person takes to put a finger down."""
STOP_SECONDS = 2
"""How long open requests may take to end when the server stops; stations ask again."""


def service_of(settings: Settings, office: Office) -> Service:
    """Return the server's side of the stations of an installation."""
    vault = Vault.of(settings)
    return Service(office, Verifier(office, vault, NbisMatcher(), settings), vault, ServerKeys.of(settings))


def warm_up(service: Service) -> None:
    """Compare one finger of nobody, so that the first persons of the day do not wait for what is loaded on first use."""
    matcher = service.verifier.matcher
    master = people.master("warm-up", 2)
    record = iso19794.write(people.impression(master, "1"))
    sample = Sample(
        record, master.width, master.height, PPI, "synthetic", "-", now_utc(), "", Assurance.FILE, Encoding.ISO_19794_2
    )
    matcher.compare(matcher.extract(sample), [matcher.template_of(people.impression(master, "2"))])


def serve(settings: Settings, office: Office) -> None:
    """Serve until the process is told to stop.

    Raises:
        ConfigurationError: no certificate.
    """
    chain, key = server_files(settings)
    service = service_of(settings, office)
    warm_up(service)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    config = uvicorn.Config(
        make_app(service),
        host=settings.station_host,
        port=settings.station_port,
        ssl_certfile=str(chain),
        ssl_keyfile=str(key),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    uvicorn.Server(config).run()
