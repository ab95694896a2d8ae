"""Commands for one officer, who signs in with number and finger at this terminal (§8.2): their options, and her desk."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from apps.cli.finger_desk import finger_desk
from apps.cli.station_reader import reader_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from biometrics.types import Reader
    from posko.services.office import Desk

    SignIn = Callable[[], AbstractContextManager[Desk]]


def officer_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a reader and a person to a command, which gets `sign_in` in their place: a context with the desk."""

    @reader_options
    @click.option("--station", "station_code", required=True, help="Kode stasiun tempat pembaca ini terdaftar.")
    @click.option("--person", "person_id", required=True, help="Nomor identitas Anda.")
    @wraps(function)
    def with_officer(*, open_reader: Callable[[], Reader], station_code: str, person_id: str, **more: Any) -> None:
        @contextmanager
        def sign_in() -> Iterator[Desk]:
            with finger_desk(open_reader, station_code) as fingers:
                yield fingers.signed_in(person_id)

        function(sign_in=sign_in, **more)

    return with_officer
