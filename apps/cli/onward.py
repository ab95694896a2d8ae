"""What `posko run` and `posko hand-over` need to go on after the gates: the office of the system, and the way to BNP2TKI."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.cli import context
from apps.deviation_run import judge_before_publication
from apps.operator import demo_clock
from apps.pipeline.onward import Onward
from apps.publish_site import publish_site
from apps.returning import table_site
from apps.returning_file import file_site
from posko.domain.errors import PoskoError
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def onward(office: Office | None = None) -> Iterator[Onward]:
    """Yield what goes on without a click.

    Args:
        office: whose clock counts; default the installation's. In the demo that goes on where the last played day ended.
    """
    settings = context.settings()
    with system_office(office) as own:

        def show_public() -> dict[str, int]:
            done = publish_site(own, context.posko(), settings.site)
            return {"public_persons": done.persons, "public_files": done.files}

        def judge() -> dict[str, int]:
            return judge_before_publication(own, context.posko(), lease_seconds=settings.lease_seconds)

        site = table_site(settings, context.source()) or file_site(settings, own)
        yield Onward(own, site, show_public, judge)


@contextmanager
def system_office(office: Office | None = None) -> Iterator[Office]:
    """Yield the office whose system acts, and end its log; one that was given belongs to who gave it."""
    own = office or _office()
    try:
        yield own
    finally:
        if office is None:
            # When the server is away the log shows an open end, and that is true.
            with suppress(sa.exc.DBAPIError, PoskoError):
                own.close()


def _office() -> Office:
    settings = context.settings()
    made = Office.of(settings, context.app_engine())
    if settings.environment == "production":
        return made
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return replace(made, clock=demo_clock.clock_from(demo_clock.played_until(settings.var), now))
