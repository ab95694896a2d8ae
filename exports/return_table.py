"""Results into BNP2TKI's table `hasil_uji` and its confirmations out of `hasil_uji_konfirmasi` (§14.3-14.5; R-164, R-168, F32).

A row stands there exactly once for each (id_tki, versi): before each chunk the rows under its keys are read, only what is missing is added,
in one transaction, and then all are read again. After a kill or a cut line the same call goes on; nothing is ever changed or deleted.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pymysql

from posko.domain.errors import ConfigurationError, ConnectionFailed, DataRefused
from posko.domain.source_result import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

    from posko.db.engine import Server
    from posko.domain.source_result import SourceResult

CHUNK_ROWS = 5_000
"""Rows a transaction at the source."""
CONFIRMATION = ("id_kiriman", "id_tki", "versi", "diterima_pada", "status", "alasan")
MOST_A_SENDING = 50_000
"""Confirmations of one sending that are read: five times what it has rows; whoever writes more is up to something."""
MOST_STRANGE = 100
"""Sendings unknown to us whose confirmations one call reads, and rows of each: enough to see a forger, too little to drown in."""
_INSERT = (
    "insert into hasil_uji (id_tki, hasil, kode_lsp, no_sertifikasi_kompetensi, tanggal_sertifikasi_kompetensi, versi, id_kiriman,"
    " dikirim_pada) values (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_READ = (
    "select id_tki, hasil, kode_lsp, no_sertifikasi_kompetensi, tanggal_sertifikasi_kompetensi, versi, id_kiriman, dikirim_pada"
    " from hasil_uji where id_tki in %s"
)
_CONFIRMATIONS = (
    "select id_kiriman, id_tki, versi, diterima_pada, status, alasan from hasil_uji_konfirmasi"
    " where id_kiriman = %s order by id_tki, versi limit %s"
)
Texts = tuple[str | int | datetime | None, ...]
"""The values of one row, in the order of `COLUMNS`."""
_VERSION = COLUMNS.index("versi")
_DUPLICATE, _NO_TABLE, _NO_COLUMN = 1062, 1146, 1054
_DENIED = frozenset({1044, 1142, 1143})


class Occupied(DataRefused):
    """Under keys of the sending stand rows that POSKO did not write; `tki_ids` names them. Nothing of them was touched."""

    def __init__(self, tki_ids: Sequence[str]) -> None:
        shown = ", ".join(tki_ids[:5])
        super().__init__(
            f"Tabel hasil_uji di BNP2TKI berisi baris yang tidak dikirim POSKO: TKI {shown}. Pengembaliannya menunggu;"
            " minta BNP2TKI memeriksa siapa yang menulisnya."
        )
        self.tki_ids = list(tki_ids)


def write_results(server: Server, rows: Sequence[SourceResult], date_order: str) -> dict[str, bytes]:
    """Let every row stand in `hasil_uji` exactly once, and return ID TKI -> digest of each as it was read there afterwards.

    Args:
        server: of BNP2TKI, with the account that may add to `hasil_uji`.
        rows: of one sending, one row a TKI.
        date_order: declared order of BNP2TKI's date texts: MDY, DMY or YMD.

    Raises:
        Occupied: another row stands under the key of one of them.
        ConfigurationError: the table is missing, not to the contract, or the account may not write it.
        ConnectionFailed: the line was cut; some chunks may stand there, and the next call goes on.
    """
    arrived: dict[str, bytes] = {}
    with _opened(server) as connection:
        for start in range(0, len(rows), CHUNK_ROWS):
            some = rows[start : start + CHUNK_ROWS]
            chunk = {row.tki_id: row.texts(date_order) for row in some}
            _add(connection, _missing(connection, chunk))
            if _missing(connection, chunk):
                raise ConnectionFailed(
                    "Sebagian hasil tidak tersimpan di BNP2TKI. Ulangi; yang sudah ada tidak ditulis lagi."
                )
            arrived.update({row.tki_id: row.digest for row in some})
    return arrived


def read_confirmations(
    server: Server, sendings: Sequence[str], known: Collection[str]
) -> Iterator[list[dict[str, Any]]]:
    """Yield the confirmations of each sending that is listened for, and then of those that are not ours.

    Args:
        server: of BNP2TKI.
        sendings: `id_kiriman` whose confirmations are wanted.
        known: every `id_kiriman` that was ever made: any other is forged.

    Raises:
        ConfigurationError: the table is missing or not to the contract.
        ConnectionFailed: the line was cut.
    """
    with _opened(server) as connection, connection.cursor() as cursor:
        for name in sendings:
            if found := _confirmations(cursor, name, MOST_A_SENDING):
                yield found
        cursor.execute("select id_kiriman from hasil_uji_konfirmasi group by id_kiriman")
        for name in [name for (name,) in cursor.fetchall() if name not in known][:MOST_STRANGE]:
            yield _confirmations(cursor, name, MOST_STRANGE)


def _confirmations(cursor: Cursor, name: str, most: int) -> list[dict[str, Any]]:
    cursor.execute(_CONFIRMATIONS, (name, most))
    return [dict(zip(CONFIRMATION, row, strict=True)) for row in cursor.fetchall()]


def _missing(connection: Connection[Any], chunk: Mapping[str, Texts]) -> list[Texts]:
    """Return the rows of a chunk (ID TKI -> values) that do not stand there yet.

    Raises:
        Occupied: under the key of one stands something else.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, (tuple(chunk),))
        there = {
            row[0]: row for row in cursor.fetchall() if row[0] in chunk and row[_VERSION] == chunk[row[0]][_VERSION]
        }
    connection.commit()  # the next look must see what others added meanwhile
    strange = [tki_id for tki_id, row in there.items() if row != chunk[tki_id]]
    if strange:
        raise Occupied(sorted(strange))
    return [row for tki_id, row in chunk.items() if tki_id not in there]


def _add(connection: Connection[Any], rows: Sequence[Texts]) -> None:
    if not rows:
        return
    try:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)
        connection.commit()
    except pymysql.err.IntegrityError as error:
        if error.args[:1] != (_DUPLICATE,):
            raise
        # Another process of ours added one of them meanwhile: the look that follows says what is still missing.
        connection.rollback()


@contextmanager
def _opened(server: Server) -> Iterator[Connection[Any]]:
    """Open the source; its errors become sentences."""
    connection = server.connect(server.admin)
    try:
        with connection.cursor() as cursor:
            # A value that does not fit must be an error, not a shorter value.
            cursor.execute("set session sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'")
        yield connection
    except pymysql.err.DataError as error:
        raise ConfigurationError(
            "Tabel hasil_uji di BNP2TKI terlalu sempit untuk hasil POSKO. Samakan dengan kontrak."
        ) from error
    except (pymysql.err.OperationalError, pymysql.err.ProgrammingError, pymysql.err.InterfaceError) as error:
        code = error.args[0] if error.args else 0
        if code in {_NO_TABLE, _NO_COLUMN}:
            raise ConfigurationError(
                "Tabel hasil_uji atau hasil_uji_konfirmasi di BNP2TKI tidak ada atau tidak sesuai kontrak. Minta BNP2TKI membuatnya."
            ) from error
        if code in _DENIED:
            raise ConfigurationError(
                f"Akun {server.admin} tidak boleh menambah baris hasil_uji. Beri hak SELECT dan INSERT padanya, lalu ulangi."
            ) from error
        raise ConnectionFailed(
            f"Sambungan ke server BNP2TKI terputus saat hasil dikembalikan (kode {code}). Ulangi; yang sudah ada tidak ditulis lagi."
        ) from error
    finally:
        if connection.open:
            connection.close()
