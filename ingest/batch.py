"""The record of one pull: its mode, how far it came, its control totals, its outcome (R-083, R-086, R-182).

PULLING -> LANDED -> JUDGED -> DONE; a batch that was cut off is taken up again by the next run at the state it had.
FAILED is final: the data, as a whole, was refused and nothing of the batch is kept.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.landing import ACCOUNT
from ingest.pull import Range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from pymysql.connections import Connection as PyMySQL

    from posko.db.engine import Server
    from posko.db.lease import Lease

OPEN_STATES = ("PULLING", "LANDED", "JUDGED")


@dataclass(frozen=True)
class Batch:
    """One batch as it stands now."""

    batch_id: int
    mode: str
    state: str
    started_at: datetime
    since: datetime | None
    verified: tuple[int, ...] = ()

    @property
    def today(self) -> date:
        """The day that the typing rules take for today: that of the batch, so that a resumed run judges alike."""
        return self.started_at.date()


class BatchLog:
    """Reads and writes the batch record; every write is fenced by the lease."""

    def __init__(self, connection: PyMySQL[Any], lease: Lease, server: Server) -> None:
        self.connection = connection
        self._lease = lease
        self._server = server

    def check_fence(self, cursor: Any) -> None:
        """Hold the lease until the transaction of this cursor ends."""
        self._lease.check_fence(cursor)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """Hold the lease around statements that commit by themselves (rename, truncate), on a connection of its own."""
        with closing(self._server.connect(ACCOUNT, "posko_staging")) as guard, guard.cursor() as cursor:
            self._lease.check_fence(cursor)
            yield

    def unfinished(self) -> Batch | None:
        """Return the batch that an earlier run left, if any."""
        return self._batch("where state in %s order by batch_id desc limit 1", (OPEN_STATES,))

    def begin(
        self, mode: str, *, source_name: str, since: datetime | None, upto: datetime | None, extra: str | None
    ) -> Batch:
        """Write a new batch; the landing table must be empty."""
        with self.connection.cursor() as cursor:
            self._lease.check_fence(cursor)
            cursor.execute(
                "insert into posko_staging.receive_batch (mode, state, fence, source_name, started_at, watermark_from,"
                " watermark_to, extra_columns) values (%s, 'PULLING', %s, %s, utc_timestamp(6), %s, %s, %s)",
                (mode, self._lease.fence, source_name, since, upto, extra),
            )
            batch_id = cursor.lastrowid
        self.connection.commit()
        begun = self._batch("where batch_id = %s", (batch_id,))
        if begun is None:  # pragma: no cover - the row was written a line above
            raise LookupError(batch_id)
        return begun

    def advance(self, batch: Batch, state: str, **figures: Any) -> Batch:
        """Set the state and some figures, in the caller's transaction, and commit it."""
        columns = "".join(f", {column} = %s" for column in figures)
        finished = ", finished_at = utc_timestamp(6)" if state in {"DONE", "FAILED"} else ""
        with self.connection.cursor() as cursor:
            self._lease.check_fence(cursor)
            cursor.execute(
                f"update posko_staging.receive_batch set state = %s{finished}{columns} where batch_id = %s",
                (state, *figures.values(), batch.batch_id),
            )
        self.connection.commit()
        return replace(batch, state=state)

    def chunks(self, batch: Batch) -> list[Range]:
        """Return the ranges of this batch that are committed."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select chunk_no, range_after, range_to from posko_staging.receive_chunk where batch_id = %s",
                (batch.batch_id,),
            )
            found = [Range(number, after, to, nulls=number == 0) for number, after, to in cursor.fetchall()]
        self.connection.commit()
        return found

    def watermark(self) -> datetime | None:
        """Return the newest `updated_at` that a finished batch has seen."""
        with self.connection.cursor() as cursor:
            cursor.execute("select max(watermark_to) from posko_staging.receive_batch where state = 'DONE'")
            (found,) = cursor.fetchone()
        self.connection.commit()
        return found  # type: ignore[no-any-return]

    def accepted(self, batch: Batch) -> int:
        """Return how many rows of a judged batch can be typed."""
        with self.connection.cursor() as cursor:
            cursor.execute("select accepted from posko_staging.receive_batch where batch_id = %s", (batch.batch_id,))
            (accepted,) = cursor.fetchone()
        self.connection.commit()
        return int(accepted)

    def staged_rows(self) -> int:
        """Return how many rows of the source staging accounts for: typed now, or open in quarantine."""
        return sum(self.standing())

    def standing(self) -> tuple[int, int]:
        """Return (typed now, open in quarantine)."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select (select count(*) from posko_staging.tki_tlrt),"
                " (select count(*) from posko_staging.quarantine where source_table = 'tki_tlrt' and resolved_at is null)"
            )
            typed, quarantined = cursor.fetchone()
        self.connection.commit()
        return int(typed), int(quarantined)

    def net_changes(self, batches: list[Batch]) -> tuple[int, int, int]:
        """Return how many TKI several batches of one run together inserted, updated and deleted, each counted once."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select coalesce(sum(is_here and is_new), 0), coalesce(sum(is_here and not is_new), 0),"
                " coalesce(sum(not is_here and not is_new), 0) from (select now.id_tki is not null as is_here,"
                " substring(min(concat(lpad(batch_no, 20, '0'), change_kind)), 21) = 'INSERTED' as is_new"
                " from (select batch_id as batch_no, id_tki, change_kind from posko_staging.tki_tlrt_change"
                " where batch_id in %s) as noted left join posko_staging.tki_tlrt as now using (id_tki)"
                " group by noted.id_tki, now.id_tki) as touched",
                ([batch.batch_id for batch in batches],),
            )
            inserted, updated, deleted = cursor.fetchone()
        self.connection.commit()
        return int(inserted), int(updated), int(deleted)

    def abandon(self, batch: Batch, problem: str) -> None:
        """Give a batch up: nothing of it is kept but the record that it was tried, and why it ended."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "delete from posko_staging.quarantine where batch_id = %s and source_table = 'tki_tlrt'",
                (batch.batch_id,),
            )
        self.advance(batch, "FAILED", problem=problem)
        self.discard_landing()

    def discard_landing(self) -> None:
        """Empty the tables that hold a batch under way."""
        with self.fenced(), self.connection.cursor() as cursor:
            cursor.execute("truncate table posko_staging.tki_tlrt_landing")
            cursor.execute("truncate table posko_staging.tki_tlrt_source_key")

    def _batch(self, where: str, values: tuple[Any, ...]) -> Batch | None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"select batch_id, mode, state, started_at, watermark_from, verified_buckets from posko_staging.receive_batch {where}",
                values,
            )
            row = cursor.fetchone()
        self.connection.commit()
        if not row:
            return None
        batch_id, mode, state, started_at, since, buckets = row
        return Batch(batch_id, mode, state, started_at, since, tuple(json.loads(buckets)) if buckets else ())
