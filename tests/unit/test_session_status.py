"""Where an exam session may go (R-124..R-134)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.errors import IllegalMove
from posko.domain.session_status import ALLOWED, ATTENDANCE_OPEN, LABELS, SessionStatus, move
from posko.domain.state_table import reachable
from posko.settings import PROJECT_ROOT

S = SessionStatus


def test_every_state_has_a_row_and_a_label_of_its_own() -> None:
    assert list(ALLOWED) == list(S) == list(LABELS)
    assert len(set(LABELS.values())) == len(S)


def test_the_requirements_name_the_end_of_testing_and_the_opening_of_scoring() -> None:
    text = (PROJECT_ROOT / "docs" / "requirements.md").read_text("utf-8")
    assert f"Exam session (R-127): ENDED ({LABELS[S.ENDED]}) -> SCORING_OPEN ({LABELS[S.SCORING_OPEN]})" in text
    assert S.SCORING_OPEN in ALLOWED[S.ENDED]


def test_the_usual_day_is_legal() -> None:
    current = S.PLANNED
    for to in (S.OPEN, S.RUNNING, S.ENDED, S.SCORING_OPEN, S.SCORED, S.CLOSED):
        current = move(current, to)
    assert current is S.CLOSED


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("to", S)
def test_every_pair_of_states_is_a_move_or_a_refusal(current: S, to: S) -> None:
    if to in ALLOWED[current]:
        assert move(current, to) is to
    else:
        with pytest.raises(IllegalMove, match=LABELS[current]):
            move(current, to)


@given(st.data())
def test_a_walk_that_the_table_allows_stays_legal(data: st.DataObject) -> None:
    current = S.PLANNED
    while ALLOWED[current] and data.draw(st.booleans()):
        current = move(current, data.draw(st.sampled_from(sorted(ALLOWED[current]))))
    assert current in ALLOWED


def test_every_state_can_be_reached_and_reaches_an_end() -> None:
    assert reachable(ALLOWED, S.PLANNED) == set(S)
    assert {state for state in S if not ALLOWED[state]} == {S.CLOSED, S.CANCELLED}
    assert all(S.CLOSED in reachable(ALLOWED, state) for state in S if state is not S.CANCELLED)


def test_scoring_is_reached_only_through_the_end_of_testing() -> None:
    assert [state for state in S if S.SCORING_OPEN in ALLOWED[state]] == [S.ENDED]
    assert [state for state in S if S.SCORED in ALLOWED[state]] == [S.SCORING_OPEN]


def test_attendance_is_taken_only_between_the_opening_of_the_day_and_the_end() -> None:
    assert {S.OPEN, S.RUNNING} == ATTENDANCE_OPEN


def test_nobody_calls_off_a_session_that_runs_or_is_over() -> None:
    assert [state for state in S if S.CANCELLED in ALLOWED[state]] == [S.PLANNED, S.OPEN]
