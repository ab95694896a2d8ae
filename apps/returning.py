"""The return to BNP2TKI as the system does it: make, deliver, relay, hear, read back (§14.3-14.5; R-164..R-170).

Each step may be repeated: whatever was cut short, the next run goes on. Where no line to BNP2TKI's table exists, results leave as package
files, or wait in the outbox until there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from exports.return_table import Occupied, read_confirmations, write_results
from posko.db.return_account import return_server
from posko.services import return_confirmations, return_delivery, return_fakes, return_outbox, returns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from posko.db.engine import Server
    from posko.domain.source_result import SourceResult
    from posko.services.office import Office
    from posko.settings import Settings

_OPEN = (
    "select return_batch_id from posko.return_batch"
    " where acknowledged_at is null and source_batch_id is not null order by return_batch_id"
)


class ReturnSite(Protocol):
    """Where results go: BNP2TKI's table over the line, or files."""

    @property
    def way(self) -> str:
        """`TABLE` or `FILE`."""

    def deliver(self, rows: Sequence[SourceResult]) -> tuple[Mapping[str, bytes], str]:
        """Let the rows of one sending stand there once; return ID TKI -> digest as read there, and a note of where."""

    def confirmations(self, sendings: Sequence[str], known: set[str]) -> Iterator[list[dict[str, Any]]]:
        """Yield what BNP2TKI confirmed."""


@dataclass(frozen=True)
class TableSite:
    """BNP2TKI's own table `hasil_uji`, reached with the account that may only add to it."""

    server: Server
    date_order: str
    way: str = "TABLE"

    def deliver(self, rows: Sequence[SourceResult]) -> tuple[Mapping[str, bytes], str]:
        """Write the rows and read them again; see `exports.return_table.write_results`."""
        return write_results(self.server, rows, self.date_order), f"hasil_uji, {rows[0].dispatch_id}"

    def confirmations(self, sendings: Sequence[str], known: set[str]) -> Iterator[list[dict[str, Any]]]:
        """Yield what stands in `hasil_uji_konfirmasi`."""
        return read_confirmations(self.server, sendings, known)


def table_site(settings: Settings, source: Server) -> TableSite | None:
    """Return BNP2TKI's table as the settings say how to reach it, or None."""
    server = return_server(settings, source)
    return None if server is None else TableSite(server, settings.source_date_format)


def give_back(office: Office, site: ReturnSite | None) -> dict[str, int]:
    """Make the returns that are due and deliver all that wait; return `returned` (rows put into the outbox) and `delivered` (rows).

    Raises:
        Occupied: BNP2TKI's table holds rows that POSKO did not send; they are noted (DV-C07).
        Refused: a result does not fit its decision (DV-C06), or a row is not what was recorded (DV-A11).
        ConnectionFailed, ConfigurationError: the table cannot be written now; what is due waits in the outbox.
    """
    returned, system = 0, office.desk(None)
    while rows := int(system.do(returns.make_return)["rows"] or 0):
        returned += rows
    return {"returned": returned, "delivered": 0 if site is None else deliver(office, site)}


def deliver(office: Office, site: ReturnSite) -> int:
    """Deliver every return that waits, the oldest first; return the rows. Errors as `give_back`."""
    delivered, system = 0, office.desk(None)
    with office.engine.connect() as db:
        waiting = return_outbox.waiting(db)
    for dispatch in waiting:
        number = dispatch.return_batch_id
        rows = system.do(return_delivery.take, return_batch_id=number)
        try:
            arrived, note = site.deliver(rows)
        except Occupied as found:
            system.do(return_delivery.occupied, return_batch_id=number, tki_ids=found.tki_ids)
            raise
        done = system.do(return_delivery.delivered, return_batch_id=number, arrived=arrived, way=site.way, note=note)
        delivered += done["rows"]
    return delivered


def hear(office: Office, site: ReturnSite | None) -> dict[str, int]:
    """Take in BNP2TKI's confirmations, read its table back from what was last received, and look for fakes.

    Returns:
        `confirmed`, `rejected`, `forged` (new confirmations), `closed` (rows that BNP2TKI shows as sent), `different`, `missing`
        (rows that it shows otherwise, or not yet), `fakes` (numbers never issued, noted now).
    """
    system = office.desk(None)
    counts = dict.fromkeys(("confirmed", "rejected", "forged", "closed", "different", "missing", "fakes"), 0)
    if site is not None:
        with office.engine.connect() as db:
            listened, known = return_confirmations.listened_for(db, office.clock(db))
        for rows in site.confirmations(listened, known):
            new = system.do(return_confirmations.confirmed, rows=rows)
            counts["confirmed"] += new["ACCEPTED"]
            counts["rejected"] += new["REJECTED"] + new["UNREADABLE"]
            counts["forged"] += new["FORGED"]
    for number in _open(office):
        found = system.do(returns.read_back_from_staging, return_batch_id=number)
        counts["closed"] += int(found["closed"])
        counts["different"] += len(found["different"])
        counts["missing"] += len(found["missing"])
    counts["fakes"] = system.do(return_fakes.find)["found"]
    return counts


def _open(office: Office) -> list[int]:
    with office.engine.connect() as db:
        return [int(number) for (number,) in db.execute(sa.text(_OPEN))]
