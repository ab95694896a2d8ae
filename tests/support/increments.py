"""Acts of a table of one row and a counter, for what a transaction promises: read, add, fail, ask again, many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pymysql
import sqlalchemy as sa

THREADS = 8


def add_tuk(db: sa.Connection, code: str) -> None:
    db.execute(
        sa.text("insert into posko.tuk values (:code, 'TUK', 'Kota', 0, '2026-01-01', '2026-12-31')"), {"code": code}
    )


def add_day(db: sa.Connection, day: str = "2026-01-01") -> str:
    db.execute(sa.text("insert into posko.closed_day values (:day, 'A', 'uji')"), {"day": day})
    return day


def capacity(db: sa.Connection, code: str = "A", *, lock: str = "") -> int:
    found: int = db.execute(
        sa.text(f"select capacity_per_day from posko.tuk where tuk_code = :code {lock}"), {"code": code}
    ).scalar_one()
    return found


def set_capacity(db: sa.Connection, value: int, code: str = "A") -> None:
    db.execute(
        sa.text("update posko.tuk set capacity_per_day = :value where tuk_code = :code"), {"code": code, "value": value}
    )


def increment(db: sa.Connection) -> int:
    value = capacity(db, lock="for update") + 1
    set_capacity(db, value)
    return value


def asked(engine: sa.Engine, question: str) -> Any:
    with engine.connect() as db:
        return db.execute(sa.text(question)).scalar_one()


def days(engine: sa.Engine) -> int:
    found: int = asked(engine, "select count(*) from posko.closed_day")
    return found


def keys(engine: sa.Engine) -> int:
    found: int = asked(engine, "select count(*) from posko.idempotency")
    return found


def at_once(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(threads)))


def failing(times: int, error: Exception, fn: Callable[[sa.Connection], Any]) -> tuple[Callable[..., Any], list[int]]:
    """Return a function that writes and then fails so many times, and the list of its calls."""
    calls: list[int] = []

    def act(db: sa.Connection) -> Any:
        calls.append(len(calls))
        result = fn(db)
        if len(calls) <= times:
            raise error
        return result

    return act, calls


def server_error(code: int) -> pymysql.err.OperationalError:
    return pymysql.err.OperationalError(code, "as the server says it")
