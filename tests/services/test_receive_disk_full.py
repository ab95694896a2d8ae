"""The disk of POSKO's server is full: the run stops with a sentence, and goes on when there is room again (R-083)."""

from __future__ import annotations

import pytest

from ingest.receive import receive
from posko.domain.errors import ConnectionFailed
from tests.support.own_server import own_server
from tests.support.source import make_source, run_sql, send_many
from tests.support.staging import ask, assert_accounted, staged_rows

pytestmark = pytest.mark.server

ROWS = 6000


def limited(megabytes: int) -> tuple[str, ...]:
    """Options of a server whose tables may take no more room than this, as on a disk of that size."""
    return ("--innodb-file-per-table=OFF", f"--innodb-data-file-path=ibdata1:12M:autoextend:max:{megabytes}M")


@pytest.fixture
def wide_source(source):
    """A source of 6,000 rows, about 12 MB."""
    make_source(source)
    send_many(source, ROWS, alamat="JL. MAWAR " * 190)
    return source


@pytest.fixture
def small_posko(settings):
    """A server of its own for POSKO with hardly more room than the empty tables need."""
    if settings.private_server != "mariadb":
        pytest.skip("the limit is set by an option of MariaDB's tablespace")
    with own_server(settings, "small", *limited(28)) as server:
        yield server


def test_a_full_disk_during_the_pull_is_said_and_the_next_run_completes(wide_source, small_posko, settings):
    small = settings.model_copy(update={"receive_chunk_rows": 300})

    for _ in range(2):
        with pytest.raises(ConnectionFailed, match="penuh") as stopped:
            receive(wide_source.server, small_posko.address(), small)
        assert stopped.value.exit_code == 3
        assert staged_rows(small_posko.address()) == []
    roomy = small_posko.restarted_with(*limited(500))
    kept = ask(roomy.address(), "select chunk_no, loaded_at from receive_chunk")
    received = receive(wide_source.server, roomy.address(), small)

    assert kept
    assert set(kept) < set(ask(roomy.address(), "select chunk_no, loaded_at from receive_chunk where batch_id = 1"))
    assert received.typed == ROWS
    assert_accounted(wide_source, roomy.address(), received)


def test_a_full_disk_during_the_merge_leaves_the_current_rows_and_the_next_run_completes(
    wide_source, small_posko, settings
):
    small = settings.model_copy(update={"receive_chunk_rows": 300})
    roomy = small_posko.restarted_with(*limited(56))
    receive(wide_source.server, roomy.address(), small)
    before = sorted(staged_rows(roomy.address()))
    run_sql(wide_source, "update tki_tlrt set nama = concat(nama, ' X'), updated_at = utc_timestamp(6)")

    with pytest.raises(ConnectionFailed, match="penuh"):
        receive(wide_source.server, roomy.address(), small)
    assert ask(roomy.address(), "select state from receive_batch where batch_id = 2") == [("JUDGED",)]
    assert sorted(staged_rows(roomy.address())) == before
    roomy = roomy.restarted_with(*limited(500))
    received = receive(wide_source.server, roomy.address(), small)

    assert (received.typed, received.updated) == (ROWS, ROWS)
    assert_accounted(wide_source, roomy.address(), received)
