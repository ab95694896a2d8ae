"""The contract with BNP2TKI: which tables and columns the source must have (§10.2, R-027, R-094).

A missing table or column stops the run with its name; an additional column is recorded and reported, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.db.staging_columns import FIELD_END, KEY_COLUMN, NULL_MARK, TEXT_COLUMNS
from posko.domain.errors import ContractBroken

if TYPE_CHECKING:
    from pymysql.cursors import Cursor

UPDATED_AT = "updated_at"

TABLES: dict[str, tuple[str, ...]] = {
    "tki_tlrt": (*TEXT_COLUMNS, UPDATED_AT),
    "tki_sidik_jari": ("id_tki", "jari", "format", "data", UPDATED_AT),
    "blkln": ("kode_blkln", "nama", "kota", "kapasitas", "berlaku_sampai", UPDATED_AT),
    "pptkis": ("nama_pptkis", "no_siup", "berlaku_sampai", UPDATED_AT),
}
"""Source table -> columns that it must have."""

TEXT_TYPES = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext"}
BINARY_TYPES = {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"}
TIME_TYPES = {"datetime", "timestamp"}

SEPARATOR = f"cast(x'{FIELD_END.hex()}' as binary)"
"""SQL of the byte between two fields. As bytes, so that the whole line is bytes: a server that puts text together decodes
and checks every character again each time it copies a line, which took a third of the source's work."""


@dataclass(frozen=True)
class SourceShape:
    """What the source's `tki_tlrt` looks like: how to read each column as text, and what it has beyond the contract."""

    expressions: dict[str, str]
    wide_columns: tuple[str, ...]
    nullable: tuple[str, ...]
    extra_columns: dict[str, list[str]]

    @property
    def key_may_be_null(self) -> bool:
        """Whether the source may hold rows without a key."""
        return KEY_COLUMN in self.nullable

    @property
    def line(self) -> str:
        """SQL of one row as one line of bytes, all contract columns in order: those of `row_line_sql` on our side."""
        return f"concat_ws({SEPARATOR}, {', '.join(map(self._field, self.expressions))})"

    @property
    def key_crc(self) -> str:
        """SQL of the checksum of a row's key."""
        return f"crc32(cast({self._field(KEY_COLUMN)} as binary))"

    @property
    def null_total(self) -> str:
        """SQL of the number of NULL fields of all rows; the reader uses it to know NULL marks from data."""
        return " - ".join([f"count(*) * {len(self.nullable)}", *(f"count({column})" for column in self.nullable)])

    def _field(self, column: str) -> str:
        expression = self.expressions[column]
        return f"ifnull({expression}, x'{NULL_MARK.hex()}')" if column in self.nullable else expression

    @property
    def too_long(self) -> str:
        """SQL of whether a row may hold a text longer than its column here; columns that cannot are not asked.

        No text has more characters than bytes, and bytes are counted many times quicker.
        """
        asked = [
            f"octet_length({self.expressions[name]}) > {width} and char_length({self.expressions[name]}) > {width}"
            for name, width in TEXT_COLUMNS.items()
            if name in self.wide_columns
        ]
        return " or ".join(asked) or "false"


def inspect(cursor: Cursor) -> SourceShape:
    """Read the source's own catalogue and hold it against the contract.

    Raises:
        ContractBroken: a table or column is missing, or a text column is no text column.
    """
    cursor.execute(
        "select table_name, column_name, data_type, character_set_name, is_nullable, character_maximum_length"
        " from information_schema.columns where table_schema = database() order by table_name, ordinal_position"
    )
    found: dict[str, dict[str, tuple[str, str | None, str, int | None]]] = {}
    for table, column, data_type, charset, nullable, width in cursor.fetchall():
        found.setdefault(_text(table), {})[_text(column).lower()] = (
            _text(data_type).lower(),
            charset,
            _text(nullable),
            width,
        )
    for table, columns in TABLES.items():
        _require(table, columns, found.get(table))
    extra = {table: sorted(set(found[table]) - set(columns)) for table, columns in TABLES.items()}
    tki = found["tki_tlrt"]
    return SourceShape(
        expressions={column: _as_text(column, *tki[column][:2]) for column in TABLES["tki_tlrt"]},
        wide_columns=tuple(name for name, width in TEXT_COLUMNS.items() if (tki[name][3] or width + 1) > width),
        # A time that the source itself takes for none becomes NULL in the cast, whatever its column says.
        nullable=tuple(column for column in TABLES["tki_tlrt"] if tki[column][2] == "YES" or column == UPDATED_AT),
        extra_columns={table: names for table, names in extra.items() if names},
    )


def _require(table: str, columns: tuple[str, ...], found: dict[str, Any] | None) -> None:
    if found is None:
        raise ContractBroken(
            f"Tabel {table} tidak ada di basis data sumber. Minta BNP2TKI mengirim tabel itu; tidak ada yang diubah."
        )
    missing = [column for column in columns if column not in found]
    if missing:
        raise ContractBroken(
            f"Kolom {', '.join(missing)} tidak ada pada tabel sumber {table}. Minta BNP2TKI melengkapinya; tidak ada yang diubah."
        )


def _as_text(column: str, data_type: str, charset: str | None) -> str:
    if column == UPDATED_AT:
        if data_type not in TIME_TYPES:
            raise ContractBroken(f"Kolom sumber tki_tlrt.{column} bertipe {data_type}, seharusnya DATETIME(6).")
        return f"cast(cast({column} as datetime(6)) as binary)"
    if data_type in BINARY_TYPES or charset == "utf8mb4":
        return column
    if data_type in TEXT_TYPES:
        return f"convert({column} using utf8mb4)"
    raise ContractBroken(
        f"Kolom sumber tki_tlrt.{column} bertipe {data_type}, seharusnya VARCHAR berisi teks apa adanya (kontrak bagian 2)."
    )


def _text(value: str | bytes) -> str:
    """MySQL answers catalogue names as bytes, MariaDB as text."""
    return value.decode() if isinstance(value, bytes) else value
