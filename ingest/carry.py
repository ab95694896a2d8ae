"""Carry one batch from the state it has to DONE; every step may be repeated after a kill.

PULLING: blocks flow into the landing table, one transaction a chunk. LANDED: the totals of both sides agree, chunk by
chunk. JUDGED: what cannot be typed stands in quarantine. DONE: the current rows hold the batch.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.judge import quarantine_landed
from ingest.landing import LANDING, Loader
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
        pulled = 0
        try:
            if batch.state == "PULLING":
                batch, pulled = self._pull(batch, snapshot)
            if batch.state == "LANDED":
                batch = self._judge(batch)
        except DataRefused as refusal:
            self.batches.abandon(batch, str(refusal))
            raise
        if batch.mode == "initial":
            return self._take_over_first(batch), pulled
        return merge(self.batches, batch, verified=list(batch.verified)), pulled

    def _pull(self, batch: Batch, snapshot: Snapshot) -> tuple[Batch, int]:
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
        return batch, landed.loaded + landed.refused

    def _judge(self, batch: Batch) -> Batch:
        """Quarantine what cannot be typed, and write down what became of the rows of this batch."""
        with self.batches.connection.cursor() as cursor:
            self.batches.check_fence(cursor)
            quarantine_landed(cursor, batch_id=batch.batch_id, today=batch.today)
            cursor.execute(
                "select reasons, count(*) from posko_staging.quarantine"
                " where batch_id = %s and source_table = 'tki_tlrt' group by reasons order by reasons",
                (batch.batch_id,),
            )
            refused = {str(reasons): int(rows) for reasons, rows in cursor.fetchall()}
            cursor.execute(f"select count(*) from {LANDING}")
            (accepted,) = cursor.fetchone()
        return self.batches.advance(
            batch,
            "JUDGED",
            accepted=int(accepted),
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
        typed, _ = self.batches.standing()
        self.batches.advance(batch, "DONE", inserted=typed, updated=0, deleted=0)
        return Merged(typed, 0, 0)
