"""What the commands on a station's own computer share: its folder, keys, line, reader (R-041, R-185)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from biometrics.station.files import alone
from biometrics.station.keys import StationKeys
from biometrics.station.link import Link
from biometrics.station.queue import Queue
from biometrics.station.tls import client_context
from posko.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Here:
    """A computer as a station."""

    folder: Path
    keys: StationKeys
    link: Link
    queue: Queue


@contextmanager
def station_here() -> Iterator[Here]:
    """Open the station of this computer; one process at a time.

    Raises:
        ConfigurationError: no keys, or no authority to check the server with.
        LeaseHeld: another process of this station is at work.
    """
    settings = load_settings()
    keys = StationKeys.load(settings.station)
    with alone(settings.station), Link(settings.station_url, client_context(settings), keys.signer) as link:
        yield Here(settings.station, keys, link, Queue.open(settings.station, keys))


def tell(line: str) -> None:
    """Show a line to whoever sits at the station."""
    click.echo(line)
