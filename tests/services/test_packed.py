"""A table read many rows at a time is the table read row by row (F35)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from posko.db import packed
from posko.db.packed import _unpacked

pytestmark = pytest.mark.server

COLUMNS = ("run_id", "stage", "outcome", "detail")
FAR = 10**15
ROWS = [
    (1, "a", "satu", "ok", None),
    (2, "b", "dua", "ok", "pemisah \x1f di tengah"),
    (3, "c", "tiga", "ok", "dan \x1e juga"),
    (7, "d", "empat", "ok", '{"from":null,"to":"X","nama":"Ñ—é"}'),
    (8, "", "lima", "gagal", ""),
    (23, "f", "enam", "ok", "x" * 3_000),
    (24, "g", "tujuh", "ok", "y" * 3_000),
    (FAR, "h", "jauh", "ok", None),
]


@pytest.fixture
def db(world):
    """A connection of the account that only reads, to a table of jobs with gaps and awkward texts."""
    with world.server.engine(world.server.admin, "posko").begin() as admin:
        admin.execute(sa.text("delete from posko.job_run"))
        names = ("job_run_id", *COLUMNS)
        values = ", ".join(f":{name}" for name in names)
        statement = f"insert into posko.job_run ({', '.join(names)}, started_at) values ({values}, utc_timestamp(6))"
        admin.execute(sa.text(statement), [dict(zip(names, row, strict=True)) for row in ROWS])
    engine = world.server.engine("posko_export", "posko")
    with engine.connect() as made:
        yield made
    engine.dispose()


def read(db, where="true"):
    return list(packed.packed(db, COLUMNS, "posko.job_run", "job_run_id", where))


def expected(rows):
    return [tuple("" if field is None else field for field in row[1:]) for row in rows]


@pytest.mark.parametrize("at_once", [1, 2, 7, 1_000])
def test_every_row_comes_once_in_order_whatever_its_texts_and_however_far_its_number(db, monkeypatch, at_once):
    monkeypatch.setattr(packed, "ROWS", at_once)

    found = read(db)

    assert [row for _, rows in found for row in rows] == expected(ROWS)
    assert len(found) <= len(ROWS)
    assert found[-1][0] >= FAR


def test_only_rows_that_are_asked_for_come(db):
    assert [row for _, rows in read(db, "outcome = 'gagal'") for row in rows] == expected(ROWS[4:5])


def test_a_row_that_is_too_long_to_be_packed_is_read_by_itself(db, monkeypatch):
    monkeypatch.setattr(packed, "LONGEST", 2_000)

    assert [row for _, rows in read(db) for row in rows] == expected(ROWS)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a\x1fb", 1), ("a\x1fb\x1f", 2), ("a\x1fb\x1fa\x1f", 2), ("a\x1fb\x1fc\x1f", 1)],
)
def test_what_was_cut_is_not_taken_for_whole(text, count):
    assert _unpacked(text, count, 2) is None


def test_what_is_whole_is_taken():
    assert _unpacked("", 0, 2) == []
    assert _unpacked("a\x1fb\x1f\x1f\x1e\x1f", 2, 2) == [("a", "b"), ("", "\x1e")]
