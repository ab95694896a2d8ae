"""`posko station run`: the agent on a TUK's computer (R-041, R-185)."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import click

from apps.cli.station_here import station_here, tell
from apps.cli.station_reader import reader_options
from biometrics.station.agent import Agent

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader


@click.command("run")
@reader_options
def command(*, open_reader: Callable[[], Reader]) -> None:
    """Pegang pembaca dan jawab permintaan sidik jari stasiun ini sampai dihentikan; hanya sambungan keluar."""
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, _leave)
    with station_here() as here:
        Agent(here.folder, here.keys, here.link, here.queue, open_reader, tell).run()


def _leave(_number: int, _frame: object) -> None:
    """Leave at once, also while a question to the server is open: wherever that is, nothing is lost."""
    sys.exit(0)
