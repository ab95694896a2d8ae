"""An act whose line to the server is cut: before, at or after the COMMIT it is neither lost nor doubled, or the doubt is told (R-086)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from posko.db import transaction
from posko.db.transaction import run_tx
from posko.domain.errors import ConnectionFailed, OutcomeUnknown
from tests.support.cut_proxy import CutProxy
from tests.support.increments import (
    add_day,
    add_tuk,
    asked,
    capacity,
    days,
    failing,
    increment,
)

pytestmark = pytest.mark.server


@pytest.fixture
def engine(clean_posko) -> Iterator[sa.Engine]:
    made = clean_posko.engine("posko_app", "posko")
    run_tx(made, lambda db: [add_tuk(db, code) for code in "AB"] and None)
    yield made
    made.dispose()


@pytest.mark.parametrize("when", ["before", "after", "late"])
def test_a_line_cut_at_the_commit_neither_loses_nor_doubles_the_act(clean_posko, engine: sa.Engine, when: str) -> None:
    with CutProxy(clean_posko) as proxy:
        cut = proxy.engine("posko_app")
        for number in range(1, 11):
            proxy.cut_next(when)
            assert run_tx(cut, increment, idempotency_key=f"{when}-{number}") == number
            assert run_tx(cut, increment, idempotency_key=f"{when}-{number}") == number
        cut.dispose()
    assert proxy.cuts == 10
    assert asked(engine, "select capacity_per_day from posko.tuk where tuk_code = 'A'") == 10


@pytest.mark.parametrize(("when", "written"), [("before", 0), ("after", 1)])
def test_without_a_key_a_cut_at_the_commit_is_told_and_not_repeated(
    clean_posko, engine: sa.Engine, when: str, written: int
) -> None:
    with CutProxy(clean_posko) as proxy:
        cut = proxy.engine("posko_app")
        act, calls = failing(0, ValueError(), add_day)
        proxy.cut_next(when)
        with pytest.raises(OutcomeUnknown, match="Periksa dahulu"):
            run_tx(cut, act)
        cut.dispose()
    assert (len(calls), days(engine)) == (1, written)


def test_a_doubt_that_no_server_settles_is_told_and_settled_later_by_the_key(
    clean_posko, engine: sa.Engine, monkeypatch
) -> None:
    monkeypatch.setattr(transaction, "_pause", lambda *_: None)
    with CutProxy(clean_posko) as proxy:
        cut = proxy.engine("posko_app")
        proxy.cut_next("after")
        with pytest.raises(OutcomeUnknown, match="permintaan yang sama"):
            run_tx(cut, increment, idempotency_key="doubt", attempts=1)
        cut.dispose()
    assert run_tx(engine, increment, idempotency_key="doubt") == 1
    assert asked(engine, "select capacity_per_day from posko.tuk where tuk_code = 'A'") == 1


def test_an_act_whose_line_was_cut_in_the_middle_is_repeated(engine: sa.Engine) -> None:
    calls = itertools.count()

    def act(db: sa.Connection) -> str:
        add_day(db)
        if next(calls) == 0:
            db.connection.dbapi_connection.close()  # type: ignore[union-attr]
            capacity(db)
        return "done"

    assert run_tx(engine, act, idempotency_key="middle") == "done"
    assert days(engine) == 1


def test_a_server_that_stays_away_is_told_and_a_refused_account_at_once(clean_posko, monkeypatch) -> None:
    monkeypatch.setattr(transaction, "_pause", lambda *_: None)
    with CutProxy(clean_posko) as proxy:
        gone = proxy.engine("posko_app")
    with pytest.raises(ConnectionFailed, match="tidak menjawab"):
        run_tx(gone, add_day, attempts=3)
    refused = sa.create_engine("mysql+pymysql://", creator=lambda: clean_posko.connect("posko_nobody", "posko"))
    with pytest.raises(ConnectionFailed, match="menolak akun"):
        run_tx(refused, add_day)
