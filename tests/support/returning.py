"""BNP2TKI's side of the return for tests: its tables, what stands in them, and how staging comes to know of it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from apps.returning import TableSite, table_site
from ingest.simulator_schema import TABLES

if TYPE_CHECKING:
    from posko.settings import Settings
    from tests.conftest import SourceServer
    from tests.support.world import World

RECEIVED = ("kode_lsp", "no_sertifikasi_kompetensi", "tanggal_sertifikasi_kompetensi")


def make_tables(source: SourceServer) -> None:
    """Make BNP2TKI's tables, empty."""
    with closing(source.connect(autocommit=True)) as connection, connection.cursor() as cursor:
        for table in ("tki_tlrt", "hasil_uji", "hasil_uji_konfirmasi"):
            cursor.execute(f"drop table if exists {table}")
            cursor.execute(TABLES[table])


def make_site(source: SourceServer, settings: Settings) -> TableSite:
    """Make BNP2TKI's tables and return the site that writes its results."""
    make_tables(source)
    site = table_site(settings, source.server)
    assert site is not None
    return site


def at_source(source: SourceServer, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask, or change, BNP2TKI's database as BNP2TKI itself."""
    with closing(source.connect(autocommit=True)) as connection, connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())


def trained(source: SourceServer, world: World, *tki_ids: str) -> None:
    """Let TKI stand in BNP2TKI's table and in staging."""
    for tki_id in tki_ids:
        at_source(
            source, "insert into tki_tlrt (id_tki, nama, updated_at) values (%s, %s, now(6))", tki_id, f"TKI {tki_id}"
        )
        world.add_tki(tki_id)


def receive_again(source: SourceServer, world: World) -> None:
    """Let staging hold what BNP2TKI's table shows now, as a pull would."""
    columns = ", ".join(RECEIVED)
    for tki_id, code, number, day in at_source(source, f"select id_tki, {columns} from tki_tlrt"):
        world.write(
            "update posko_staging.tki_tlrt set kode_lsp = :code, no_sertifikasi_kompetensi = :number,"
            " tanggal_sertifikasi_kompetensi = :day,"
            " tanggal_sertifikasi_kompetensi_date = str_to_date(nullif(:day, ''), '%c/%e/%Y') where id_tki = :id",
            code=code, number=number, day=day, id=tki_id,
        )  # fmt: skip
