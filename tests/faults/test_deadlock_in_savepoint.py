"""A deadlock inside a savepoint is repeated like any other: the server takes the savepoint away with the transaction (R-086)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from posko.db.transaction import run_tx

pytestmark = pytest.mark.server


def test_two_acts_that_lock_each_other_out_inside_a_savepoint_are_both_done(clean_posko):
    engine, both = clean_posko.engine("posko_app", "posko"), threading.Barrier(2, timeout=30)
    lock = sa.text("update posko.closed_day set reason = concat(reason, '+') where closed_on = :day and tuk_code = 'A'")
    with engine.begin() as db:
        db.execute(sa.text("insert into posko.closed_day values ('2026-01-01', 'A', ''), ('2026-01-02', 'A', '')"))

    def crosswise(first: str, second: str) -> int:
        tries = 0

        def act(db: sa.Connection) -> int:
            nonlocal tries
            tries += 1
            db.execute(lock, {"day": first})
            if tries == 1:
                both.wait()
            with db.begin_nested():
                db.execute(lock, {"day": second})
            return tries

        return run_tx(engine, act)

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(crosswise, "2026-01-01", "2026-01-02"), pool.submit(crosswise, "2026-01-02", "2026-01-01")]
        assert sorted(job.result() for job in jobs) == [1, 2]

    with engine.connect() as db:
        assert db.execute(sa.text("select reason from posko.closed_day")).scalars().all() == ["++", "++"]
    engine.dispose()
