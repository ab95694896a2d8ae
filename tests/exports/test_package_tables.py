"""Tables of a package stay within limits that hold before anything is unpacked, and give the ledger's own hashes (§12.4; R-182, R-187)."""

from __future__ import annotations

import datetime as dt
import io
import random
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import package_tables
from exports.package_schemas import ALLOCATED, DELIVERED, RECEIPT, SCHEMAS, row_hashes, rows_hash, table_of
from exports.package_tables import from_parquet, to_parquet
from posko.db.staging_columns import TEXT_COLUMNS
from posko.domain.errors import Refused
from posko.domain.handoff import batch_hash, row_hash
from posko.services.handed_rows import ALLOCATED_FIELDS, allocated_hash, delivered_hash
from posko.settings import PROJECT_ROOT
from tests.support.packages import TABLE

TEXT = st.one_of(st.none(), st.text(max_size=20))
DAY = st.one_of(st.none(), st.dates(dt.date(1900, 1, 1)))
NUMBER = st.one_of(st.none(), st.integers(0, 2**32))


def refused(data, rows):
    with pytest.raises(Refused) as found:
        from_parquet(data, rows)
    return found.value.code


def parquet(table, **options):
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def test_a_table_comes_back_as_it_was_and_its_bytes_are_always_the_same():
    assert from_parquet(to_parquet(TABLE), 2).equals(TABLE)
    assert to_parquet(TABLE) == to_parquet(TABLE)
    assert from_parquet(to_parquet(TABLE.slice(0, 0)), 0).num_rows == 0


def test_rows_other_than_promised_and_what_is_no_table_are_refused():
    assert refused(to_parquet(TABLE), 3) == "PACKAGE_CONTENT"
    for data in (b"", b"PAR1", b"PAR1" * 20, to_parquet(TABLE)[:-5], b"\x00" * 100):
        assert refused(data, 2) == "PACKAGE_CONTENT"


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_table_is_refused_or_read_and_never_ends_the_process(seed):
    """The library aborts its process on some of these; whoever opens a package goes on."""
    whole, dice = to_parquet(TABLE), random.Random(seed)
    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(_code, (_flipped(whole, dice.randrange(len(whole) * 8)) for _ in range(8))))
    # A bit of a value is read: only the digest in the signed manifest tells.
    assert set(codes) <= {None, "PACKAGE_CONTENT", "PACKAGE_TOO_LARGE", "PACKAGE_STRANGE_FILE"}
    assert set(codes) != {None}


def _flipped(whole, bit):
    data = bytearray(whole)
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


def _code(data):
    try:
        from_parquet(data, 2)
    except Refused as refusal:
        return refusal.code
    return None


def test_a_dictionary_that_repeats_one_long_text_is_refused_before_it_is_read():
    rows = 10_000
    table = pa.table({"x": pa.array(["A" * 1_000_000]).dictionary_encode().take(pa.array([0] * rows))})
    data = parquet(table, compression="zstd", store_schema=False)

    assert len(data) < 2_000_000
    assert refused(data, rows) == "PACKAGE_STRANGE_FILE"


def test_texts_that_unpack_to_more_than_the_limit_are_refused_before_they_are_unpacked(monkeypatch):
    monkeypatch.setattr(package_tables, "MOST_UNPACKED", 16 * 2**20)
    data = parquet(pa.table({"x": ["A" * 2**20] * 17}), compression="zstd", use_dictionary=False)

    assert len(data) < 100_000
    assert refused(data, 17) == "PACKAGE_TOO_LARGE"


def test_more_rows_or_columns_than_the_limit_are_refused(monkeypatch):
    wide = pa.table({f"c{number}": [1] for number in range(101)})
    assert refused(to_parquet(wide), 1) == "PACKAGE_TOO_LARGE"
    monkeypatch.setattr(package_tables, "MOST_ROWS", 1)
    assert refused(to_parquet(TABLE), 2) == "PACKAGE_TOO_LARGE"


@pytest.mark.parametrize("codec", ["gzip", "snappy", "brotli", "lz4"])
def test_other_compressions_are_refused(codec):
    assert refused(parquet(TABLE, compression=codec, use_dictionary=False), 2) == "PACKAGE_STRANGE_FILE"


LIE = """
import sys, exports.package_child as child, exports.package_tables as tables
tables._check_limits = lambda *_: None
child._OWN = 400 * 2**20
sys.exit(child.main(256, 256, 2**20))
"""


def test_a_size_that_a_file_lies_about_cannot_take_the_memory():
    """The limits see a small table, as a lying footer would show one; it unpacks to 256 MiB, which its process never gets."""
    data = parquet(pa.table({"x": ["A" * 2**20] * 256}), compression="zstd", use_dictionary=False)

    done = subprocess.run(
        [sys.executable, "-B", "-c", LIE], input=data, capture_output=True, cwd=PROJECT_ROOT, check=False
    )

    assert done.returncode == 1
    assert b"PACKAGE_TOO_LARGE" in done.stderr


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXT, DAY, NUMBER), max_size=8))
def test_hashes_of_columns_are_those_of_rows(rows):
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    table = pa.table(
        {
            "t": pa.array(columns[0], pa.string()),
            "d": pa.array(columns[1], pa.date32()),
            "n": pa.array(columns[2], pa.int64()),
        }
    )

    assert row_hashes(table, ("t", "d", "n")) == [row_hash(row) for row in rows]


def test_an_allocated_table_has_the_ledgers_hash_and_no_fingerprint():
    row = dict.fromkeys(ALLOCATED_FIELDS, "x") | dict.fromkeys(
        ("exam_on", "proposed_on", "born_on", "training_ended_on"), dt.date(2026, 3, 9)
    )
    row |= dict.fromkeys(("journey_no", "attempt_no", "slot", "source_batch_id", "source_row_crc"), 7)
    rows = [{**row, "tki_id": number, "email": None} for number in ("1", "2")]

    table = table_of(ALLOCATED, [{**one, "payment_status": "LUNAS", "template": b"secret"} for one in rows])

    assert rows_hash(ALLOCATED, from_parquet(to_parquet(table), 2)) == batch_hash(map(allocated_hash, rows)).hex()
    assert set(table.schema.names) == set(ALLOCATED_FIELDS)
    assert not any(
        pa.types.is_binary(part.type) for schema in SCHEMAS.values() for kind in schema.tables.values() for part in kind
    )


def test_a_delivered_table_must_be_what_bnp2tki_computed_its_checksum_over():
    line = {name: f"isi {name}" for name in TEXT_COLUMNS} | {"email": None, "updated_at": "2026-03-01 00:00:00.000000"}
    text = "\x1f".join("\x1bN" if value is None else value for value in line.values())
    row = {**line, "row_crc": zlib.crc32(text.encode())}
    table = table_of(DELIVERED, [row])

    assert rows_hash(DELIVERED, table) == batch_hash([delivered_hash(line["id_tki"], row["row_crc"])]).hex()
    with pytest.raises(Refused) as found:
        rows_hash(DELIVERED, table_of(DELIVERED, [{**row, "nama": "ORANG LAIN"}]))
    assert found.value.code == "PACKAGE_CONTENT"


def test_a_receipt_is_one_row_of_counts_and_hashes():
    assert SCHEMAS[RECEIPT].tables[RECEIPT].names[:4] == ["batch_id", "hop", "rows", "rows_sha256"]


def test_a_footer_that_claims_more_than_the_file_holds_is_refused():
    data = to_parquet(TABLE)
    assert refused(data[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", 2) == "PACKAGE_CONTENT"
