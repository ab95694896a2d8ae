"""A nightly run after a small delta gives the same tables as a full refresh, and costs little (R-083, R-184)."""

import threading
from contextlib import closing

import pytest
from pymysql.err import ProgrammingError

from ingest.simulator import mutate
from tests.pipeline.conftest import Built

pytestmark = pytest.mark.pipeline


def test_three_nights_of_changes_give_the_tables_of_a_full_refresh(built: Built) -> None:
    for night in range(3):
        with closing(built.source.connect()) as connection:
            mutate(connection, seed=40 + night, corrections=60, arrivals=40, deletions=12, lie=9)
        received = built.receive(verify=True)
        assert received.received == received.typed + received.quarantined
        built.build()
    nightly = built.marts()
    built.build(full=True)
    full = built.marts()
    for mart, rows in full.items():
        assert nightly[mart] == rows, f"{mart} differs from a full refresh"


def test_a_changed_rule_is_followed_without_a_full_refresh(built: Built) -> None:
    tuk, blkln = built.ask("select p.tuk_code, p.blkln_code from posko_model.fct_tuk_proposal p limit 1")[0]
    with built.posko.connect(built.posko.admin, "posko") as connection, connection.cursor() as cursor:
        cursor.execute("delete from blkln_tuk_rule where tuk_code = %s", (tuk,))
        connection.commit()
    built.build()
    assert built.one("select count(*) from posko_model.fct_tuk_proposal where tuk_code = %s", tuk) == 0
    nightly = built.marts()
    built.build(full=True)
    assert nightly == built.marts()
    assert blkln


def test_nothing_changed_means_nothing_moves(built: Built) -> None:
    before = built.marts()
    received = built.receive()
    assert (received.inserted, received.updated, received.deleted) == (0, 0, 0)
    built.build()
    after = built.marts()
    ledger = after.pop("fct_handoff_ledger")
    assert before.pop("fct_handoff_ledger") == [row for row in ledger if row[1] != received.batch_id]
    assert after == before


def test_readers_find_every_mart_at_every_moment_of_a_rebuild(built: Built) -> None:
    stop, misses, reads = threading.Event(), [], [0]

    def read() -> None:
        with closing(built.posko.connect("posko_export")) as connection, connection.cursor() as cursor:
            while not stop.is_set():
                for mart in ("fct_tki_eligible", "fct_tuk_proposal"):
                    try:
                        cursor.execute(f"select count(*) from posko_model.{mart}")
                        cursor.fetchall()
                        reads[0] += 1
                    except ProgrammingError as error:
                        misses.append((mart, error.args))
                connection.commit()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        built.build(full=True)
    finally:
        stop.set()
        reader.join()
    assert misses == []
    assert reads[0] > 50
