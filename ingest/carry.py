"""Carry one batch from the state it has to DONE; every step may be repeated after a kill.

PULLING: blocks flow into the landing table, one transaction a chunk. LANDED: the totals of both sides agree, chunk by
chunk. JUDGED: what cannot be typed stands in quarantine. DONE: the current rows hold the batch.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.judge import quarantine_landed, suspects
from ingest.landing import ACCOUNT, LANDING, Loader
from ingest.merge import CURRENT, Merged, merge, swap_first_load
from ingest.pull import Range
from ingest.transfer import transfer
from ingest.verify import differing_buckets, fetch_source_keys, keys_to_pull
from posko.domain.errors import DataRefused, TotalsDiffer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.batch import Batch, BatchLog
    from ingest.pull import Snapshot
    from posko.db.engine import Server
    from posko.db.lease import Lease
    from posko.settings import Settings


@dataclass(frozen=True)
class Carrier:
    """What carrying a batch needs."""

    batches: BatchLog
    target: Server
    lease: Lease
    settings: Settings
    progress: Callable[[int], None]

    def carry(self, batch: Batch, snapshot: Snapshot) -> tuple[Merged, int]:
        """Carry the batch to DONE; return what it changed and how many rows were pulled.

        Raises:
            DataRefused: the batch is given up; staging is as it was before it.
        """
        pulled, named = 0, None
        try:
            if batch.state == "PULLING":
                batch, pulled, named = self._pull(batch, snapshot)
            if batch.state == "LANDED":
                batch = self._judge(batch, named)
        except DataRefused as refusal:
            self.batches.abandon(batch, str(refusal))
            raise
        if batch.mode == "initial":
            return self._take_over_first(batch), pulled
        return merge(self.batches, batch, verified=list(batch.verified)), pulled

    def _pull(self, batch: Batch, snapshot: Snapshot) -> tuple[Batch, int, list[str] | None]:
        """Load all ranges and compare the totals; return the batch, the rows pulled, and what `suspects` says of them."""
        ranges = self._ranges(batch, snapshot)
        if batch.mode == "verify":
            buckets = differing_buckets(snapshot, self.batches.connection)
            batch = replace(batch, verified=tuple(buckets))
            ranges = self._differing(buckets, snapshot)
        with ExitStack() as stack:
            loaders = []
            for _ in range(self.settings.receive_loaders):
                loader = Loader(
                    self.target,
                    self.lease,
                    batch_id=batch.batch_id,
                    date_format=self.settings.source_date_format,
                )
                stack.callback(loader.close)
                loaders.append(loader)
            landed = transfer(snapshot, loaders, ranges, since=batch.since, progress=self.progress)
        with ThreadPoolExecutor(1, thread_name_prefix="suspects") as beside:
            naming = beside.submit(self._suspects, batch)
            staged_rows, staged_sum = self._compare_totals(batch)
        batch = self.batches.advance(
            batch,
            "LANDED",
            verified_buckets=json.dumps(batch.verified),
            pulled=staged_rows,
            source_rows=staged_rows,
            source_crc_sum=staged_sum,
            staged_rows=staged_rows,
            staged_crc_sum=staged_sum,
        )
        return batch, landed.loaded + landed.refused, naming.result()

    def _suspects(self, batch: Batch) -> list[str] | None:
        """Name the suspect rows on a connection of its own, while the totals are compared; both scan the landing table."""
        with closing(self.target.connect(ACCOUNT, "posko_staging")) as connection, connection.cursor() as cursor:
            return suspects(cursor, today=batch.today)

    def _judge(self, batch: Batch, named: list[str] | None) -> Batch:
        """Quarantine what cannot be typed, and write down what became of the rows of this batch."""
        with self.batches.connection.cursor() as cursor:
            self.batches.check_fence(cursor)
            moved = quarantine_landed(cursor, batch_id=batch.batch_id, today=batch.today, among=named)
            cursor.execute(
                "select reasons, count(*) from posko_staging.quarantine"
                " where batch_id = %s and source_table = 'tki_tlrt' group by reasons order by reasons",
                (batch.batch_id,),
            )
            refused = {str(reasons): int(rows) for reasons, rows in cursor.fetchall()}
            cursor.execute(
                "select coalesce(sum(landed_rows), 0) from posko_staging.receive_chunk where batch_id = %s",
                (batch.batch_id,),
            )
            (landed,) = cursor.fetchone()
        return self.batches.advance(
            batch,
            "JUDGED",
            accepted=int(landed) - moved,
            refused=sum(refused.values()),
            refused_reasons=json.dumps(refused),
        )

    def _ranges(self, batch: Batch, snapshot: Snapshot) -> Iterator[Range]:
        done = self.batches.chunks(batch)
        if snapshot.shape.key_may_be_null and not any(one.nulls for one in done):
            yield Range(0, None, None, nulls=True)
        yield from snapshot.ranges(self.settings.receive_chunk_rows, since=batch.since, done=done)

    def _differing(self, buckets: list[int], snapshot: Snapshot) -> Iterator[Range]:
        if not buckets:
            return
        staging = self.batches.connection
        with self.batches.fenced():
            fetch_source_keys(snapshot, staging, buckets, rows=self.settings.receive_chunk_rows)
        yield from keys_to_pull(staging)

    def _compare_totals(self, batch: Batch) -> tuple[int, int]:
        """Hold the totals of source and landing against each other, chunk by chunk; return those of the batch."""
        with self.batches.connection.cursor() as cursor:
            cursor.execute(
                "update posko_staging.receive_chunk as chunk left join (select chunk_no, count(*) as n, sum(row_crc) as total"
                f" from {LANDING} group by chunk_no) as landed on landed.chunk_no = chunk.chunk_no"
                " set chunk.landed_rows = coalesce(landed.n, 0), chunk.landed_crc_sum = coalesce(landed.total, 0)"
                " where chunk.batch_id = %s",
                (batch.batch_id,),
            )
            cursor.execute(
                "select range_label, source_rows, landed_rows + refused_rows from posko_staging.receive_chunk where batch_id = %s"
                " and (source_rows <> landed_rows + refused_rows or source_crc_sum <> landed_crc_sum + refused_crc_sum)"
                " order by chunk_no",
                (batch.batch_id,),
            )
            wrong = cursor.fetchall()
            cursor.execute(
                "select coalesce(sum(source_rows), 0), coalesce(sum(source_crc_sum), 0) from posko_staging.receive_chunk"
                " where batch_id = %s",
                (batch.batch_id,),
            )
            rows, total = cursor.fetchone()
        self.batches.connection.commit()
        if wrong:
            named = "; ".join(f"{label} ({sent} dikirim, {kept} tersimpan)" for label, sent, kept in wrong[:10])
            raise TotalsDiffer(
                f"Jumlah kendali berbeda pada {len(wrong)} rentang: {named}. Kiriman ini ditolak; jalankan lagi."
            )
        return int(rows), int(total)

    def _take_over_first(self, batch: Batch) -> Merged:
        """Make a first load the current rows; if a killed run has traded the names already, only say so."""
        with self.batches.fenced(), self.batches.connection.cursor() as cursor:
            cursor.execute(f"select exists(select 1 from {CURRENT})")
            (taken_over,) = cursor.fetchone()
            self.batches.connection.commit()
            if not taken_over:
                swap_first_load(cursor)
        typed = self.batches.accepted(batch)
        self.batches.advance(batch, "DONE", inserted=typed, updated=0, deleted=0)
        return Merged(typed, 0, 0)
