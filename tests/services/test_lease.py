"""One run at a time: a lease with a fence, held by a row and not by a connection (R-083)."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from posko.db.lease import held_lease
from posko.domain.errors import LeaseHeld
from tests.support.staging import ask, change, wait_for

pytestmark = pytest.mark.server

ACCOUNT, SCHEMA = "posko_ingest", "posko_staging"


def lease(target, *, seconds=5):
    return held_lease(target, ACCOUNT, SCHEMA, "receive", seconds=seconds)


def expires_at(target):
    return ask(target, "select expires_at from lease")[0][0]


def keeper_ids(target):
    return [
        number
        for (number,) in ask(
            target, "select id from information_schema.processlist where user = %s and command = 'Sleep'", ACCOUNT
        )
    ]


def test_a_second_holder_is_refused_and_the_first_is_named(clean_posko):
    with (
        lease(clean_posko),
        pytest.raises(LeaseHeld, match=r"'receive' sedang dijalankan oleh \S+:\d+") as refused,
        lease(clean_posko),
    ):
        pass

    assert refused.value.exit_code == 4


def test_leases_of_other_names_do_not_disturb_each_other(clean_posko):
    with lease(clean_posko), held_lease(clean_posko, ACCOUNT, SCHEMA, "other", seconds=5) as other:
        assert other.fence == 1


def test_a_lease_is_free_as_soon_as_the_holder_ends(clean_posko):
    fences = []
    for _ in range(3):
        with lease(clean_posko) as held:
            fences.append(held.fence)

    assert fences == [1, 2, 3]


def test_a_lease_is_free_after_an_error_too(clean_posko):
    with pytest.raises(KeyError), lease(clean_posko):
        raise KeyError

    with lease(clean_posko) as held:
        assert held.fence == 2


def test_an_expired_lease_is_taken_over_and_the_sleeper_can_no_longer_commit(clean_posko):
    with lease(clean_posko) as sleeper, closing(clean_posko.connect(ACCOUNT, SCHEMA)) as connection:
        with connection.cursor() as cursor:
            sleeper.check_fence(cursor)
        connection.rollback()
        change(clean_posko, "update lease set expires_at = utc_timestamp(6)")
        with lease(clean_posko) as successor:
            assert successor.fence == sleeper.fence + 1
            with connection.cursor() as cursor, pytest.raises(LeaseHeld, match="mengambil alih"):
                sleeper.check_fence(cursor)
            connection.rollback()
            assert sleeper.lost.is_set()
        assert expires_at(clean_posko) <= ask(clean_posko, "select utc_timestamp(6)")[0][0]


def test_a_sleeper_that_ends_does_not_free_the_lease_of_its_successor(clean_posko):
    with lease(clean_posko) as sleeper:
        change(clean_posko, "update lease set fence = fence + 1, holder = 'successor', expires_at = '2999-01-01'")
        assert sleeper.fence == 1

    with pytest.raises(LeaseHeld, match="successor"), lease(clean_posko):
        pass


def test_a_lease_is_renewed_while_its_holder_works(clean_posko):
    with lease(clean_posko, seconds=1) as held:
        first = expires_at(clean_posko)
        wait_for(lambda: expires_at(clean_posko) > first)
        assert not held.lost.is_set()


def test_a_keeper_notices_that_its_lease_was_taken_over(clean_posko):
    with lease(clean_posko, seconds=1) as held:
        change(clean_posko, "update lease set fence = fence + 1")
        assert held.lost.wait(5)


def test_a_lease_survives_cut_connections(clean_posko):
    with lease(clean_posko, seconds=1) as held:
        for _ in range(2):
            (number,) = wait_for(lambda: keeper_ids(clean_posko))
            change(clean_posko, f"kill {number}")
            before = expires_at(clean_posko)
            wait_for(lambda before=before: expires_at(clean_posko) > before)
        assert not held.lost.is_set()


def test_nobody_takes_a_lease_from_a_holder_in_a_transaction_longer_than_the_lease(clean_posko):
    refused = []

    def contend():
        with pytest.raises(LeaseHeld), lease(clean_posko, seconds=30):
            pass
        refused.append(True)

    with lease(clean_posko, seconds=1) as held, closing(clean_posko.connect(ACCOUNT, SCHEMA)) as connection:
        with connection.cursor() as cursor:
            held.check_fence(cursor)
        wait_for(lambda: ask(clean_posko, "select 1 from lease where expires_at < utc_timestamp(6)"))
        contender = threading.Thread(target=contend)
        contender.start()
        contender.join(0.3)
        connection.commit()
        contender.join()
        with connection.cursor() as cursor:
            held.check_fence(cursor)

    assert refused == [True]


def test_a_contender_does_not_wait_for_ever_behind_a_long_transaction(clean_posko):
    with lease(clean_posko, seconds=1) as held, closing(clean_posko.connect(ACCOUNT, SCHEMA)) as connection:
        with connection.cursor() as cursor:
            held.check_fence(cursor)
        wait_for(lambda: ask(clean_posko, "select 1 from lease where expires_at < utc_timestamp(6)"))

        with pytest.raises(LeaseHeld, match="sedang dijalankan"), lease(clean_posko, seconds=1):
            pass

        connection.commit()
        wait_for(lambda: ask(clean_posko, "select 1 from lease where expires_at > utc_timestamp(6)"))
        assert not held.lost.is_set()
