"""The log of the simulated year goes by the table of states."""

from __future__ import annotations

from itertools import pairwise

import pytest

from apps.fraud.year_log import steps_to
from posko.domain import journey
from posko.domain.status import ALLOWED, Status, starts_next_attempt

FIRST = Status.SENT_TO_KONSORSIUM
LATER = sorted(set(Status) - {Status.RECEIVED, Status.HELD_BACK, Status.ELIGIBLE, FIRST})


@pytest.mark.parametrize("attempt", [1, 2, 3])
@pytest.mark.parametrize("status", LATER)
def test_every_step_is_a_move_that_is_allowed_and_folds_to_the_end(status: Status, attempt: int) -> None:
    way = steps_to(status, attempt)

    assert (way[0], way[-1]) == ((FIRST, 1), (status, attempt))
    told = [journey.moved(None, *way[0])]
    for (before, no), (to, next_no) in pairwise(way):
        assert to in ALLOWED[before]
        assert next_no == no + starts_next_attempt(before, to)
        told.append(journey.moved(before, to, next_no))
    assert journey.fold(told) == (journey.JourneyState(status, attempt), None)


def test_the_first_state_is_a_way_of_one_step_and_has_no_second_attempt() -> None:
    assert steps_to(FIRST, 1) == [(FIRST, 1)]
    with pytest.raises(ValueError, match="SENT_TO_KONSORSIUM, attempt 2"):
        steps_to(FIRST, 2)


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.HELD_BACK, Status.ELIGIBLE])
def test_no_journey_leads_to_what_is_before_it(status: Status) -> None:
    with pytest.raises(ValueError, match="no move leads"):
        steps_to(status, 1)
