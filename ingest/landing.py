"""Loading of blocks into the landing table: typed in the same pass, one transaction a chunk, never a row cut or lost.

`LOAD DATA LOCAL` accepts bad values with a mere warning; so any warning but that of a date which does not exist rolls the
chunk back, and the chunk is inspected row by row. The landing table holds one batch; its rows are in nobody's way.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pymysql

from ingest.sift import Sifted, rows_of, sift
from ingest.suspect import COLUMNS
from posko.db.staging_columns import DATE_COLUMNS, KEY_COLUMN
from posko.domain.errors import TotalsDiffer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.pull import Block, Range
    from posko.db.engine import Server
    from posko.db.lease import Lease

ACCOUNT = "posko_ingest"
LANDING = "posko_staging.tki_tlrt_landing"

DATE_PATTERNS = {
    "MDY": ("^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\\\\z", "%m/%d/%Y"),
    "DMY": ("^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\\\\z", "%d/%m/%Y"),
    "YMD": ("^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\\\\z", "%Y-%m-%d"),
}
"""Declared order -> pattern that the whole text must have, and its format; never guessed (X10)."""

NO_SUCH_DATE = {1411, 1292}
MOST_WARNINGS = 65_535
"""A server counts no further; so many may be more."""
NOT_ALLOWED = 1227


@dataclass(frozen=True)
class Landed:
    """What one chunk became: rows loaded and rows refused."""

    loaded: int
    refused: int


def typed_date(text: str, date_format: str) -> str:
    """Return SQL of the date behind a text of the declared format; NULL where the text is no such date.

    `+ interval 0 day` turns a day that its month does not have into NULL; `str_to_date` alone lets it through.
    """
    pattern, parts = DATE_PATTERNS[date_format]
    return f"case when {text} regexp '{pattern}' then str_to_date({text}, '{parts}') + interval 0 day end"


class Loader:
    """One connection that loads chunks of one batch; not shared between threads."""

    def __init__(self, server: Server, lease: Lease, *, batch_id: int, date_format: str) -> None:
        self._connection = server.connect(ACCOUNT, "posko_staging", local_infile=True, autocommit=False)
        self._lease = lease
        self._batch_id = batch_id
        self._date_format = date_format
        with self._connection.cursor() as cursor:
            cursor.execute("set session sql_mode = 'NO_ZERO_DATE,NO_ZERO_IN_DATE'")
            _list_all_warnings(cursor)

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self._connection.close()

    def load(self, block: Block, sifted: Sifted) -> Landed:
        """Load one chunk and write its ledger row, in one transaction.

        Args:
            block: the range as read.
            sifted: its lines that can be stored, and its rows that cannot.

        Raises:
            TotalsDiffer: the server stored another number of rows than were sent.
            LeaseHeld: another process took over.
        """
        with self._connection.cursor() as cursor:
            self._lease.check_fence(cursor)
            if not self._fill(cursor, sifted, block.range, fits=not sifted.bulk_rows):
                self._again(cursor)
                sifted = self._fill_one_by_one(cursor, sifted, block)
            self._quarantine(cursor, sifted)
            self._write_ledger(cursor, block, sifted)
            self._connection.commit()
        return Landed(block.rows - len(sifted.refused), len(sifted.refused))

    def _again(self, cursor: Any) -> None:
        self._connection.rollback()
        self._lease.check_fence(cursor)

    def _fill_one_by_one(self, cursor: Any, sifted: Sifted, block: Block) -> Sifted:
        """Load lines after each was looked at: what is left then is a key that another row holds already."""
        second = sift(rows_of(sifted.payload))
        if not self._fill(cursor, second, block.range, fits=True):
            # The source tells keys apart that staging does not, in this chunk or between it and another one.
            self._again(cursor)
            second = sift(rows_of(sifted.payload), taken=self._taken(cursor, second.lines))
            if not self._fill(cursor, second, block.range, fits=True):
                self._connection.rollback()
                raise TotalsDiffer(
                    f"Server tidak menyimpan rentang {block.range.label()} apa adanya; rentang ini tidak diambil."
                )
        return Sifted(second.lines, [*sifted.refused, *second.refused])

    def _quarantine(self, cursor: Any, sifted: Sifted) -> None:
        cursor.execute("select utc_timestamp(6)")
        (now,) = cursor.fetchone()
        cursor.executemany(
            "insert into posko_staging.quarantine (batch_id, id_tki, reasons, row_as_sent, key_crc, row_crc, copy_no, first_seen_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (self._batch_id, r.key, r.reasons, r.as_sent, r.key_crc, r.row_crc, r.copy_no, now)
                for r in sifted.refused
            ],
        )

    def _taken(self, cursor: Any, lines: list[bytes]) -> set[str]:
        taken: set[str] = set()
        keys = [fields[0].decode() for line in lines for fields, _, _ in rows_of(line) if fields[0] is not None]
        for start in range(0, len(keys), 1000):
            some = keys[start : start + 1000]
            cursor.execute(f"select {KEY_COLUMN} from {LANDING} where {KEY_COLUMN} in %s", (some,))
            taken.update(key for (key,) in cursor.fetchall())
        return taken

    def _fill(self, cursor: Any, sifted: Sifted, wanted: Range, *, fits: bool) -> bool:
        """Load lines; False when the server did not store each exactly as sent, or may not have.

        Lines that were looked at one by one fit their columns (`fits`), so that only a key already held can keep one out.
        """
        if not sifted.rows:
            return True
        load_local(cursor, sifted.payload, lambda path: self._statement(path, wanted.chunk_no))
        stored, warnings = cursor.rowcount, cursor.warning_count
        return stored == sifted.rows and (fits or not warnings or self._harmless(cursor, warnings))

    def _harmless(self, cursor: Any, warnings: int) -> bool:
        """Return whether all warnings say that a date does not exist; a list that the server cut short tells too little."""
        cursor.execute("show warnings")
        listed = cursor.fetchall()
        return len(listed) == warnings < MOST_WARNINGS and all(
            code in NO_SUCH_DATE and "for column" not in text for _, code, text in listed
        )

    def _statement(self, path: str, chunk_no: int) -> str:
        dates = ", ".join(f"{column}_date = {typed_date(column, self._date_format)}" for column in DATE_COLUMNS)
        # The lines were decoded already: as mere bytes the server parts them in fewer steps, and checks what it stores.
        return (
            f"load data local infile '{path}' into table {LANDING} character set binary"
            f" fields terminated by x'1F' escaped by x'1B' lines terminated by x'1E' ({', '.join(COLUMNS)})"
            f" set {dates}, batch_id = {self._batch_id}, first_batch_id = {self._batch_id}, chunk_no = {chunk_no}"
        )

    def _write_ledger(self, cursor: Any, block: Block, sifted: Sifted) -> None:
        cursor.execute(
            "insert into posko_staging.receive_chunk (batch_id, chunk_no, range_label, range_after, range_to, source_rows,"
            " source_crc_sum, refused_rows, refused_crc_sum, loaded_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, utc_timestamp(6))",
            (
                self._batch_id,
                block.range.chunk_no,
                block.range.label()[:1000],
                block.range.after,
                block.range.to,
                block.rows,
                block.crc_sum,
                len(sifted.refused),
                sum(row.row_crc for row in sifted.refused),
            ),
        )


def _list_all_warnings(cursor: Any) -> None:
    """Let the server list up to 65,535 warnings of a statement; MySQL keeps that right for itself and lists 1,024."""
    try:
        cursor.execute("set session max_error_count = 65535")
    except pymysql.err.OperationalError as error:
        if error.args[0] != NOT_ALLOWED:
            raise


def load_local(cursor: Any, payload: bytes, statement: Callable[[str], str]) -> None:
    """Run the `LOAD DATA LOCAL` that `statement` gives for the path of these bytes, a file in memory only."""
    handle = os.memfd_create("posko-block")
    try:
        _write_all(handle, payload)
        cursor.execute(statement(f"/proc/self/fd/{handle}"))
    except AttributeError as error:
        # PyMySQL trips over its own clean-up when the connection is cut while it sends a file.
        raise pymysql.err.OperationalError(2013, "connection lost during LOAD DATA LOCAL") from error
    finally:
        os.close(handle)


def _write_all(handle: int, payload: bytes) -> None:
    view = memoryview(payload)
    while view:
        view = view[os.write(handle, view) :]
