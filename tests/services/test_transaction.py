"""One way to write: all or nothing, repeated when the server asks, never done twice under one key (R-086, R-137)."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa

from posko.db.transaction import run_tx
from posko.domain.errors import Conflict, NotPermitted
from tests.support.increments import (
    THREADS,
    add_day,
    add_tuk,
    asked,
    at_once,
    capacity,
    days,
    failing,
    increment,
    keys,
    server_error,
    set_capacity,
)

pytestmark = pytest.mark.server


@pytest.fixture
def engine(clean_posko) -> Iterator[sa.Engine]:
    made = clean_posko.engine("posko_app", "posko")
    run_tx(made, lambda db: [add_tuk(db, code) for code in "AB"] and None)
    yield made
    made.dispose()


def test_no_update_is_lost_between_eight_threads(engine: sa.Engine) -> None:
    seen = at_once(lambda _: [run_tx(engine, increment) for _ in range(25)])
    assert sorted(value for values in seen for value in values) == list(range(1, THREADS * 25 + 1))
    assert asked(engine, "select capacity_per_day from posko.tuk where tuk_code = 'A'") == THREADS * 25


def test_it_reads_what_is_committed_whatever_the_engine_says(clean_posko, engine: sa.Engine) -> None:
    stubborn = sa.create_engine(
        "mysql+pymysql://",
        creator=lambda: clean_posko.connect("posko_app", "posko"),
        isolation_level="REPEATABLE READ",
    )

    def read_twice(db: sa.Connection) -> tuple[int, int]:
        before = capacity(db)
        run_tx(engine, lambda other: set_capacity(other, 7))
        return before, capacity(db)

    assert run_tx(stubborn, read_twice) == (0, 7)
    stubborn.dispose()


def test_a_deadlock_is_repeated_until_both_are_done(engine: sa.Engine) -> None:
    both_hold_one, calls = threading.Barrier(2), itertools.count()

    def lock_both(order: str) -> None:
        attempts = itertools.count()

        def act(db: sa.Connection) -> None:
            next(calls)
            first, second = order
            mine = capacity(db, first, lock="for update")
            if next(attempts) == 0:
                both_hold_one.wait(10)
            theirs = capacity(db, second, lock="for update")
            set_capacity(db, mine + 1, first)
            set_capacity(db, theirs + 1, second)

        run_tx(engine, act)

    at_once(lambda number: lock_both(("AB", "BA")[number]), threads=2)
    assert next(calls) >= 3
    assert asked(engine, "select group_concat(capacity_per_day) from posko.tuk") == "2,2"


@pytest.mark.parametrize("key", [None, "lock-wait"])
def test_a_lock_wait_timeout_leaves_nothing_of_the_act(clean_posko, engine: sa.Engine, key: str | None) -> None:
    def act(db: sa.Connection) -> None:
        db.execute(sa.text("set session innodb_lock_wait_timeout = 1"))
        add_day(db)
        set_capacity(db, 9)

    with closing(clean_posko.connect("posko_app", "posko")) as other, other.cursor() as cursor:
        cursor.execute("select * from tuk where tuk_code = 'A' for update")
        with pytest.raises(Conflict, match="Tidak ada yang tersimpan"):
            run_tx(engine, act, idempotency_key=key, attempts=2)
        assert (days(engine), keys(engine)) == (0, 0)
        other.rollback()
    run_tx(engine, act, idempotency_key=key)
    assert days(engine) == 1


@pytest.mark.parametrize("code", [1020, 1205, 1213, 2006, 2013])
def test_what_the_server_asks_to_repeat_is_repeated_and_written_once(engine: sa.Engine, code: int) -> None:
    act, calls = failing(2, server_error(code), add_day)
    assert run_tx(engine, act) == "2026-01-01"
    assert (len(calls), days(engine)) == (3, 1)


def test_it_gives_up_after_so_many_attempts(engine: sa.Engine) -> None:
    act, calls = failing(99, server_error(1213), add_day)
    with pytest.raises(Conflict):
        run_tx(engine, act, attempts=4)
    assert (len(calls), days(engine)) == (4, 0)


@pytest.mark.parametrize(
    "error", [ValueError("broken"), NotPermitted("tidak"), KeyboardInterrupt(), server_error(1146)]
)
@pytest.mark.parametrize("key", [None, "raises"])
def test_an_act_that_raises_leaves_nothing_and_may_be_submitted_again(
    engine: sa.Engine, error: BaseException, key: str | None
) -> None:
    act, calls = failing(1, error, add_day)  # type: ignore[arg-type]
    with pytest.raises(type(error)):
        run_tx(engine, act, idempotency_key=key)
    assert (len(calls), days(engine), keys(engine)) == (1, 0, 0)
    run_tx(engine, act, idempotency_key=key)
    assert days(engine) == 1


def test_a_violated_constraint_of_the_act_itself_is_not_taken_for_a_double_submit(engine: sa.Engine) -> None:
    run_tx(engine, add_day)
    with pytest.raises(sa.exc.IntegrityError):
        run_tx(engine, add_day, idempotency_key="another")
    assert keys(engine) == 0


def test_a_double_submit_gets_the_first_answer(engine: sa.Engine) -> None:
    numbers = itertools.count(1)

    def act(db: sa.Connection) -> dict[str, Any]:
        number = next(numbers)
        add_day(db, f"2026-01-{number:02}")
        return {"number": number, "who": "Siti Nurhalizah é", "none": None}

    first = run_tx(engine, act, idempotency_key="form-1")
    assert (
        run_tx(engine, act, idempotency_key="form-1")
        == first
        == {"number": 1, "who": "Siti Nurhalizah é", "none": None}
    )
    assert days(engine) == 1
    assert run_tx(engine, act, idempotency_key="form-2")["number"] == 2


def test_an_answer_of_nothing_is_an_answer_too(engine: sa.Engine) -> None:
    act, calls = failing(0, ValueError(), lambda db: add_day(db) and None)
    assert [run_tx(engine, act, idempotency_key="none") for _ in range(2)] == [None, None]
    assert len(calls) == 1


def test_eight_submits_at_the_same_moment_are_one_act(engine: sa.Engine) -> None:
    def act(db: sa.Connection) -> int:
        time.sleep(0.05)
        return increment(db)

    for round_no in range(1, 6):
        answers = at_once(lambda _, key=f"round-{round_no}": run_tx(engine, act, idempotency_key=key))
        assert answers == [round_no] * THREADS


@pytest.mark.parametrize("answer", [(1, 2), {1: "a"}, {"x"}, float("nan"), b"x"])
def test_an_answer_that_would_come_back_changed_is_not_kept(engine: sa.Engine, answer: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        run_tx(engine, lambda db: add_day(db) and answer, idempotency_key="answer")
    assert (days(engine), keys(engine)) == (0, 0)


@pytest.mark.parametrize("key", ["", "x" * 191, "two words", "tab\t", "é", "line\n"])
def test_a_key_is_visible_ascii_of_at_most_190_characters(engine: sa.Engine, key: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        run_tx(engine, add_day, idempotency_key=key)
    assert days(engine) == 0


def test_an_act_that_commits_by_itself_or_hides_a_rollback_is_found_out(engine: sa.Engine) -> None:
    with pytest.raises(RuntimeError, match="by itself"):
        run_tx(engine, lambda db: db.commit())
    with pytest.raises(RuntimeError, match="rolled back under"):
        run_tx(engine, lambda db: db.exec_driver_sql("rollback") and None, idempotency_key="hidden")
    assert keys(engine) == 0
