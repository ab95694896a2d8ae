"""Where a deviation case may go, and who closes it (requirements section 7.9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.case_status import ALLOWED, LABELS, CaseStatus, check_closers, move
from posko.domain.errors import IllegalMove, NotPermitted
from posko.domain.state_table import reachable
from posko.settings import PROJECT_ROOT

C = CaseStatus


def test_every_state_has_a_row_and_a_label_of_its_own() -> None:
    assert list(ALLOWED) == list(C) == list(LABELS)
    assert len(set(LABELS.values())) == len(C)


def test_the_line_of_the_requirements_is_legal_with_both_outcomes() -> None:
    text = (PROJECT_ROOT / "docs" / "requirements.md").read_text("utf-8")
    assert "OPEN -> TRIAGE -> REVIEW -> CONFIRMED | DISMISSED -> SANCTIONED / CLOSED (can be reopened)" in text
    for ending in ((C.CONFIRMED, C.SANCTIONED, C.CLOSED), (C.CONFIRMED, C.CLOSED), (C.DISMISSED, C.CLOSED)):
        current = C.OPEN
        for to in (C.TRIAGE, C.REVIEW, *ending, C.OPEN):
            current = move(current, to)


@pytest.mark.parametrize("current", C)
@pytest.mark.parametrize("to", C)
def test_every_pair_of_states_is_a_move_or_a_refusal(current: C, to: C) -> None:
    if to in ALLOWED[current]:
        assert move(current, to) is to
    else:
        with pytest.raises(IllegalMove, match=LABELS[current]):
            move(current, to)


@given(st.lists(st.randoms(use_true_random=False), max_size=40))
def test_a_walk_that_the_table_allows_stays_legal(steps: list) -> None:  # type: ignore[type-arg]
    current = C.OPEN
    for chance in steps:
        current = move(current, chance.choice(sorted(ALLOWED[current])))
    assert C.CLOSED in reachable(ALLOWED, current)


def test_no_case_is_judged_unread_and_no_dismissed_case_is_sanctioned() -> None:
    assert [state for state in C if C.DISMISSED in ALLOWED[state]] == [C.REVIEW]
    assert [state for state in C if C.SANCTIONED in ALLOWED[state]] == [C.CONFIRMED]


def test_two_persons_who_are_no_subjects_close_a_case() -> None:
    check_closers(frozenset({"1", "2"}), frozenset({"3"}))


@pytest.mark.parametrize(
    ("closers", "subjects"),
    [(set(), set()), ({"1"}, set()), ({"1"}, {"2"}), ({"1", "2"}, {"2"}), ({"1", "2", "3"}, {"3"})],
)
def test_one_person_or_a_subject_closes_no_case(closers: set[str], subjects: set[str]) -> None:
    with pytest.raises(NotPermitted):
        check_closers(frozenset(closers), frozenset(subjects))
