"""Buckets of tokens: so many tries, then none, then again; never more buckets than memory was meant for (R-166)."""

from __future__ import annotations

import pytest

from apps.public.limits import Buckets, source_of


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_tokens_are_used_up_and_come_back_one_by_one(clock):
    buckets = Buckets(3, 60, clock=clock)

    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    assert buckets.wait("a") == 21
    clock.now = 20
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    clock.now = 1000
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]


def test_what_is_given_back_was_never_taken(clock):
    buckets = Buckets(2, 60, clock=clock)

    for _ in range(50):
        assert buckets.take("a")
        buckets.give_back("a")
    buckets.give_back("a")

    assert [buckets.take("a") for _ in range(3)] == [True, True, False]


def test_a_flood_of_keys_costs_the_oldest_and_not_the_memory(clock):
    buckets = Buckets(1, 60, most=100, clock=clock)
    for number in range(10_000):
        buckets.take(str(number))

    assert len(buckets.held) == 100
    assert not buckets.take("9999")


def test_a_bucket_that_is_full_again_is_forgotten_before_one_that_is_in_use(clock):
    buckets = Buckets(2, 60, most=3, clock=clock)
    buckets.take("locked")
    buckets.take("locked")
    clock.now = 10
    buckets.take("soon full")
    clock.now = 45
    buckets.take("locked")
    buckets.take("b")
    buckets.take("c")

    assert "soon full" not in buckets.held
    assert "locked" in buckets.held


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.7", None, (), "203.0.113.7"),
        ("203.0.113.7", "1.2.3.4", (), "203.0.113.7"),
        ("127.0.0.1", "1.2.3.4", ("127.0.0.1",), "1.2.3.4"),
        ("127.0.0.1", "9.9.9.9, 1.2.3.4", ("127.0.0.1",), "1.2.3.4"),
        ("127.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.1", ("127.0.0.1", "10.0.0.1"), "1.2.3.4"),
        ("203.0.113.7", "1.2.3.4", ("127.0.0.1",), "203.0.113.7"),
        ("127.0.0.1", None, ("127.0.0.1",), "127.0.0.1"),
        ("127.0.0.1", "<script>", ("127.0.0.1",), "-"),
        ("2001:db8:1:2:3:4:5:6", None, (), "2001:db8:1:2::/64"),
        (None, None, (), "-"),
    ],
)
def test_whose_tries_are_counted(peer, forwarded, proxies, expected):
    assert source_of(peer, forwarded, proxies) == expected
