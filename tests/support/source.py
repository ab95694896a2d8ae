"""A source of BNP2TKI made by hand: tables to the contract (or with one planned departure), rows, edits, what it sends."""

from __future__ import annotations

from typing import Any

from ingest.contract import UPDATED_AT
from posko.db.staging_columns import KEY_COLUMN, TEXT_COLUMNS

COLUMNS = (*TEXT_COLUMNS, UPDATED_AT)
BINARY = {"varbinary", "blob", "longblob"}

HONEST = {
    "nama": "SITI AMINAH",
    "tempat_lahir": "KENDAL",
    "tanggal_lahir": "5/25/1985",
    "jenis_kelamin": "PEREMPUAN",
    "status_perkawinan": "BELUM KAWIN",
    "no_ktp": "3324066505850001",
    "alamat": "DS. SUKOREJO RT 01/02",
    "kota_asal": "KENDAL",
    "agama": "ISLAM",
    "no_telepon": "081234567890",
    "email": None,
    "pendidikan": "SMP",
    "sektor": "INFORMAL",
    "negara_tujuan": "HONGKONG",
    "kode_lsp": "LSP-01",
    "no_sertifikasi_kompetensi": None,
    "tanggal_sertifikasi_kompetensi": "",
    "kode_blkln": "BLKLN-01",
    "no_sertifikasi_blkln": "001/BLKLN/2012",
    "nama_pptkis": "PT MAJU",
    "tanggal_sertifikasi_blkln": "6/14/2012",
    "tanggal_masuk_blkln": "5/25/2012",
    "tanggal_keluar_blkln": "6/14/2012",
    "updated_at": "2012-06-20 08:00:00.000000",
}
"""A row that nobody objects to, but for its key."""

OTHER_TABLES = {
    "tki_sidik_jari": "id_tki varchar(64) not null, jari tinyint not null, format varchar(20) not null, data longblob not null,"
    " updated_at datetime(6) null, primary key (id_tki, jari)",
    "blkln": "kode_blkln varchar(64) not null primary key, nama varchar(255), kota varchar(255), kapasitas varchar(255),"
    " berlaku_sampai varchar(255), updated_at datetime(6) null",
    "pptkis": "nama_pptkis varchar(255) not null primary key, no_siup varchar(255), berlaku_sampai varchar(255),"
    " updated_at datetime(6) null",
}


def make_source(
    source: Any,
    *,
    key: str = "varchar(255) not null",
    primary_key: bool = True,
    collation: str = "utf8mb4_bin",
    without: tuple[str, ...] = (),
    **types: str,
) -> None:
    """Create the source tables; `types` replaces the type of a column of `tki_tlrt` or adds a column."""
    columns = {KEY_COLUMN: key, **{name: "varchar(255) null" for name in TEXT_COLUMNS if name != KEY_COLUMN}}
    columns |= {"nama": "varchar(1000) null", "alamat": "varchar(4000) null", UPDATED_AT: "datetime(6) null"} | types
    parts = [f"{name} {kind}" for name, kind in columns.items() if name not in without]
    tki = ", ".join([*parts, f"primary key ({KEY_COLUMN})"] if primary_key else parts)
    with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
        for table, ddl in {"tki_tlrt": tki, **OTHER_TABLES}.items():
            cursor.execute(f"drop table if exists {table}")
            cursor.execute(f"create table {table} ({ddl}) character set utf8mb4 collate {collation}")


def tki(id_tki: Any, **changes: Any) -> dict[str, Any]:
    """Return an honest row under this key, with some changes."""
    return {KEY_COLUMN: id_tki, **HONEST, **changes}


def send(source: Any, *rows: dict[str, Any]) -> None:
    """Insert rows into the source, one by one, so that a table without key keeps their order."""
    with source.connect(autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute("set sql_mode = 'NO_ENGINE_SUBSTITUTION'")
        marks = ", ".join(["%s"] * len(COLUMNS))
        for row in rows:
            cursor.execute(
                f"insert into tki_tlrt ({', '.join(COLUMNS)}) values ({marks})", [row[name] for name in COLUMNS]
            )
        connection.commit()


def send_many(source: Any, count: int, *, start: int = 1, **changes: Any) -> None:
    """Insert `count` honest rows with keys of six digits."""
    with source.connect(autocommit=False) as connection, connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(COLUMNS))
        rows = [
            tki(f"{number:06d}", **{"nama": f"TKI KE-{number}", **changes}) for number in range(start, start + count)
        ]
        cursor.executemany(
            f"insert into tki_tlrt ({', '.join(COLUMNS)}) values ({marks})",
            [[row[name] for name in COLUMNS] for row in rows],
        )
        connection.commit()


def run_sql(source: Any, *statements: str) -> int:
    """Run statements at the source and commit; return the rows that the last one changed."""
    with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return int(cursor.rowcount)


def correct(source: Any, id_tki: str, *, at: str | None = "2012-07-01 00:00:00.000000", **changes: Any) -> None:
    """Change a row; `at=None` leaves its `updated_at` as it was, which is a lie."""
    changes = {**changes, **({UPDATED_AT: at} if at else {})}
    with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
        assigned = ", ".join(f"{name} = %s" for name in changes)
        cursor.execute(f"update tki_tlrt set {assigned} where id_tki = %s", [*changes.values(), id_tki])


def withdraw(source: Any, *ids: str) -> None:
    """Delete rows from the source."""
    with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
        cursor.executemany("delete from tki_tlrt where id_tki = %s", [(one,) for one in ids])


def sent_rows(source: Any) -> list[tuple[bytes | None, ...]]:
    """Return every row of the source as bytes: text as UTF-8, binary columns as they are."""
    with source.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "select column_name, data_type from information_schema.columns where table_schema = database()"
            " and table_name = 'tki_tlrt'"
        )
        kinds = dict(cursor.fetchall())
        fields = ", ".join(
            f"cast({name} as binary)"
            if kinds[name] in BINARY
            else f"cast(convert(cast({name} as char) using utf8mb4) as binary)"
            for name in COLUMNS
        )
        cursor.execute(f"select {fields} from tki_tlrt")
        return list(cursor.fetchall())
