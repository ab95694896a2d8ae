"""Results to BNP2TKI as package files, where no line to its table exists (§14.3-14.4; R-164, F09).

A sending becomes one package, whatever is cut short: it is entered into the register of packages under its batch before it is given out,
and what is entered there is not made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.packages import Packages
from exports.package_keys import keys_in
from exports.package_schemas import rows_hash, table_of
from exports.return_package import RESULTS, package_rows
from posko.domain.errors import ConfigurationError
from posko.services import packages, packages_keys
from posko.services.packages import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from posko.domain.source_result import SourceResult
    from posko.services.office import Office
    from posko.settings import Settings

RELAY = "RELAY"
"""The BNSP server at BNP2TKI, as packages name it."""
_BATCH = """
    select own.relay_batch_id, sent.sequence from posko.return_batch as own
    left join posko.package_sent as sent on sent.batch_id = own.relay_batch_id and sent.recipient = 'RELAY'
    where own.dispatch_id = :dispatch"""


@dataclass(frozen=True)
class FileSite:
    """Packages to the BNSP server at BNP2TKI."""

    office: Office
    packages: Packages
    date_order: str
    way: str = "FILE"

    def deliver(self, rows: Sequence[SourceResult]) -> tuple[Mapping[str, bytes], str]:
        """Let one package of these rows lie in the box, made now or before; return the digests of its rows, and its name.

        Raises:
            Refused, ConfigurationError: as `Packages.send`; there is no key.
        """
        self.packages.make([])  # finishes what an earlier call left half
        with self.office.engine.connect() as db:
            batch = db.execute(sa.text(_BATCH), {"dispatch": rows[0].dispatch_id}).mappings().one()
        sequence = batch["sequence"] or self._send(rows, int(batch["relay_batch_id"]))
        return {row.tki_id: row.digest for row in rows}, f"{RELAY}/{sequence:06d}-{RESULTS}"

    def confirmations(self, _sendings: Sequence[str], _known: set[str]) -> Iterator[list[dict[str, Any]]]:
        """Yield nothing: without a line nobody confirms; BNP2TKI's own table, read back, tells."""
        yield from ()

    def _send(self, rows: Sequence[SourceResult], batch_id: int) -> int:
        table = package_rows(rows, self.date_order)
        with self.office.engine.connect() as db:
            last = packages.last_sent(db, HERE, RELAY)
            key = packages_keys.recipient_key(db, RELAY)
        facts: dict[str, str | int] = {
            "batch_id": batch_id,
            "dispatch_id": rows[0].dispatch_id,
            "rows": len(rows),
            "rows_sha256": rows_hash(RESULTS, table_of(RESULTS, table)),
        }
        told: dict[str, Any] = {"sender": HERE, "recipient": RELAY, "age_recipient": key, "facts": facts}
        told |= {"sequence": last.sequence, "manifest_sha256": last.manifest_sha256}
        keys = keys_in(self.packages.keys, HERE)
        if keys is None:
            raise ConfigurationError(f"Belum ada kunci paket {HERE}. Jalankan posko package keygen {HERE} dahulu.")
        with self.packages.box.alone():
            _, manifest = self.packages.send(RESULTS, table, told, keys)
        return manifest.sequence


def file_site(settings: Settings, office: Office) -> FileSite | None:
    """Return the way by files, if BNSP has keys and has registered one of the server at BNP2TKI; otherwise None."""
    made = Packages.of(settings, office)
    if keys_in(made.keys, HERE) is None:
        return None
    with office.engine.connect() as db:
        if not any(row["body"] == RELAY for row in packages_keys.in_force(db)):
            return None
    return FileSite(office, made, settings.source_date_format)
