"""Filters that nobody set are left out of a query, so that an index may cover it; what is found stays the same (R-008)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from posko.services.rows import change, many, one

pytestmark = pytest.mark.server
OFFICES = """
    select tuk.tuk_code from posko.tuk as tuk
    where (:code is null or tuk.tuk_code = :code) and (:city is null or tuk.city = :city or tuk.tuk_code in ('TUK-3'))
        and ( :tied is null or :tied = exists (select 1 from posko.tuk_lsp as tie where tie.tuk_code = tuk.tuk_code
            and (:lsp is null or tie.lsp_code = :lsp)))
    order by tuk.tuk_code"""
NOTHING = {"code": None, "city": None, "tied": None, "lsp": None}


@pytest.fixture
def db(world):
    with world.office.engine.connect() as connection:
        yield connection


@pytest.fixture
def sent(db):
    """Return the statements that the server gets."""
    found = []

    def note(_connection, _cursor, statement, _values, _context, _is_many):
        found.append(" ".join(statement.split()))

    sa.event.listen(db, "before_cursor_execute", note)
    return found


def codes(db, **asked):
    return [row["tuk_code"] for row in many(db, OFFICES, **{**NOTHING, **asked})]


def test_a_filter_that_is_not_set_reads_no_column(db, sent):
    everywhere = codes(db)

    assert len(everywhere) == 3
    assert "tuk.city" not in sent[0]
    assert "exists" not in sent[0]
    assert "where true and true and true order by" in sent[0]


def test_a_filter_that_is_set_asks_what_it_did_before(db, world):
    city = world.value("select city from posko.tuk where tuk_code = 'TUK-1'")
    plain = sa.text("select tuk_code from posko.tuk where city = :city or tuk_code = 'TUK-3' order by 1")
    tied = sa.text("select distinct tuk_code from posko.tuk_lsp where lsp_code = 'LSP-1' order by 1")

    assert codes(db, code="TUK-2") == ["TUK-2"]
    assert codes(db, city=city) == list(db.scalars(plain, {"city": city}))
    assert codes(db, tied=1, lsp="LSP-1") == list(db.scalars(tied))
    assert codes(db, tied=1, lsp="LSP-0") == []
    assert codes(db, tied=0, lsp="LSP-0") == ["TUK-1", "TUK-2", "TUK-3"]


def test_what_looks_for_one_row_or_changes_rows_is_settled_too(db, sent):
    asked = "select tuk_code from posko.tuk where (:code is null or tuk_code = :code) order by tuk_code limit 1"
    changed = "update posko.tuk set city = city where (:city is null or city = :city) and tuk_code = :code"

    assert one(db, asked, code=None) == {"tuk_code": "TUK-1"}
    change(db, changed, city=None, code="TUK-1")

    assert [" is null or " in statement for statement in sent] == [False, False]


def test_a_condition_that_never_closes_is_a_mistake_of_ours(db):
    with pytest.raises(ValueError, match="never closes"):
        many(db, "select 1 as found where (:code is null or tuk_code = :code", code="x")
