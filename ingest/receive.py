"""Receive the table of trained TKI from BNP2TKI (Pedoman §10.2, §12.1-12.2; R-082..R-086, R-182, R-184).

Received = typed + quarantined, to the row. A run may be killed at any moment: the next one goes on where the ledger ends.
The hourly path pulls what `updated_at` says has changed, with an overlap; when the counts of both sides then differ, or on
`verify`, checksums find every other change, deletions included.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pymysql
import structlog

from ingest import contract
from ingest.batch import Batch, BatchLog
from ingest.carry import Carrier
from ingest.fingerprints import receive_fingerprints
from ingest.landing import ACCOUNT
from ingest.pull import Snapshot
from ingest.registers import receive_registers
from posko.db.lease import held_lease
from posko.domain.errors import (
    ConfigurationError,
    ConnectionFailed,
    ContractBroken,
    DataRefused,
    PoskoError,
    SourceShrank,
    TotalsDiffer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pymysql.connections import Connection as PyMySQL

    from posko.db.engine import Server
    from posko.settings import Settings

log = structlog.get_logger()


@dataclass
class Received:
    """What stands in staging after a run, and what this run changed. All figures are rows of `tki_tlrt`.

    received = typed + quarantined and typed = inserted + updated + unchanged, always.
    """

    batch_id: int = 0
    mode: str = ""
    received: int = 0
    typed: int = 0
    quarantined: int = 0
    pulled: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    fingerprints: int = 0
    extra_columns: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for `--json`."""
        return asdict(self)


def receive(
    source: Server,
    target: Server,
    settings: Settings,
    *,
    verify: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Received:
    """Bring staging up to the source; returns when both sides account for the same rows.

    Args:
        source: the BNSP server that stands at BNP2TKI; only read.
        target: POSKO's own server.
        settings: date order, overlap, shrink limit, chunk size.
        verify: compare checksums of everything instead of trusting `updated_at`.
        progress: called with the number of rows of each chunk that is committed.

    Raises:
        LeaseHeld: another run is under way.
        ContractBroken, SourceShrank, TotalsDiffer: the data is refused; staging stays as it was.
        ConnectionFailed: a server went away; run again, nothing is lost.
    """
    began = time.monotonic()
    try:
        with (
            held_lease(target, ACCOUNT, "posko_staging", "receive", seconds=settings.lease_seconds) as lease,
            closing(target.connect(ACCOUNT, "posko_staging", local_infile=True)) as staging,
        ):
            outcome = _Run(
                source,
                staging,
                settings,
                Carrier(BatchLog(staging, lease, target), target, lease, settings, progress),
            ).all(verify=verify)
    except pymysql.err.MySQLError as error:
        raise explain(error) from error
    outcome.seconds = round(time.monotonic() - began, 3)
    log.info("received", **outcome.as_dict())
    return outcome


class _Run:
    """One receive under one lease."""

    def __init__(self, source: Server, staging: PyMySQL[Any], settings: Settings, carrier: Carrier) -> None:
        self.source, self.staging, self.settings, self.carrier = source, staging, settings, carrier
        self.batches = carrier.batches
        self.outcome = Received()
        self.carried: list[Batch] = []

    def all(self, *, verify: bool) -> Received:
        """Finish what an earlier run left, take a new batch, and verify when the counts call for it."""
        left = self.batches.unfinished()
        if left is not None and left.mode == "verify" and left.state == "PULLING":
            self.batches.abandon(left, "interrupted; verified anew")
            left, verify = None, True
        if left is not None:
            log.info("resuming", batch_id=left.batch_id, mode=left.mode, state=left.state)
            with closing(self._open_source()) as connection:
                self._carry(left, Snapshot.open(connection, self._shape(connection)))
        with closing(self._open_source()) as connection:
            shape = self._shape(connection)
            snapshot = Snapshot.open(connection, shape)
            rows, newest = self._new_batch(snapshot, verify=verify)
            with ThreadPoolExecutor(1, thread_name_prefix="others") as beside:
                others = beside.submit(self._others, verify=verify)
                standing = self._standing()
            if self.outcome.mode != "verify" and sum(standing) != rows:
                log.info("counts_differ", source_rows=rows, staged_rows=sum(standing))
                self._carry(self._begin("verify", None, newest, shape), snapshot)
                standing = self.batches.standing()
            self._report(rows, *standing)
        others.result()  # What ails the other tables must not keep the TKI from being verified and accounted for.
        return self.outcome

    def _standing(self) -> tuple[int, int]:
        """Count what stands on a connection of its own, while the other tables are received."""
        target, lease = self.carrier.target, self.carrier.lease
        with closing(target.connect(ACCOUNT, "posko_staging")) as connection:
            return BatchLog(connection, lease, target).standing()

    def _new_batch(self, snapshot: Snapshot, *, verify: bool) -> tuple[int, datetime | None]:
        rows, newest = snapshot.size()
        self._refuse_shrunk(rows)
        watermark = self.batches.watermark()
        if watermark is None and self.batches.staged_rows() == 0:
            batch = self._begin("initial", None, newest, snapshot.shape)
        elif verify or watermark is None:
            batch = self._begin("verify", None, newest, snapshot.shape)
        else:
            since = watermark - timedelta(minutes=self.settings.receive_overlap_minutes)
            batch = self._begin("delta", since, newest, snapshot.shape)
        self._carry(batch, snapshot)
        return rows, newest

    def _shape(self, connection: PyMySQL[Any]) -> contract.SourceShape:
        with connection.cursor() as cursor:
            shape = contract.inspect(cursor)
        self.outcome.extra_columns = shape.extra_columns
        return shape

    def _open_source(self) -> PyMySQL[Any]:
        connection = self.source.connect(self.source.admin, read_timeout=600)
        with connection.cursor() as cursor:
            # A zero date must arrive as it stands there, to be refused by name; a strict session would read NULL.
            cursor.execute(
                "set session sql_mode = '', session lock_wait_timeout = %s",
                (self.settings.source_lock_seconds,),
            )
        return connection

    def _begin(self, mode: str, since: datetime | None, newest: datetime | None, shape: contract.SourceShape) -> Batch:
        self.batches.discard_landing()
        extra = json.dumps(shape.extra_columns) if shape.extra_columns else None
        return self.batches.begin(mode, source_name=self.settings.source_name, since=since, upto=newest, extra=extra)

    def _refuse_shrunk(self, rows: int) -> None:
        known = self.batches.staged_rows()
        if known and (known - rows) / known > self.settings.receive_shrink_limit:
            raise SourceShrank(
                f"Sumber menyusut dari {known} menjadi {rows} TKI, lebih dari batas {self.settings.receive_shrink_limit:.0%}. "
                "Tidak ada yang dihapus. Tanyakan BNP2TKI; bila benar, ulangi dengan POSKO_RECEIVE_SHRINK_LIMIT yang lebih besar."
            )

    def _carry(self, batch: Batch, snapshot: Snapshot) -> None:
        merged, pulled = self.carrier.carry(batch, snapshot)
        self.carried.append(batch)
        self.outcome.batch_id, self.outcome.mode = batch.batch_id, batch.mode
        self.outcome.pulled += pulled
        self.outcome.inserted += merged.inserted
        self.outcome.updated += merged.updated
        self.outcome.deleted += merged.deleted

    def _report(self, rows: int, typed: int, quarantined: int) -> None:
        """Prove that staging accounts for every row of the source, and write it down."""
        out = self.outcome
        out.received, out.typed, out.quarantined = rows, typed, quarantined
        if any(batch.mode == "initial" for batch in self.carried):
            out.inserted, out.updated, out.deleted = out.typed, 0, 0
        elif len(self.carried) > 1:
            out.inserted, out.updated, out.deleted = self.batches.net_changes(self.carried)
        out.unchanged = out.typed - out.inserted - out.updated
        with self.staging.cursor() as cursor:
            self.batches.check_fence(cursor)
            cursor.execute(
                "update posko_staging.receive_batch set received = %s, typed = %s, quarantined = %s,"
                " unchanged = %s - inserted - updated where batch_id = %s",
                (rows, out.typed, out.quarantined, out.typed, out.batch_id),
            )
        self.staging.commit()
        if rows != out.typed + out.quarantined:
            raise TotalsDiffer(
                f"Sumber memuat {rows} TKI, tetapi {out.typed} diketik dan {out.quarantined} dikarantina. "
                "Jalankan posko receive --verify; bila tetap berbeda, periksa ID TKI ganda di sumber."
            )

    def _others(self, *, verify: bool) -> None:
        with closing(self._open_source()) as connection:
            lease, batch_id = self.carrier.lease, self.outcome.batch_id
            receive_registers(connection, self.staging, lease, batch_id=batch_id, settings=self.settings)
            self.outcome.fingerprints = receive_fingerprints(
                connection, self.staging, lease, batch_id=batch_id, settings=self.settings, verify=verify
            )


def explain(error: pymysql.err.MySQLError) -> PoskoError:
    """Turn a database error into a sentence that says what happened and what to do."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if code in {1146, 1051, 1412}:
        return ContractBroken(
            "Tabel sumber dihapus atau diubah selama ditarik. Tidak ada yang hilang; jalankan lagi bila sudah kembali."
        )
    if code == 1205:
        return ConnectionFailed(
            "Tabel sumber dikunci oleh proses lain terlalu lama. Tidak ada yang hilang; jalankan lagi nanti."
        )
    if code in {1114, 1021, 28, 1030}:
        return ConnectionFailed(
            "Disk server POSKO penuh. Kosongkan ruang, lalu jalankan lagi; proses berlanjut dari bagian terakhir."
        )
    if code in {1148, 3948, 4166}:
        return ConfigurationError(
            "Server POSKO tidak mengizinkan LOAD DATA LOCAL. Setel local_infile=ON di server itu, lalu ulangi."
        )
    if code in {2003, 2006, 2013, 2014, 1053, 1927, 0}:
        return ConnectionFailed(
            f"Sambungan ke server terputus (kode {code}). Tidak ada yang hilang; jalankan lagi, proses berlanjut."
        )
    return DataRefused(
        f"Server basis data menolak perintah (kode {code}). Batch tidak diselesaikan; lihat var/log dan jalankan lagi."
    )
