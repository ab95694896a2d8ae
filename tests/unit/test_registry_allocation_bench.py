"""The optimum that the proposal is compared with."""

import datetime as dt
import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.bench.allocation import Group, Outcome, Problem, Tie, gini, measures, ratio, solve

DAY = dt.date(2026, 11, 23).toordinal()


def problem(groups, *, rules=None, seats=None, bodies=None, ties=None):
    seats = seats or {("T1", DAY): 2, ("T1", DAY + 1): 2, ("T2", DAY + 2): 1}
    return Problem(
        groups,
        rules or {"B1": ["T1", "T2"], "B2": ["T2"]},
        seats,
        bodies or {seat: ["L1"] for seat in seats},
        ties or {},
    )


def test_everybody_goes_on_the_first_day_when_there_are_seats():
    outcome = solve(problem([Group(2, DAY, DAY + 10, "B1", 0)]))

    assert outcome.taken == {("T1", DAY): 2}
    assert outcome.waited_days == 0


def test_the_optimum_fills_days_and_leaves_over_who_does_not_fit():
    found = problem([Group(4, DAY, DAY + 10, "B1", 0), Group(3, DAY, DAY + 10, "B2", 0)])
    outcome = solve(found)

    assert outcome.placed == 5
    assert outcome.waited_days == 2 * 1 + 2
    assert measures(found, outcome)["unplaced"] == 2


def test_nobody_is_placed_before_the_first_or_after_the_last_possible_day():
    outcome = solve(problem([Group(9, DAY + 1, DAY + 1, "B1", 0)]))

    assert outcome.taken == {("T1", DAY + 1): 2}


def test_without_a_rule_nobody_is_placed():
    assert solve(problem([Group(3, DAY, DAY + 9, None, 0)])).placed == 0


def test_a_tie_closes_a_tuk_and_a_tied_lsp_only_where_no_other_tests():
    seats = {("T1", DAY): 5, ("T2", DAY): 5, ("T2", DAY + 1): 5}
    bodies = {("T1", DAY): ["L1"], ("T2", DAY): ["L1"], ("T2", DAY + 1): ["L1", "L2"]}
    ties = {
        7: [Tie("LSP", "L1", DAY - 9, DAY + 9)],
        8: [Tie("TUK", "T1", DAY - 9, DAY + 9), Tie("TUK", "T2", DAY, DAY)],
    }
    found = problem(
        [Group(1, DAY, DAY + 5, "B1", 7), Group(1, DAY, DAY + 5, "B1", 8)],
        seats=seats,
        bodies=bodies,
        ties=ties,
    )

    assert solve(found).taken == {("T2", DAY + 1): 2}


def test_between_equal_waits_the_order_of_the_rule_decides():
    seats = {("T1", DAY): 1, ("T2", DAY): 1}

    assert solve(problem([Group(1, DAY, DAY, "B1", 0)], seats=seats)).taken == {("T1", DAY): 1}


@settings(max_examples=40, deadline=None)
@given(
    groups=st.lists(
        st.tuples(st.integers(1, 2), st.integers(0, 2), st.sampled_from(["B1", "B2"])), min_size=1, max_size=2
    ),
    seats=st.dictionaries(
        st.tuples(st.sampled_from(["T1", "T2"]), st.integers(DAY, DAY + 3)),
        st.integers(1, 2),
        min_size=1,
        max_size=4,
    ),
)
def test_the_optimum_is_the_best_of_all_allocations(groups, seats):
    found = problem([Group(n, DAY + start, DAY + 3, rule, 0) for n, start, rule in groups], seats=seats)
    outcome = solve(found)
    people = [group for group in found.groups for _ in range(group.members)]
    choices = [[None, *(seat for seat, _ in found.choices(group))] for group in people]
    best = min(
        (sum(seat is None for seat in taken), _waited(people, taken))
        for taken in itertools.product(*choices)
        if all(count <= seats[seat] for seat, count in Counter(taken).items() if seat)
    )

    assert (len(people) - outcome.placed, outcome.waited_days) == best


def _waited(people, taken):
    return sum(seat[1] - group.from_day for group, seat in zip(people, taken, strict=True) if seat)


def test_overload_counts_what_exceeds_the_seats_and_all_on_a_closed_day():
    found = problem([Group(6, DAY, DAY + 9, "B1", 0)])
    outcome = Outcome(0, Counter({("T1", DAY): 5, ("T1", DAY + 9): 1}))

    assert measures(found, outcome)["overload"] == 4


def test_gini_is_nothing_when_equal_and_high_when_one_has_all():
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([]) == gini([0, 0]) == 0


def test_the_ratio_of_nothing_to_nothing_is_one():
    assert (ratio(0, 0), ratio(3, 2), ratio(1, 0)) == (1.0, 1.5, None)
