"""A nightly run after a small delta gives the same tables as a full refresh, and costs little (R-083, R-184)."""

import threading
from contextlib import closing

import pytest
from pymysql.err import ProgrammingError

from apps.pipeline.dbt import run_dbt
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


def test_nights_with_too_few_seats_give_the_tables_of_a_full_refresh(built: Built) -> None:
    # Where seats are scarce a correction moves those behind her, in her queue and in later ones.
    with built.posko.connect(built.posko.admin, "posko") as connection, connection.cursor() as cursor:
        cursor.execute("update tuk set capacity_per_day = 1")
        cursor.execute("delete from blkln_tuk_rule where blkln_code <> '*' and mod(crc32(blkln_code), 5) > 0")
        connection.commit()
    built.build()
    for night in range(3):
        with closing(built.source.connect()) as connection:
            mutate(connection, seed=60 + night, corrections=50, arrivals=30, deletions=25)
        built.receive()
        built.build()
    nightly = built.marts()
    assert nightly["fct_tki_unplaced"]
    built.build(full=True)
    full = built.marts()
    for mart, rows in full.items():
        assert nightly[mart] == rows, f"{mart} differs from a full refresh"


def test_a_night_leaves_out_what_no_delta_changes(built: Built) -> None:
    built.build()
    small = run_dbt(built.settings, built.posko, "build", evaluation=True).nodes
    full = run_dbt(built.settings, built.posko, "build", "--full-refresh").nodes
    assert {name for name in full if ".assert_" in name} <= set(small)
    assert [name for name in small if name.startswith("seed.") or ".stg_" in name] == []
    assert "model.posko.fct_tuk_proposal" in small


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
