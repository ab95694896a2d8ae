"""What packages hold: BNP2TKI's rows to the Konsorsium, allocated candidates to BNSP, LSP and TUK, and receipts (§12.4, 12.6, 12.9-12.11).

Rows are those that the hand-off ledger hashed, column by column, so that the receiver computes the same hash from what it got.
Fingerprints are in none of them (R-187).
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from exports.package_tables import Schema
from exports.return_package import RESULTS
from exports.return_package import SCHEMA as RESULTS_SCHEMA
from posko.db.staging_columns import FIELD_END, NULL_MARK, TEXT_COLUMNS
from posko.domain.handoff import batch_hash
from posko.domain.refusals import refuse
from posko.services.handed_rows import ALLOCATED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DELIVERED, ALLOCATED, RECEIPT = "delivered", "allocated", "receipt"
_DATES = {"exam_on", "proposed_on", "born_on", "training_ended_on"}
_NUMBERS = {"journey_no", "attempt_no", "slot", "source_batch_id", "source_row_crc"}
_LINE = (*TEXT_COLUMNS, "updated_at")


def _type(name: str) -> pa.DataType:
    return pa.date32() if name in _DATES else pa.int64() if name in _NUMBERS else pa.string()


_DELIVERED = pa.schema([*((name, pa.string()) for name in _LINE), ("row_crc", pa.int64())])
_ALLOCATED = pa.schema([(name, _type(name)) for name in ALLOCATED_FIELDS])
_RECEIPT = pa.schema(
    [
        *(("batch_id", pa.int64()), ("hop", pa.string()), ("rows", pa.int64()), ("rows_sha256", pa.string())),
        *(("manifest_sha256", pa.string()), ("status", pa.string()), ("reason", pa.string())),
        *(("person_id", pa.string()), ("loaded_at", pa.string())),
    ]
)

SCHEMAS: Mapping[str, Schema] = {
    DELIVERED: Schema(DELIVERED, 1, {DELIVERED: _DELIVERED}),
    ALLOCATED: Schema(ALLOCATED, 1, {ALLOCATED: _ALLOCATED}),
    RECEIPT: Schema(RECEIPT, 1, {RECEIPT: _RECEIPT}),
    RESULTS: RESULTS_SCHEMA,
}
"""Kinds of packages that this version writes and reads."""


def table_of(kind: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as the table of a kind of package; columns that it does not carry are left out."""
    schema = SCHEMAS[kind].tables[kind]
    columns = [
        pa.array([row[name] for row in rows], part.type) for name, part in zip(schema.names, schema, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def rows_hash(kind: str, table: pa.Table) -> str:
    """Return SHA-256 over the rows of a table in hex; of delivered and allocated ones as the hand-off ledger computes it.

    Raises:
        Refused: a delivered row is not the one whose checksum it bears.
    """
    if kind == DELIVERED:
        _check_lines(table)
        return batch_hash(row_hashes(table, ("id_tki", "row_crc"))).hex()
    fields = RESULTS_SCHEMA.tables[RESULTS].names if kind == RESULTS else ALLOCATED_FIELDS
    return batch_hash(row_hashes(table, fields)).hex()


def row_hashes(table: pa.Table, names: Sequence[str]) -> list[bytes]:
    """Return `posko.domain.handoff.row_hash` of each row over these columns, computed column by column."""
    parts = [_part(table[name].combine_chunks()) for name in names]
    texts = pc.binary_join_element_wise(*parts, "\x1f")
    return [sha256(text.encode()).digest() for text in texts.to_pylist()]


def _part(column: pa.Array) -> pa.Array:
    """Return each value with its length in characters before it; None is `-`."""
    text = pc.cast(column, pa.string())
    whole = pc.binary_join_element_wise(pc.cast(pc.utf8_length(text), pa.string()), text, ":")
    return pc.fill_null(whole, "-")


def _check_lines(table: pa.Table) -> None:
    """Refuse delivered rows that are not what BNP2TKI's checksum was computed over."""
    null, end = NULL_MARK.decode(), FIELD_END.decode()
    lines = pc.binary_join_element_wise(*(pc.fill_null(table[name].combine_chunks(), null) for name in _LINE), end)
    for line, checksum in zip(lines.to_pylist(), table["row_crc"].to_pylist(), strict=True):
        if zlib.crc32(line.encode()) != checksum:
            raise refuse("PACKAGE_CONTENT", what="baris bukan yang dikirim BNP2TKI")
